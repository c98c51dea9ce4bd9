use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::process::ServerMachine;

#[test]
fn the_owner_is_told_the_secret_once_and_the_log_never() {
    let machine = ServerMachine::new();
    let server = machine.start(&[]);
    let owner: Value = serde_json::from_slice(&fs::read(machine.path("data/owner.json")).unwrap()).unwrap();
    let mode = fs::metadata(machine.path("data/owner.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else may read it");
    let (id, secret) = (owner["client_id"].as_str().unwrap(), owner["client_secret"].as_str().unwrap());
    for part in [id, secret, "data/owner.json"] {
        assert_eq!(server.output().matches(part).count(), 1, "{part} in {}", server.output());
    }
    server.logs("serving");
    assert!(!server.log().contains(secret), "{}", server.log());
    drop(server);
    assert_eq!(machine.start(&[]).output(), "");
}

#[test]
fn an_owner_whose_file_cannot_be_written_is_told_to_note_the_secret_now() {
    let machine = ServerMachine::new();
    fs::create_dir_all(machine.path("data/owner.json")).unwrap();
    let server = machine.start(&[]);
    let output = server.output();
    assert!(output.contains("client secret  ") && output.contains("Note it now: it could not be left in"), "{output}");
}

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::process::ServerMachine;
use crate::support::ran::Ran;

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
fn where_the_secret_cannot_be_left_nobody_is_made_owner() {
    let machine = ServerMachine::new();
    fs::create_dir_all(machine.path("data/owner.json")).unwrap();
    // As a service, whose output nobody sees.
    let mut start = machine.command(&["--data", "data", "--listen", "127.0.0.1:0"]);
    let ran = Ran::from(start.output().unwrap()).exits(2);
    ran.says("--data: ").says("data/owner.json cannot be written: is a directory").does_not_say("client secret");

    fs::remove_dir(machine.path("data/owner.json")).unwrap();
    let server = machine.start(&[]);
    assert!(machine.path("data/owner.json").is_file() && server.output().contains("client secret"));
}

#[test]
fn a_server_that_has_an_owner_does_not_need_the_place_for_the_secret() {
    let machine = ServerMachine::new();
    drop(machine.start(&[]));
    fs::remove_file(machine.path("data/owner.json")).unwrap();
    fs::create_dir(machine.path("data/owner.json")).unwrap();
    assert_eq!(machine.start(&[]).output(), "");
}

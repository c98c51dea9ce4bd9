//! `docs/accounts.md`, held against the program.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::door::Door;
use crate::support::peers::REGISTRY;

const GUIDE: &str = include_str!("../../docs/accounts.md");

/// The commands of the guide, as one script.
fn script() -> String {
    let mut script = String::new();
    let mut lines = GUIDE.lines();
    while let Some(fence) = lines.find(|line| line.starts_with("```")) {
        for line in lines.by_ref().take_while(|line| *line != "```").filter(|_| fence == "```sh") {
            script.push_str(line);
            script.push('\n');
        }
    }
    script
}

#[test]
fn every_command_of_the_guide_works_in_its_order() {
    let door = Door::server();
    let server = door.server.as_ref().unwrap();
    let [(_, url), (_, id), (_, secret), (_, ca_file)] = server.variables();
    fs::write(door.path("owner.json"), format!(r#"{{"client_id": "{id}", "client_secret": "{secret}"}}"#)).unwrap();
    fs::copy(ca_file, door.path("ca.pem")).unwrap();
    fs::create_dir(door.path("bin")).unwrap();
    symlink(REGISTRY, door.path("bin/packer-plugin-registry")).unwrap();
    let export = "export PACKER_REGISTRY_URL=https://registry.example:8443\n";
    let script = script();
    assert!(script.contains(export) && script.lines().count() > 40, "{script}");
    let script = script.replace(export, &format!("export PACKER_REGISTRY_URL={url}\n"));
    let data = server.database_file().parent().unwrap().display().to_string();
    let script = script.replace("/var/lib/packer-plugin-registry", &data);
    let output = Command::new("sh")
        .args(["-euxc", &script])
        .current_dir(door.path(""))
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", door.path("bin").display()))
        .env("HOME", door.path(""))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}\n{}", said[0], said[1]);
    assert!(said[0].contains("Deleted principal deploy") && said[0].contains("access_token"), "{}", said[0]);
    door.run("principal secret list ci").exits(0).says("in 89 days");
    door.run("project list").exits(0).says("shop");
}

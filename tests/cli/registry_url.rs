use std::fs;

use super::machine::Machine;

const GET: &[&str] = &["artifact", "get", "--bucket", "web-server", "--region", "us-east-1"];

#[test]
fn the_registry_is_that_of_the_option_else_of_the_variable_else_the_default() {
    let machine = Machine::with_images();
    let elsewhere = machine.path("elsewhere.db");
    // The whole file: what the default one has in its journal was written back when its last connection closed.
    fs::copy(machine.registry_file(), &elsewhere).unwrap();
    machine.run("channel assign --bucket web-server --channel default-only --version 1").exits(0);
    let has = |url: &str, variable: &str| {
        let option = if url.is_empty() { String::new() } else { format!("--url {url} ") };
        let line = format!("{option}channel list --bucket web-server");
        let mut command = machine.command(&line.split(' ').collect::<Vec<_>>());
        let output = command.env("PACKER_REGISTRY_URL", variable).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().contains("default-only")
    };
    let (here, there) =
        (format!("sqlite:{}", machine.registry_file().display()), format!("sqlite:{}", elsewhere.display()));
    assert!(has("", ""), "the default");
    assert!(!has("", &there), "the variable");
    assert!(has(&here, &there), "the option before the variable");
    assert!(!has("sqlite:elsewhere.db", &here), "a path from the working folder");
    assert!(!has("sqlite:~/elsewhere.db", ""), "a path from the home folder");
}

#[test]
fn the_option_may_stand_anywhere() {
    let machine = Machine::with_images();
    let url = format!("sqlite:{}", machine.registry_file().display());
    for arguments in [[&["--url", &url], GET].concat(), [GET, &["--url", &url]].concat()] {
        let mut command = machine.command(&arguments);
        let output = command.env("HOME", "/nonexistent").output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "ami-2-east\n");
    }
}

#[test]
fn a_url_that_cannot_be_used_is_named_with_where_it_came_from() {
    let machine = Machine::new();
    machine.run("--url registry.db bucket list").exits(2).says("url: \"registry.db\" has no scheme; use sqlite:PATH");
    let output = machine.command(&["bucket", "list"]).env("PACKER_REGISTRY_URL", "postgres://db").output().unwrap();
    let ran: crate::support::ran::Ran = output.into();
    ran.exits(2).says("PACKER_REGISTRY_URL: \"postgres://db\" has a scheme that is not known");
    machine.run("--url https://127.0.0.1:1 bucket list").exits(6).says("127.0.0.1:1");
}

#[test]
fn without_a_home_the_answer_says_what_to_set() {
    let machine = Machine::new();
    let output = machine.command(&["bucket", "list"]).env_remove("HOME").output().unwrap();
    let ran: crate::support::ran::Ran = output.into();
    ran.exits(2).says("HOME is not set").says("PACKER_REGISTRY_URL");
}

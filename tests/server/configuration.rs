use std::fs;

use packer_plugin_registry::config::server::OPTIONS;

use super::process::ServerMachine;
use crate::support::ran::Ran;

const EXAMPLE: &str = include_str!("../../examples/server.hcl");
const GUIDE: &str = include_str!("../../docs/serve.md");

#[test]
fn the_example_is_valid_and_names_every_option() {
    let machine = ServerMachine::new();
    let names: Vec<&str> =
        EXAMPLE.lines().filter_map(|line| line.trim_start_matches([' ', '#']).split([' ', '=']).next()).collect();
    fs::write(machine.path("server.hcl"), EXAMPLE).unwrap();
    let ran = Ran::from(machine.command(&["--config", "server.hcl", "--check"]).output().unwrap());
    let ran = ran.exits(0).says("The configuration is valid.");
    assert!(!machine.path("data").exists() && !machine.path(".local").exists(), "to check changes nothing");
    for option in OPTIONS {
        let last = option.name.rsplit('.').next().unwrap();
        assert!(names.contains(&last), "{} is missing in examples/server.hcl", option.name);
        assert!(ran.stdout.lines().any(|line| line.starts_with(&format!("{} ", option.name))), "{}", ran.stdout);
        assert!(GUIDE.contains(&format!("| `{}` ", option.name)), "{} is missing in docs/serve.md", option.name);
    }
}

#[test]
fn a_check_says_what_the_server_would_do_and_where_each_option_comes_from() {
    let machine = ServerMachine::new();
    fs::write(machine.path("server.hcl"), "data = \"here\"\nshutdown_grace = \"5s\"").unwrap();
    let mut command = machine.command(&["--config", "server.hcl", "--listen", ":8443", "--check"]);
    command.env("PACKER_REGISTRY_SERVER_LOG_LEVEL", "debug");
    let ran = Ran::from(command.output().unwrap()).exits(0);
    let ran = ran.says("listen on :8443 with TLS, by a certificate of a CA that it would make:");
    let ran =
        ran.says("create a registry in").says("here/registry.db, and its folder").says("give requests 5 s to end");
    for (option, origin) in [
        ("listen ", "--listen"),
        ("data ", "server.hcl:1"),
        ("shutdown_grace ", "server.hcl:2"),
        ("log.level ", "PACKER_REGISTRY_SERVER_LOG_LEVEL"),
        ("log.format ", "default"),
    ] {
        let line = ran.stdout.lines().find(|line| line.starts_with(option)).unwrap();
        assert!(line.ends_with(origin), "{line}");
    }
}

#[test]
fn a_check_for_scripts_is_json() {
    let machine = ServerMachine::new();
    let output = machine.command(&["--check", "--json", "--database", "postgres://me:hunter2@db/r"]).output().unwrap();
    let ran = Ran::from(output).exits(0).does_not_say("hunter2");
    let view: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let options = view["options"].as_array().unwrap();
    assert_eq!(options.len(), OPTIONS.len());
    assert_eq!(options[2]["value"], "postgres://me@db/r");
    assert_eq!(options[2]["origin"], "--database");
}

#[test]
fn faults_are_told_all_at_once_whether_the_server_is_checked_or_started() {
    let machine = ServerMachine::new();
    fs::write(machine.path("server.hcl"), "lisen = \"x\"\nlog {\n  level = 3\n}").unwrap();
    for check in [&[][..], &["--check"]] {
        let mut arguments = vec!["--config", "server.hcl", "--max-connections", "none"];
        arguments.extend(check);
        let ran = Ran::from(machine.command(&arguments).output().unwrap()).exits(2);
        ran.says("server.hcl:1: lisen: there is no such option; did you mean listen?")
            .says("server.hcl:3: log.level: must be a text in quotes")
            .says("--max-connections: \"none\" is not a whole number");
    }
}

#[test]
fn what_stands_in_the_way_of_a_start_is_named_with_the_option() {
    let machine = ServerMachine::new();
    let server = machine.start(&[]);
    let taken = server.address();
    let ran = Ran::from(machine.command(&["--data", "other", "--listen", taken]).output().unwrap()).exits(2);
    ran.says(&format!("--listen: cannot listen on {taken}: ")).says("choose another address or port");
    fs::write(machine.path("file"), "").unwrap();
    let ran = Ran::from(machine.command(&["--data", "file/x", "--listen", "127.0.0.1:0"]).output().unwrap()).exits(2);
    ran.says("--data: ").says("choose another folder");
}

#[test]
fn what_could_not_be_written_is_told_before_anything_is_whether_the_server_is_checked_or_started() {
    let machine = ServerMachine::new();
    fs::write(machine.path("file"), "").unwrap();
    fs::create_dir(machine.path("folder")).unwrap();
    for check in [&[][..], &["--check"]] {
        let run = |arguments: &[&str]| {
            let all = [&["--listen", "127.0.0.1:0"], arguments, check].concat();
            Ran::from(machine.command(&all).output().unwrap())
        };
        for ready_file in ["none/ready.json", "file/ready.json", "folder"] {
            let ran = run(&["--data", "data", "--ready-file", ready_file]).exits(2);
            ran.says("--ready-file: ").says("choose another file").does_not_say("client secret");
        }
        run(&["--data", "file/x"]).exits(2).says("--data: ").says("choose another folder");
        run(&["--data", "file/x", "--ready-file", "none/x"]).exits(2).says("--data: ").says("--ready-file: ");
        assert!(!machine.path("data").exists());
    }
    let output = machine.command(&["--data", "data", "--ready-file", "data/ready.json", "--check"]).output();
    Ran::from(output.unwrap()).exits(0);
    assert!(!machine.path("data").exists(), "to check changes nothing");
}

#[test]
fn a_url_of_a_registry_is_no_option_of_a_server() {
    let machine = ServerMachine::new();
    let ran = Ran::from(machine.command(&["--url", "sqlite:/x"]).output().unwrap());
    ran.exits(2).says("say --database instead");
}

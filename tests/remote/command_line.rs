use std::process::Command;

use crate::support::peers::REGISTRY;
use crate::support::ran::Ran;
use crate::support::record::build;
use crate::support::socket_server::SocketServer;
use packer_plugin_registry::backend::{Backend as _, Spool};

use super::client;

/// The command line on a machine with nothing but a home.
fn run(home: &std::path::Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(REGISTRY);
    command.args(arguments).current_dir(home).env_clear().env("HOME", home);
    command.output().unwrap().into()
}

#[test]
fn the_words_for_a_file_are_the_words_for_a_server() {
    let server = SocketServer::open();
    let home = tempfile::tempdir().unwrap();
    let record = build(1, "amazon-ebs.east");
    client(&server.url()).ingest(&record).unwrap();
    client(&server.url()).confirm(&record.key()).unwrap();
    let url = server.url();
    let ask = |line: &str| {
        let mut words = vec!["--url", url.as_str()];
        words.extend(line.split_whitespace());
        run(home.path(), &words)
    };
    ask("bucket list").exits(0).says("web-server");
    ask("artifact get --bucket web-server --channel latest").exits(0).says("ami-amazon-ebs.east-1");
    ask("channel assign --bucket web-server --channel production --version 1").exits(0);
    ask("channel history --bucket web-server --channel production").exits(0).says("ada");
    ask("iteration show --bucket web-server --version 9").exits(3).says("release-1 (v1)");
    assert!(!home.path().join(".local").exists(), "nothing is kept here");
}

#[test]
fn a_file_from_elsewhere_is_pushed_to_the_server_that_one_names_and_to_no_other() {
    let server = SocketServer::open();
    let home = tempfile::tempdir().unwrap();
    let kept = home.path().join("kept-by-the-job");
    let spool = Spool::open(kept.clone()).meant_for(Some(server.url()));
    let path = spool.write(&build(1, "amazon-ebs.east")).unwrap();
    spool.confirm(&path).unwrap();
    // Whoever could write the folder could have named any address.
    let push = ["spool", "push", kept.to_str().unwrap()];
    run(home.path(), &push).exits(1).says(&format!("deliver it there with --url {}", server.url()));
    assert_eq!(client(&server.url()).buckets().unwrap(), []);
    run(home.path(), &[&push[..], &["--url", &server.url()]].concat()).exits(0).says("Delivered 1 of 1 records.");
    assert_eq!(spool.list().unwrap().records, []);
    let found = client(&server.url()).buckets().unwrap();
    assert_eq!(found[0].latest_version, Some(1));
}

#[test]
fn a_server_that_cannot_be_used_is_an_exit_code_and_a_reason() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["--url", "https://no-such-host.invalid", "bucket", "list"])
        .exits(6)
        .says("no-such-host.invalid cannot be looked up");
    run(home.path(), &["--url", "http://registry.test", "bucket", "list"]).exits(2).says("plain http");
    let secret = run(home.path(), &["--url", "https://me:hush@registry.test", "bucket", "list"]).exits(2);
    assert!(!secret.text.contains("hush"), "{}", secret.text);
}

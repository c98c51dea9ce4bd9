use std::fs;

use packer_plugin_registry::model::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

use super::guide::GUIDE;
use super::machine::Machine;

const FAR: Timestamp = Timestamp(4_000_000_000_000);

#[test]
fn each_kind_of_failure_has_its_exit_code_and_prints_nothing_as_an_answer() {
    let machine = Machine::with_images();
    machine.revoke("release-1", Timestamp(1));
    for (line, code, word) in [
        ("channel assign --bucket web-server --channel latest --version 2", 1, "refused"),
        ("--url nonsense bucket list", 2, "usage"),
        ("bucket show cache", 3, "not_found"),
        ("artifact get --bucket web-server", 4, "ambiguous"),
        ("artifact get --bucket web-server --version 1 --platform gce", 5, "revoked"),
        ("--url sqlite:/dev/null bucket list", 6, "unavailable"),
    ] {
        let ran = machine.run(line).exits(code);
        assert!(ran.stdout.is_empty() && ran.stderr.starts_with("error: "), "{line}: {}", ran.text);
        let ran = machine.run(&format!("{line} --json")).exits(code);
        let error: Value = serde_json::from_str(&ran.stderr).unwrap();
        assert_eq!(error["error"]["code"], word, "{line}");
        assert!(error["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{line}");
        assert!(ran.stdout.is_empty(), "{line}: {}", ran.text);
        assert!(GUIDE.contains(&format!("| {code} | `{word}` |")), "the guide has another table");
    }
}

#[test]
fn a_command_line_that_makes_no_sense_shows_what_would() {
    let machine = Machine::with_images();
    for (line, hint) in [
        ("", "Usage: packer-plugin-registry"),
        ("iteration shw", "'show'"),
        ("artifact get", "--bucket <NAME>"),
        ("iteration show --bucket x", "3 to 36 letters, digits and hyphens"),
        ("iteration show --bucket web-server --version latest", "write a version as 3 or v3"),
        ("artifact get --bucket web-server --label os", "KEY=VALUE"),
        ("artifact get --bucket web-server --format yaml", "json, tfvars, env, github"),
    ] {
        let ran = machine.run(line).exits(2).says(hint);
        assert!(ran.stdout.is_empty(), "{line}: {}", ran.stdout);
    }
}

#[test]
fn help_and_version_are_answers() {
    let machine = Machine::new();
    for line in ["--help", "-h", "artifact get --help", "spool push -h"] {
        let ran = machine.run(line).exits(0).says("Usage: packer-plugin-registry");
        assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    }
    let expected = concat!("packer-plugin-registry ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(machine.run("--version").exits(0).stdout, expected);
    let help = machine.run("--help").stdout;
    for code in ["0 done", "1 refused", "2 usage", "3 not found", "4 ambiguous", "5 revoked", "6 registry unavailable"]
    {
        assert!(help.contains(code), "{code}: {help}");
    }
}

#[test]
fn a_revoked_image_is_given_only_to_who_asks_for_it_as_such() {
    let machine = Machine::with_images();
    machine.revoke("release-1", Timestamp(1));
    let line = "artifact get --bucket web-server --channel production --region us-east-1";
    for format in ["", "--format json", "--format env"] {
        let ran = machine.run(&format!("{line} {format}")).exits(5).says("CVE-2026-1").says("--allow-revoked");
        assert_eq!(ran.stdout, "");
    }
    let ran = machine.run(&format!("{line} --allow-revoked")).exits(0);
    assert_eq!(ran.stdout, "ami-1-east\n");
    ran.says("note: v1 is revoked since").says("CVE-2026-1");
    machine
        .run("iteration show --bucket web-server --version 1")
        .exits(0)
        .says("v1 revoked")
        .says("because CVE-2026-1");
    let ran = machine.run("artifact list --bucket web-server --version 1").exits(0);
    assert!(ran.stderr.contains("v1 is revoked since"), "{}", ran.text);
    machine.run("channel assign --bucket web-server --channel staging --version 1").exits(1).says("is revoked");
}

#[test]
fn a_scheduled_revocation_is_told_beside_the_answer() {
    let machine = Machine::with_images();
    machine.revoke("release-1", FAR);
    let ran = machine.run("artifact get --bucket web-server --channel production --region us-east-1").exits(0);
    assert_eq!(ran.stdout, "ami-1-east\n");
    assert!(ran.stderr.starts_with("note: v1 will be revoked at 2096-10-02"), "{}", ran.stderr);
    machine.run("iteration list --bucket web-server --status revocation_scheduled").exits(0).says("v1");
}

#[test]
fn a_registry_of_a_newer_schema_asks_for_an_upgrade() {
    let machine = Machine::with_images();
    Connection::open(machine.registry_file()).unwrap().execute_batch("PRAGMA user_version = 999").unwrap();
    for line in ["bucket list", "channel assign --bucket web-server --channel staging --version 1"] {
        machine.run(line).exits(6).says("was written by a newer version").says("upgrade this binary");
    }
}

#[test]
fn a_file_that_is_no_registry_is_unavailable_and_left_alone() {
    let machine = Machine::new();
    fs::write(machine.path("notes.txt"), "shopping list: milk, bread, and a hundred other things to buy").unwrap();
    machine.run("--url sqlite:notes.txt bucket list").exits(6).says("is not a registry").says("sqlite:PATH");
    assert!(fs::read_to_string(machine.path("notes.txt")).unwrap().starts_with("shopping list"));
}

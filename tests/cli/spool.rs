use std::fs;
use std::path::PathBuf;

use packer_plugin_registry::backend::Spool;
use serde_json::{Value, json};

use super::machine::Machine;
use crate::support::ran::Ran;
use crate::support::record::build_of;

/// A machine with two confirmed records and one unconfirmed in its spool, and no registry yet.
fn with_a_spool() -> Machine {
    let machine = Machine::new();
    for run in [1, 2] {
        let spooled = machine.spool().write(&build_of(&format!("release-{run}"), run, "amazon-ebs.east")).unwrap();
        machine.spool().confirm(&spooled).unwrap();
    }
    machine.spool().write(&build_of("release-3", 3, "amazon-ebs.east")).unwrap();
    machine
}

/// The files of the records that wait, the oldest first.
fn files(spool: &Spool) -> Vec<PathBuf> {
    spool.list().unwrap().records.into_iter().map(|record| record.path).collect()
}

/// Puts a record into the spool that a newer version wrote.
fn add_a_newer_record(machine: &Machine) -> PathBuf {
    let folder = machine.path(".local/state/packer-plugin-registry/spool");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("19700101T000000000Z-web-server-x-0000000000000000.confirmed.json");
    fs::write(&file, r#"{"format": 999}"#).unwrap();
    file
}

#[test]
fn a_list_says_what_waits_and_in_what_state() {
    let machine = with_a_spool();
    let ran = machine.run("spool list").exits(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ran.text);
    assert!(lines[1].contains("amazon-ebs.east  confirmed") && lines[1].ends_with(".confirmed.json"), "{}", ran.text);
    assert!(lines[3].contains("amazon-ebs.east  unconfirmed"), "{}", ran.text);
    let list = machine.json("spool list");
    let states: Vec<Value> = list.as_array().unwrap().iter().map(|record| record["state"].clone()).collect();
    assert_eq!(states, ["confirmed", "confirmed", "unconfirmed"]);
    assert_eq!(list[0]["fingerprint"], "release-1");
    assert_eq!(list[0]["external_identifiers"], json!(["ami-amazon-ebs.east-1"]));
}

#[test]
fn a_record_goes_to_the_registry_that_it_was_meant_for_unless_the_command_names_another() {
    let machine = Machine::new();
    let meant_for = machine.path("elsewhere.db");
    let spool = machine.spool().meant_for(Some(format!("sqlite:{}", meant_for.display())));
    spool.write(&build_of("release-1", 1, "amazon-ebs.east")).unwrap();
    machine.run("spool list").exits(0).says("elsewhere.db");
    machine.run("spool push").exits(0);
    assert!(meant_for.exists() && !machine.registry_file().exists());

    spool.write(&build_of("release-2", 2, "amazon-ebs.east")).unwrap();
    machine.run(&format!("spool push --url sqlite:{}", machine.path("third.db").display())).exits(0);
    assert!(machine.path("third.db").exists() && !machine.registry_file().exists());
}

#[test]
fn a_registry_that_does_not_answer_keeps_its_own_records_only() {
    let machine = Machine::new();
    let elsewhere = machine.spool().meant_for(Some("https://127.0.0.1:1".to_owned()));
    elsewhere.write(&build_of("release-1", 1, "amazon-ebs.east")).unwrap();
    machine.spool().write(&build_of("release-2", 2, "amazon-ebs.east")).unwrap();
    machine.run("spool push").exits(6).says("1 of 2 records still wait").says("127.0.0.1:1");
    assert!(machine.registry_file().exists());
}

#[test]
fn an_empty_spool_says_that_nothing_waits() {
    let machine = Machine::new();
    machine.run("spool list").exits(0).says("Nothing waits");
    machine.run("spool push").exits(0).says("Nothing waits");
    assert_eq!(machine.json("spool list"), json!([]));
    assert_eq!(machine.json("spool push"), json!([]));
    assert!(!machine.registry_file().exists(), "pushing nothing creates nothing");
}

#[test]
fn one_record_is_shown_in_full() {
    let machine = with_a_spool();
    let file = files(&machine.spool()).remove(0);
    let output = machine.command(&["spool", "show"]).arg(&file).output().unwrap();
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["format"], 1);
    assert_eq!(record["images"][0]["external_identifier"], "ami-amazon-ebs.east-1");
}

#[test]
fn a_file_that_is_no_record_is_not_shown() {
    let machine = Machine::new();
    fs::write(machine.path("secret.json"), r#"{"password": "hunter2"}"#).unwrap();
    machine.run("spool show secret.json").exits(1).says("not a record").does_not_say("hunter2");
    machine.run("spool show missing.json").exits(3).says("missing.json");
}

#[test]
fn a_push_delivers_what_waits_and_empties_the_spool() {
    let machine = with_a_spool();
    let ran = machine.run("spool push").exits(0);
    assert_eq!(ran.stdout, "Delivered 3 of 3 records.\n");
    assert!(ran.stderr.contains("[1/3] amazon-ebs.east of web-server: recorded"), "{}", ran.stderr);
    machine.run("spool list").says("Nothing waits");
    machine.run("iteration list --bucket web-server").says("v2 complete release-2").says("incomplete release-3");
    machine.run("spool push").exits(0).says("Nothing waits");
}

#[test]
fn a_push_with_json_has_a_receipt_for_each_record() {
    let machine = with_a_spool();
    let pushed = machine.json("spool push");
    let receipts: Vec<Value> = pushed
        .as_array()
        .unwrap()
        .iter()
        .map(|record| json!([record["fingerprint"], record["receipt"]["version"]]))
        .collect();
    assert_eq!(receipts, [json!(["release-1", 1]), json!(["release-2", 2]), json!(["release-3", null])]);
}

#[test]
fn a_push_may_name_files_and_folders() {
    let machine = with_a_spool();
    let folder = machine.path("kept-by-ci");
    fs::rename(machine.path(".local/state/packer-plugin-registry/spool"), &folder).unwrap();
    let first = files(&Spool::open(folder.clone())).remove(0);
    let output = machine.command(&["spool", "push"]).arg(&first).output().unwrap();
    Ran::from(output).exits(0).says("Delivered 1 of 1 records.");
    machine.run("spool push kept-by-ci").exits(0).says("Delivered 2 of 2 records.");
    assert!(files(&Spool::open(folder)).is_empty());
    assert_eq!(machine.json("iteration list --bucket web-server").as_array().map(Vec::len), Some(3));
}

#[test]
fn the_spool_is_where_the_variable_says() {
    let machine = Machine::new();
    Spool::open(machine.path("elsewhere")).write(&build_of("release-1", 1, "amazon-ebs.east")).unwrap();
    let output = machine.command(&["spool", "list"]).env("PACKER_REGISTRY_SPOOL", "elsewhere").output().unwrap();
    Ran::from(output).exits(0).says("web-server amazon-ebs.east unconfirmed");
}

#[test]
fn while_the_registry_is_away_every_record_stays_and_is_named() {
    let machine = with_a_spool();
    let before = files(&machine.spool());
    let ran =
        machine.run("--url sqlite:/dev/null spool push").exits(6).says("3 of 3 records still wait; nothing is lost");
    for file in &before {
        assert!(ran.stderr.contains(&file.display().to_string()), "{}", ran.stderr);
    }
    let ran = machine.run("--url sqlite:/dev/null spool push --json").exits(6);
    let outcome: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(outcome[0]["error"].as_str().unwrap().contains("not a registry"), "{outcome}");
    assert_eq!(outcome.as_array().map(Vec::len), Some(3));
    assert_eq!(files(&machine.spool()), before);
}

#[test]
fn a_record_of_a_newer_version_waits_and_is_not_passed_over_in_silence() {
    let machine = Machine::new();
    let newer = add_a_newer_record(&machine);
    let ran = machine.run("spool list").exits(0).says("newer version").does_not_say("Nothing waits");
    assert!(ran.stderr.contains(&newer.display().to_string()), "{}", ran.stderr);
    let ran = machine.run("spool push").exits(1).says("newer version").does_not_say("Nothing waits");
    assert!(ran.stderr.contains(&newer.display().to_string()), "{}", ran.stderr);
    assert!(newer.exists());
}

#[test]
fn a_record_that_cannot_be_read_does_not_keep_the_others() {
    let machine = with_a_spool();
    let newer = add_a_newer_record(&machine);
    machine.run("spool push").exits(1).says("Delivered 3 of 3").says("newer version");
    assert_eq!(machine.json("iteration list --bucket web-server").as_array().map(Vec::len), Some(3));
    let spooled = machine.spool().write(&build_of("release-4", 4, "amazon-ebs.east")).unwrap();
    let good = spooled.to_string();
    let output = machine.command(&["spool", "push"]).arg(&newer).arg(&good).output().unwrap();
    Ran::from(output).exits(1).says("Delivered 1 of 1").says("newer version");
    machine.run("iteration show --bucket web-server --fingerprint release-4").exits(0);
}

#[test]
fn a_path_that_does_not_exist_is_told_before_anything_is_pushed() {
    let machine = with_a_spool();
    let first = files(&machine.spool()).remove(0);
    let output = machine.command(&["spool", "push"]).arg(&first).arg("mistyped.json").output().unwrap();
    Ran::from(output).exits(3).says("mistyped.json");
    assert_eq!(files(&machine.spool()).len(), 3);
}

#[test]
fn a_record_is_given_up_only_by_who_says_so() {
    let machine = with_a_spool();
    let first = files(&machine.spool()).remove(0);
    let drop =
        |more: &[&str]| -> Ran { machine.command(&["spool", "drop"]).arg(&first).args(more).output().unwrap().into() };
    drop(&[]).exits(2).says("say --yes");
    assert!(first.exists());
    drop(&["--yes"]).exits(0).says("Removed the record of amazon-ebs.east of bucket web-server");
    assert_eq!(files(&machine.spool()).len(), 2);
    drop(&["--yes"]).exits(3);
}

#[test]
fn a_record_is_shown_and_given_up_by_its_path_or_its_name() {
    let machine = with_a_spool();
    let file = files(&machine.spool()).remove(0);
    let name = file.file_name().unwrap().to_str().unwrap();
    let by_path: Value = serde_json::from_str(&machine.run(&format!("spool show {}", file.display())).stdout).unwrap();
    assert_eq!(by_path["fingerprint"], "release-1");
    // As it was called before Packer took the answer.
    let before = name.replace(".confirmed", "");
    let by_name: Value = serde_json::from_str(&machine.run(&format!("spool show {before}")).stdout).unwrap();
    assert_eq!(by_name, by_path);
    machine.run(&format!("spool drop {name}")).exits(2).says("say --yes");
    machine.run(&format!("spool drop {name} --yes")).exits(0);
    assert!(!file.exists());
    machine.run(&format!("spool show {name}")).exits(3);
}

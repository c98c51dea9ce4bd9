use serde_json::{Value, json};

use super::machine::{BUCKET, Machine};
use crate::support::record::build_of;

#[test]
fn a_list_has_the_newest_iteration_first_with_what_it_misses() {
    let machine = Machine::with_images();
    let ran = machine.run("iteration list --bucket web-server").exits(0);
    let lines: Vec<String> =
        ran.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(lines[0], "VERSION STATUS FINGERPRINT CHANNELS BUILDS RECORDED");
    assert!(lines[1].starts_with("- incomplete release-3 - 1, 1 missing "), "{}", ran.text);
    assert!(lines[2].starts_with("v2 complete release-2 latest, staging 1 "), "{}", ran.text);
    assert!(lines[3].starts_with("v1 complete release-1 production 2 "), "{}", ran.text);
    let fingerprints = |line: &str| -> Vec<Value> {
        machine.json(line).as_array().unwrap().iter().map(|iteration| iteration["fingerprint"].clone()).collect()
    };
    assert_eq!(fingerprints("iteration list --bucket web-server"), ["release-3", "release-2", "release-1"]);
    assert_eq!(fingerprints("iteration list --bucket web-server --limit 1"), ["release-3"]);
    assert_eq!(fingerprints("iteration list --bucket web-server --status complete"), ["release-2", "release-1"]);
    assert_eq!(fingerprints("iteration list --bucket web-server --status incomplete"), ["release-3"]);
    assert!(fingerprints("iteration list --bucket web-server --status revoked").is_empty());
}

#[test]
fn the_json_of_an_iteration_has_what_scripts_rely_on() {
    let machine = Machine::with_images();
    let shown = machine.json("iteration show --bucket web-server --channel production");
    assert_eq!(shown["bucket"], BUCKET);
    assert_eq!(shown["id"].as_str().map(str::len), Some(26));
    assert_eq!(shown["fingerprint"], "release-1");
    assert_eq!(shown["version"], 1);
    assert_eq!(shown["status"], "complete");
    assert_eq!(shown["channels"], json!(["production"]));
    assert_eq!(shown["missing"], json!([]));
    let builds: Vec<Value> = shown["builds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|build| {
            let artifacts = build["artifacts"].as_array().unwrap().iter();
            let artifacts: Vec<_> =
                artifacts.map(|artifact| json!([artifact["region"], artifact["external_identifier"]])).collect();
            json!([build["component_type"], build["platform"], build["status"], build["labels"], artifacts])
        })
        .collect();
    assert_eq!(
        builds,
        [
            json!([
                "amazon-ebs.east",
                "aws",
                "done",
                { "os": "ubuntu" },
                [["eu-west-1", "ami-1-europe"], ["us-east-1", "ami-1-east"]]
            ]),
            json!(["googlecompute.disk", "gce", "done", {}, [["us-central1-a", "web-1"]]]),
        ]
    );
}

#[test]
fn an_iteration_is_shown_by_each_way_to_name_it_and_latest_otherwise() {
    let machine = Machine::with_images();
    let id = machine.json("iteration show --bucket web-server --version 2")["id"].as_str().unwrap().to_owned();
    for which in
        ["", "--channel staging", "--fingerprint release-2", "--version 2", "--version v2", &format!("--id {id}")]
    {
        let ran = machine.run(&format!("iteration show --bucket web-server {which}")).exits(0);
        ran.says("web-server v2 complete")
            .says("fingerprint release-2")
            .says("channels latest, staging")
            .says("ami-2-east");
    }
    machine.run("iteration show --bucket web-server --version 2 --channel staging").exits(2);
}

#[test]
fn an_incomplete_iteration_says_what_is_missing_and_how_to_build_it() {
    let machine = Machine::with_images();
    let ran = machine.run("iteration show --bucket web-server --fingerprint release-3").exits(0);
    ran.says("web-server incomplete")
        .says("missing: amazon-ebs.west")
        .says("PACKER_REGISTRY_FINGERPRINT=release-3 packer build -only='*amazon-ebs.west' .");
}

#[test]
fn an_unconfirmed_build_is_shown_as_such() {
    let machine = Machine::new();
    machine.backend().ingest(&build_of("release-1", 1, "amazon-ebs.east")).unwrap();
    let ran = machine.run("iteration show --bucket web-server --fingerprint release-1").exits(0);
    ran.says("unconfirmed: amazon-ebs.east").says("look in the cloud");
    let shown = machine.json("iteration show --bucket web-server --fingerprint release-1");
    assert_eq!(shown["builds"][0]["status"], "unconfirmed");
    let ran = machine.run("artifact get --bucket web-server --fingerprint release-1").exits(3);
    ran.says("amazon-ebs.east is unconfirmed");
}

#[test]
fn a_partial_iteration_is_completed_with_a_reason_that_stays() {
    let machine = Machine::with_images();
    let complete = "iteration complete --bucket web-server --fingerprint release-3";
    let arguments = [&complete.split(' ').collect::<Vec<_>>()[..], &["--allow-partial", "--reason", "west is down"]];
    let ran: crate::support::ran::Ran = machine.command(&arguments.concat()).output().unwrap().into();
    let ran = ran.exits(0);
    assert_eq!(ran.stdout, "Iteration release-3 of bucket web-server is complete: v3; now in channel latest\n");
    machine
        .run("iteration show --bucket web-server")
        .exits(0)
        .says("web-server v3 complete")
        .says("partial west is down");
    let shown = machine.json("iteration show --bucket web-server");
    assert_eq!(shown["partial_reason"], "west is down");
    assert_eq!(shown["missing"], json!(["amazon-ebs.west"]));
    machine.run(&format!("{complete} --allow-partial --reason again")).exits(1).says("complete already: it is v3");
}

#[test]
fn completing_with_json_answers_with_the_receipt() {
    let machine = Machine::with_images();
    let line = "iteration complete --bucket web-server --fingerprint release-3 --allow-partial --reason fine";
    let receipt = machine.json(line);
    assert_eq!(receipt["version"], 3);
    assert_eq!(receipt["assigned"], json!(["latest"]));
    assert_eq!(receipt["missing"], json!(["amazon-ebs.west"]));
}

#[test]
fn without_the_permission_or_the_reason_nothing_is_completed() {
    let machine = Machine::with_images();
    for line in [
        "iteration complete --bucket web-server --fingerprint release-3",
        "iteration complete --bucket web-server --fingerprint release-3 --allow-partial",
        "iteration complete --bucket web-server --fingerprint release-3 --reason fine",
    ] {
        machine.run(line).exits(2).says("misses amazon-ebs.west").says("--allow-partial --reason TEXT");
    }
    machine.run("iteration complete --bucket web-server").exits(2).says("name the iteration");
    let shown = machine.json("iteration show --bucket web-server --fingerprint release-3");
    assert_eq!(shown["status"], "incomplete");
}

#[test]
fn where_no_build_is_confirmed_completing_is_not_offered() {
    let machine = Machine::new();
    machine.backend().ingest(&build_of("release-1", 1, "amazon-ebs.east")).unwrap();
    let complete = "iteration complete --bucket web-server --fingerprint release-1";
    for line in [complete, &format!("{complete} --allow-partial --reason fine")] {
        machine.run(line).exits(1).says("no build that is recorded and confirmed").does_not_say("--allow-partial");
    }
}

#[test]
fn where_nothing_is_complete_yet_the_answer_names_what_there_is() {
    let machine = Machine::new();
    machine.backend().ingest(&build_of("release-1", 1, "amazon-ebs.east")).unwrap();
    for line in ["iteration show --bucket web-server", "artifact get --bucket web-server"] {
        machine.run(line).exits(3).says("points at nothing until").says("there are: release-1 (incomplete)");
    }
}

#[test]
fn what_is_complete_already_is_refused_with_its_version() {
    let machine = Machine::with_images();
    machine
        .run("iteration complete --bucket web-server --fingerprint release-1")
        .exits(1)
        .says("complete already: it is v1");
}

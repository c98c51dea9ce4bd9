use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use super::machine::Machine;
use crate::support::record::{build_of, image};

/// An ID that means something else to every notation, if it is not written with care.
const HOSTILE: &str = r#"/o'neil/"x" ${file("y")} %{if} $(id) `id` \n"#;

const GET: &str = "artifact get --bucket web-server --platform aws --format";

fn with_a_hostile_id() -> Machine {
    let machine = Machine::new();
    let mut record = build_of("release-1", 1, "amazon-ebs.east");
    record.images = vec![image("us-east-1", "ami-1"), image("East US", HOSTILE)];
    machine.record(&record);
    machine
}

#[test]
fn json_is_a_map_from_region_to_id() {
    let map = with_a_hostile_id().run(&format!("{GET} json")).exits(0).stdout;
    let map: Value = serde_json::from_str(&map).unwrap();
    assert_eq!(map, json!({ "us-east-1": "ami-1", "East US": HOSTILE }));
}

#[test]
fn a_shell_reads_the_ids_from_env() {
    let machine = with_a_hostile_id();
    fs::write(machine.path("ids.env"), machine.run(&format!("{GET} env")).exits(0).stdout).unwrap();
    let script = r#"set -eu; . ./ids.env; printf '%s\n' "$IMAGE_ID_US_EAST_1" "$IMAGE_ID_EAST_US""#;
    let output = Command::new("sh").args(["-c", script]).current_dir(machine.path("")).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("ami-1\n{HOSTILE}\n"));
}

#[test]
fn github_gets_one_line_for_each_output() {
    let ran = with_a_hostile_id().run(&format!("{GET} github")).exits(0);
    let outputs: Vec<(&str, &str)> = ran.stdout.lines().map(|line| line.split_once('=').unwrap()).collect();
    let names: Vec<&str> = outputs.iter().map(|output| output.0).collect();
    assert_eq!(names, ["image_ids", "image_id_east_us", "image_id_us_east_1"]);
    let map: Value = serde_json::from_str(outputs[0].1).unwrap();
    assert_eq!(map, json!({ "us-east-1": "ami-1", "East US": HOSTILE }));
    assert_eq!((outputs[1].1, outputs[2].1), (HOSTILE, "ami-1"));
}

#[test]
fn tfvars_assign_one_map() {
    let ran =
        Machine::with_images().run("artifact get --bucket web-server --channel production -p aws --format tfvars");
    let expected = "image_ids = {\n  \"eu-west-1\" = \"ami-1-europe\"\n  \"us-east-1\" = \"ami-1-east\"\n}\n";
    assert_eq!(ran.exits(0).stdout, expected);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn packer_reads_the_ids_from_tfvars() {
    let machine = with_a_hostile_id();
    fs::write(machine.path("ids.pkrvars.hcl"), machine.run(&format!("{GET} tfvars")).exits(0).stdout).unwrap();
    let template = r#"
        variable "image_ids" { type = map(string) }
        source "null" "x" { communicator = "none" }
        build { sources = ["null.x"] }
    "#;
    fs::write(machine.path("x.pkr.hcl"), template).unwrap();
    fs::write(machine.path("question"), "jsonencode(var.image_ids)\n").unwrap();
    let output = Command::new(crate::support::peers::packer())
        .args(["console", "-var-file=ids.pkrvars.hcl", "x.pkr.hcl"])
        .current_dir(machine.path(""))
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(fs::File::open(machine.path("question")).unwrap())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let map: Value =
        serde_json::from_str(text.trim_start_matches("> ")).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(map, json!({ "us-east-1": "ami-1", "East US": HOSTILE }));
}

#[test]
fn a_map_may_have_one_region_only_but_never_none() {
    let machine = Machine::with_images();
    let ran = machine.run(&format!("{GET} json --region us-east-1")).exits(0);
    assert_eq!(ran.stdout, "{\n  \"us-east-1\": \"ami-2-east\"\n}\n");
    for format in ["json", "tfvars", "env", "github"] {
        let ran = machine.run(&format!("{GET} {format} --region moon")).exits(3).says("us-east-1 ami-2-east");
        assert_eq!(ran.stdout, "", "{format}");
    }
}

#[test]
fn two_images_in_one_region_are_listed_and_none_is_chosen() {
    let machine = Machine::new();
    let mut record = build_of("release-1", 1, "amazon-ebs.east");
    record.images = vec![image("us-east-1", "ami-1"), image("us-east-1", "ami-2"), image("eu-west-1", "ami-3")];
    machine.record(&record);
    for format in ["json", "tfvars", "env", "github"] {
        let ran = machine.run(&format!("{GET} {format}")).exits(4).says("ami-1").says("ami-2").does_not_say("ami-3");
        assert_eq!(ran.stdout, "", "{format}");
    }
}

#[test]
fn two_notations_at_once_are_a_fault_of_usage() {
    let machine = Machine::with_images();
    machine.run(&format!("{GET} env --json")).exits(2).says("--format").says("--json");
    machine.run(&format!("{GET} json --json")).exits(0);
}

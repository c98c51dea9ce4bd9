//! `docs/command-line.md`, held against the program.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use packer_plugin_registry::model::{FileDigest, ParentIteration, Timestamp};
use serde_json::Value;

use super::machine::Machine;
use crate::support::peers::REGISTRY;
use crate::support::record::{bucket, build_of, channel, component_types, fingerprint, image};

/// The guide.
pub(super) const GUIDE: &str = include_str!("../../docs/command-line.md");

/// What stands in the guide between fences that begin with `tag`.
fn blocks(tag: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = GUIDE.lines();
    while let Some(fence) = lines.find(|line| line.starts_with("```")) {
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if fence == format!("```{tag}") {
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// A machine on which there is what the guide speaks of.
fn machine() -> Machine {
    let machine = Machine::new();
    let ubuntu = "amazon-ebs.ubuntu";
    for (run, expected) in [(40, vec![ubuntu]), (41, vec![ubuntu]), (42, vec![ubuntu, "googlecompute.ubuntu"])] {
        let mut record = build_of(&format!("nightly-{run}"), run, ubuntu);
        record.bucket = bucket("learn-packer-ubuntu");
        record.expected = component_types(&expected);
        record.images = vec![image("us-east-1", &format!("ami-{run}e")), image("us-west-2", &format!("ami-{run}w"))];
        record.channels = vec![channel(if run == 40 { "production" } else { "development" })];
        machine.record(&record);
    }
    machine.spool().write(&build_of("nightly-43", 43, ubuntu)).unwrap();
    machine
}

#[test]
fn every_command_of_the_guide_works_in_its_order() {
    let machine = machine();
    let programs = machine.path("bin");
    fs::create_dir(&programs).unwrap();
    symlink(REGISTRY, programs.join("packer-plugin-registry")).unwrap();
    // Not on every machine; this one is content with any object.
    fs::write(programs.join("jq"), "#!/bin/sh\nhead -n 1 | grep -q '^{$' && cat >/dev/null\n").unwrap();
    fs::set_permissions(programs.join("jq"), fs::Permissions::from_mode(0o755)).unwrap();
    let commands = blocks("sh");
    assert!(commands.len() > 10, "{commands:#?}");
    for block in &commands {
        let output = Command::new("sh")
            .args(["-euc", block])
            .current_dir(machine.path(""))
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
            .env("HOME", machine.path(""))
            .env("GITHUB_OUTPUT", machine.path("github-output"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{block}\n{output:?}");
    }
    assert!(fs::read_to_string(machine.path("images.auto.tfvars")).unwrap().contains("\"us-east-1\" = \"ami-40e\""));
    assert!(fs::read_to_string(machine.path("github-output")).unwrap().contains("image_id_us_east_1=ami-40e\n"));
    machine.run("spool list").says("Nothing waits");
    machine.run("iteration show --bucket learn-packer-ubuntu").says("v3 complete").says("fingerprint nightly-42");
}

#[test]
fn the_guide_names_every_field_of_an_iteration() {
    let machine = Machine::new();
    let mut record = build_of("release-1", 1, "amazon-ebs.east");
    record.files = vec![FileDigest { name: "disk.qcow2".to_owned(), size: 1, sha256: None }];
    record.parents = vec![ParentIteration {
        bucket: bucket("base"),
        fingerprint: fingerprint("base-1"),
        iteration_id: "01KAPRA8QJ5W1N9J7Z0FQ2K8VE".to_owned(),
        version: None,
        channel: None,
        external_identifier: "ami-0".to_owned(),
    }];
    machine.record(&record);
    machine.revoke("release-1", Timestamp(1));
    let mut shown = machine.json("iteration show --bucket web-server --version 1");
    // Described as a whole.
    shown["builds"][0]["metadata"] = Value::Null;
    let mut fields = BTreeSet::new();
    collect_fields(&shown, &mut fields);
    let shapes = blocks("");
    let shape = shapes.iter().find(|block| block.contains("\"builds\"")).unwrap();
    let told: BTreeSet<String> = shape.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert_eq!(told, fields);
}

fn collect_fields(value: &Value, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            fields.extend(object.keys().cloned());
            object.values().for_each(|value| collect_fields(value, fields));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_fields(item, fields)),
        _ => {}
    }
}

use serde_json::json;

use super::machine::{BUCKET, Machine};
use crate::support::record::{bucket, build_of, labels};

#[test]
fn a_list_has_each_bucket_with_its_newest_version() {
    let machine = Machine::with_images();
    let mut other = build_of("one", 1, "docker.base");
    other.bucket = bucket("base");
    machine.record(&other);
    let ran = machine.run("bucket list").exits(0);
    let lines: Vec<Vec<&str>> = ran.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["BUCKET", "LATEST", "ITERATIONS", "PLATFORMS", "UPDATED"]);
    assert_eq!(lines[1][..3], ["base", "v1", "1"]);
    assert_eq!(lines[2][..5], [BUCKET, "v2", "3", "aws,", "gce"]);
    let list = machine.json("bucket list");
    assert_eq!(list[1]["name"], BUCKET);
    assert_eq!(list[1]["latest_version"], 2);
    assert_eq!(list[1]["iterations"], 3);
    assert_eq!(list[1]["platforms"], json!(["aws", "gce"]));
}

#[test]
fn a_bucket_is_shown_with_what_was_said_of_it_and_its_channels() {
    let machine = Machine::with_images();
    let mut record = build_of("release-4", 4, "amazon-ebs.east");
    record.bucket_description = Some("What serves the web".to_owned());
    record.bucket_labels = Some(labels(&[("owner", "platform")]));
    machine.record(&record);
    let ran = machine.run("bucket show web-server").exits(0);
    let ran = ran.says("description What serves the web").says("labels owner=platform").says("latest v3");
    let ran = ran.says("production v1 release-1").says("staging v2 release-2").says("latest v3 release-4");
    assert_eq!(ran.stdout, machine.run("bucket show --bucket web-server").stdout, "both notations are one");
    let shown = machine.json("bucket show web-server");
    assert_eq!(shown["description"], "What serves the web");
    assert_eq!(shown["labels"], json!({ "owner": "platform" }));
    let channels: Vec<_> = shown["channels"].as_array().unwrap().iter().map(|channel| &channel["name"]).collect();
    assert_eq!(channels, ["latest", "production", "staging"]);
}

#[test]
fn a_bucket_that_does_not_exist_is_not_found_and_the_others_are_named() {
    let machine = Machine::with_images();
    machine.run("bucket show web-servr").exits(3).says("bucket web-servr does not exist").says("there are: web-server");
}

#[test]
fn where_nothing_was_recorded_the_answer_says_what_records() {
    let machine = Machine::new();
    machine.run("bucket list").exits(3).says("no registry at").says("a build with the post-processor creates it");
    assert!(!machine.registry_file().exists(), "asking creates nothing");
}

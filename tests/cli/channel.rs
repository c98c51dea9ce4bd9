use serde_json::{Value, json};

use super::machine::Machine;

#[test]
fn a_list_says_where_each_channel_points() {
    let machine = Machine::with_images();
    let ran = machine.run("channel list --bucket web-server").exits(0);
    ran.says("latest v2 release-2").says("production v1 release-1").says("staging v2 release-2");
    let list = machine.json("channel list --bucket web-server");
    let channels: Vec<Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| json!([channel["name"], channel["managed"], channel["assignment"]["version"]]))
        .collect();
    assert_eq!(channels, [json!(["latest", true, 2]), json!(["production", false, 1]), json!(["staging", false, 2])]);
}

#[test]
fn one_channel_is_shown_alone() {
    let machine = Machine::with_images();
    machine.run("channel show --bucket web-server --channel production").exits(0).says("v1").does_not_say("staging");
    let shown = machine.json("channel show --bucket web-server --channel production");
    assert_eq!(shown["assignment"]["fingerprint"], "release-1");
    machine.run("channel show --bucket web-server --channel prod").exits(3).says("latest, production, staging");
}

#[test]
fn a_channel_is_assigned_by_each_way_to_name_an_iteration() {
    let machine = Machine::with_images();
    let id = machine.json("iteration show --bucket web-server --version 1")["id"].as_str().unwrap().to_owned();
    for target in
        ["--fingerprint release-1", "--version 1", "--version v1", "--from-channel production", &format!("--id {id}")]
    {
        machine.run("channel assign --bucket web-server --channel testing --version 2").exits(0);
        let ran = machine.run(&format!("channel assign --bucket web-server --channel testing {target}")).exits(0);
        assert_eq!(ran.stdout, "Channel testing of bucket web-server points at v1 (release-1)\n", "{target}");
        let image = "artifact get --bucket web-server --channel testing --region us-east-1";
        assert_eq!(machine.run(image).stdout, "ami-1-east\n");
    }
    let moved = machine.json("channel assign --bucket web-server --channel testing --version 2");
    assert_eq!((&moved["name"], &moved["assignment"]["version"]), (&json!("testing"), &json!(2)));
}

#[test]
fn a_history_has_every_move_and_who_made_it_newest_first() {
    let machine = Machine::with_images();
    machine.run("channel assign --bucket web-server --channel production --version 2").exits(0);
    let ran = machine.run("channel history --bucket web-server --channel production").exits(0);
    let lines: Vec<Vec<&str>> = ran.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines.len(), 3, "{}", ran.text);
    assert_eq!((&lines[1][..2], &lines[2][..2]), (&["v2", "release-2"][..], &["v1", "release-1"][..]));
    assert!(lines[1].contains(&"grace"), "{}", ran.text);
    let history = machine.json("channel history --bucket web-server --channel production");
    assert_eq!((&history[0]["version"], &history[0]["author"]), (&json!(2), &json!("grace")));
    assert_eq!(history[1]["version"], 1);
    assert_eq!(history.as_array().map(Vec::len), Some(2));
}

#[test]
fn an_incomplete_iteration_and_the_managed_channel_are_refused_and_nothing_moves() {
    let machine = Machine::with_images();
    let before = machine.json("channel list --bucket web-server");
    let ran = machine.run("channel assign --bucket web-server --channel production --fingerprint release-3").exits(1);
    ran.says("incomplete").says("PACKER_REGISTRY_FINGERPRINT=release-3 packer build").says("--allow-partial");
    let ran = machine.run("channel assign --bucket web-server --channel latest --version 1").exits(1);
    ran.says("name another channel");
    machine.run("channel assign --bucket web-server --channel new-one --version 9").exits(3).says("release-2");
    assert_eq!(machine.json("channel list --bucket web-server"), before);
}

#[test]
fn an_assignment_without_a_target_or_with_two_is_a_fault_of_usage() {
    let machine = Machine::with_images();
    machine.run("channel assign --bucket web-server --channel production").exits(2).says("--version");
    let ran =
        machine.run("channel assign --bucket web-server --channel production --version 1 --fingerprint release-1");
    ran.exits(2).says("cannot be used with");
}

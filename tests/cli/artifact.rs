use serde_json::json;

use super::machine::Machine;

#[test]
fn the_one_image_that_matches_is_printed_as_its_bare_id() {
    let machine = Machine::with_images();
    for (arguments, expected) in [
        ("--channel production --platform aws --region us-east-1", "ami-1-east\n"),
        ("--channel production --platform aws --region eu-west-1", "ami-1-europe\n"),
        ("--channel staging --platform aws --region us-east-1", "ami-2-east\n"),
        ("--region us-east-1", "ami-2-east\n"),
        ("--version 1 --platform gcp", "web-1\n"),
        ("--version v1 --component-type googlecompute.disk", "web-1\n"),
        ("--fingerprint release-1 --label os=ubuntu --region eu-west-1", "ami-1-europe\n"),
        ("-c production -p aws -r us-east-1", "ami-1-east\n"),
    ] {
        let ran = machine.run(&format!("artifact get --bucket web-server {arguments}")).exits(0);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (expected, ""), "{arguments}");
    }
}

#[test]
fn with_json_the_image_says_what_it_belongs_to() {
    let machine = Machine::with_images();
    let image = machine.json("artifact get --bucket web-server --version 1 --platform gce");
    assert_eq!(image["external_identifier"], "web-1");
    assert_eq!(image["region"], "us-central1-a");
    assert_eq!(image["component_type"], "googlecompute.disk");
}

#[test]
fn a_region_that_is_not_there_lists_what_is_and_prints_no_other_image() {
    let machine = Machine::with_images();
    let ran = machine.run("artifact get --bucket web-server --channel production --platform aws --region us-west-2");
    let ran = ran.exits(3).says("amazon-ebs.east aws us-east-1 ami-1-east").says("googlecompute.disk gce");
    assert_eq!(ran.stdout, "");
}

#[test]
fn several_images_are_listed_with_what_tells_them_apart_and_none_is_chosen() {
    let machine = Machine::with_images();
    let ran = machine.run("artifact get --bucket web-server --channel production --platform aws").exits(4);
    assert_eq!(ran.stdout, "");
    ran.says("ami-1-east").says("ami-1-europe").says("narrow it by region").does_not_say("web-1");
}

#[test]
fn a_list_has_every_image_that_matches() {
    let machine = Machine::with_images();
    let ran = machine.run("artifact list --bucket web-server --version 1").exits(0);
    assert_eq!(
        ran.stdout,
        "BUILD               PLATFORM  REGION         ID\n\
         amazon-ebs.east     aws       eu-west-1      ami-1-europe\n\
         amazon-ebs.east     aws       us-east-1      ami-1-east\n\
         googlecompute.disk  gce       us-central1-a  web-1\n"
    );
    let list = machine.json("artifact list --bucket web-server --version 1 --region us-east-1");
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    assert_eq!(list[0]["external_identifier"], "ami-1-east");
}

#[test]
fn a_list_of_nothing_says_so_and_is_no_failure() {
    let machine = Machine::with_images();
    machine.run("artifact list --bucket web-server --region moon").exits(0).says("No artifact matches");
    assert_eq!(machine.json("artifact list --bucket web-server --region moon"), json!([]));
}

//! What clients of 2022 read, as Terraform's provider of that year did, by HCP's SDK of that year.

use serde_json::{Value, json};

use super::machine::on_hcp;
use super::packer_1_8::{old, template};
use crate::support::peers;
use crate::support::ran::Ran;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A machine on which Packer 1.8 built an image in each of two regions; the channel `stable` points at them.
fn with_images(server: &Server) -> Sandbox {
    let sandbox = old(on_hcp(server));
    let sources = [("east", "us-east/east.txt"), ("west", "us-west/west.txt")];
    sandbox.build(&[&sandbox.write("web.pkr.hcl", &template(&sources))]).succeeded();
    sandbox.registry(&["channel", "assign", "--bucket", "web", "--channel", "stable", "--version", "1"]).succeeded();
    sandbox
}

fn ask(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run(&peers::get("hcp_2022"), arguments)
}

#[track_caller]
fn read(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let ran = ask(sandbox, arguments).succeeded();
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {}", ran.text))
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn the_iteration_behind_a_channel_is_read() {
    let server = Server::start(None);
    let sandbox = with_images(&server);
    let built = sandbox.only_iteration("web");
    for channel in ["stable", "latest"] {
        let read = read(&sandbox, &["iteration", "web", channel]);
        assert_eq!((&read["id"], &read["author_id"]), (&built["id"], &json!("owner")));
        assert_eq!((&read["fingerprint"], &read["incremental_version"]), (&json!("release-1"), &json!(1)));
        assert_eq!(read["revoke_at"], json!(null));
        assert!(read["created_at"].as_str().unwrap().starts_with("20"), "{read}");
    }
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn an_image_is_read_by_its_cloud_and_region() {
    let server = Server::start(None);
    let sandbox = with_images(&server);
    let built = sandbox.only_iteration("web");
    let id = built["id"].as_str().unwrap();
    for (place, (region, name)) in [("us-east", "east"), ("us-west", "west")].into_iter().enumerate() {
        let by_channel = read(&sandbox, &["image", "channel", "web", "stable", "packer.file", region]);
        let by_iteration = read(&sandbox, &["image", "iteration", "web", id, "packer.file", region]);
        assert_eq!(by_channel, by_iteration);
        assert_eq!(by_channel["cloud_image_id"], format!("{name}.txt"));
        assert_eq!(by_channel["component_type"], format!("file.{name}"));
        assert_eq!((&by_channel["iteration_id"], &by_channel["revoke_at"]), (&json!(id), &json!(null)));
        let build = &built["builds"][place];
        assert_eq!((&by_channel["build_id"], &by_channel["labels"]), (&build["id"], &build["labels"]));
    }
    ask(&sandbox, &["image", "channel", "web", "stable", "aws", "us-east"]).failed().says("there is no image of aws");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn what_is_not_there_is_told_in_the_field_that_these_clients_print() {
    let server = Server::start(None);
    let sandbox = with_images(&server);
    let told = |arguments: &[&str]| ask(&sandbox, arguments).failed().stderr;
    let begins = |told: String, words: &str| assert!(told.starts_with(&format!("hcp_2022: {words}")), "{told}");
    begins(told(&["iteration", "web", "nowhere"]), "channel nowhere of bucket web does not exist");
    begins(told(&["iteration", "app", "stable"]), "bucket app does not exist");
    let unknown = told(&["image", "iteration", "web", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "packer.file", "us-east"]);
    begins(unknown, "iteration with id (id: 01ARZ3NDEKTSV4RRFFQ69G5FAV) does not exist");
    sandbox.registry(&["channel", "unassign", "--bucket", "web", "--channel", "stable"]).succeeded();
    begins(told(&["iteration", "web", "stable"]), "the channel stable points at no iteration");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_revoked_iteration_is_read_with_the_time_of_its_revocation() {
    let server = Server::start(None);
    let sandbox = with_images(&server);
    let revoke = ["iteration", "revoke", "--bucket", "web", "--version", "1", "--reason", "old", "--keep-channels"];
    sandbox.registry(&[&revoke[..], &["--yes"]].concat()).succeeded();
    let iteration = read(&sandbox, &["iteration", "web", "stable"]);
    let revoked_at = iteration["revoke_at"].as_str().unwrap();
    assert!(revoked_at.starts_with("20") && revoked_at.ends_with('Z'), "{iteration}");
    let image = read(&sandbox, &["image", "channel", "web", "stable", "packer.file", "us-east"]);
    assert_eq!((&image["cloud_image_id"], &image["revoke_at"]), (&json!("east.txt"), &json!(revoked_at)));
}

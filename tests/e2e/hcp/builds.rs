use serde_json::json;

use super::machine::{builds, on_hcp, template, text};
use crate::store::postgres::database::Database;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const DESCRIBED: &str = r#"  bucket_name = "web"
  description = <<EOT
What the shop
runs on.
EOT
  bucket_labels = { team = "blue" }
  build_labels  = { "build-time" = "noon" }"#;

/// What a first build leaves behind.
fn a_first_build(sandbox: &Sandbox) {
    let path =
        sandbox.write("web.pkr.hcl", &template(DESCRIBED, &[("east", "out/east.txt"), ("west", "out/west.txt")]));
    sandbox.build(&[&path]).succeeded().says("Published metadata to HCP Packer registry packer/web/versions/");

    let bucket = sandbox.json(&["bucket", "show", "--bucket", "web"]);
    assert_eq!(bucket["description"], "What the shop\nruns on.\n");
    assert_eq!(bucket["labels"], json!({"team": "blue"}));
    let iteration = sandbox.only_iteration("web");
    assert_eq!((&iteration["version"], &iteration["status"]), (&json!(1), &json!("complete")));
    assert_eq!(iteration["channels"], json!(["latest"]));
    assert_eq!(builds(&iteration), [("file.east", "done"), ("file.west", "done")]);
    let east = &iteration["builds"][0];
    assert_eq!((&east["platform"], &east["labels"]["build-time"]), (&json!("packer.file"), &json!("noon")));
    let artifact = &east["artifacts"][0];
    assert_eq!((text(&artifact["external_identifier"]), text(&artifact["region"])), ("east.txt", "out"));
    assert_eq!(east["metadata"]["packer_version"], "1.16.0");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_records_its_artifacts_labels_and_metadata() {
    let server = Server::start(None);
    a_first_build(&on_hcp(&server));
}

#[test]
#[ignore = "needs the pinned programs and PostgreSQL; scripts/test runs it"]
fn a_build_records_its_artifacts_labels_and_metadata_on_postgresql() {
    let database = Database::empty();
    let server = Server::start(Some(&database.url));
    a_first_build(&on_hcp(&server));
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_points_the_channels_of_its_template_at_its_version() {
    let server = Server::start(None);
    let sandbox = on_hcp(&server);
    let first = sandbox.write("first.pkr.hcl", &template("  bucket_name = \"web\"", &[("x", "out/x.txt")]));
    sandbox.build(&[&first]).succeeded();
    sandbox.registry(&["channel", "assign", "--bucket", "web", "--channel", "stable", "--version", "1"]).succeeded();
    let registry = "  bucket_name = \"web\"\n  channels    = [\"stable\"]";
    let second = sandbox.write("second.pkr.hcl", &template(registry, &[("x", "out/x.txt")]));
    sandbox.build(&["-force", &second]).succeeded().says("to channel `stable`");
    assert_eq!(sandbox.channel("web", "stable")["version"], 2);

    let registry = "  bucket_name = \"web\"\n  channels    = [\"nowhere\"]";
    let third = sandbox.write("third.pkr.hcl", &template(registry, &[("x", "out/x.txt")]));
    sandbox.build(&["-force", &third]).says("channel nowhere of bucket web does not exist");
    assert_eq!(sandbox.channel("web", "latest")["version"], 3);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_registry_block_may_stand_within_the_build() {
    let server = Server::start(None);
    let sandbox = on_hcp(&server);
    let path = sandbox.write(
        "web.pkr.hcl",
        r#"
source "file" "x" {
  content = "image"
  target  = "out/x.txt"
}
build {
  hcp_packer_registry {
    bucket_name = "web"
  }
  sources = ["source.file.x"]
}
"#,
    );
    sandbox.build(&[&path]).succeeded();
    assert_eq!(sandbox.only_iteration("web")["version"], 1);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_template_in_json_needs_only_the_name_of_a_bucket() {
    let server = Server::start(None);
    let sandbox = on_hcp(&server).with("HCP_PACKER_BUCKET_NAME", "web");
    let template = json!({"builders": [{"type": "file", "content": "image", "target": "out/x.txt"}]});
    let path = sandbox.write("web.json", &template.to_string());
    sandbox.build(&[&path]).succeeded();
    assert_eq!(builds(&sandbox.only_iteration("web")), [("file", "done")]);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn builders_of_a_template_in_json_may_have_names_with_spaces() {
    let server = Server::start(None);
    let sandbox = on_hcp(&server).with("HCP_PACKER_BUCKET_NAME", "web");
    let template = json!({"builders": [
        {"type": "file", "name": "Ubuntu 24.04", "content": "image", "target": "out/ubuntu.txt"},
        {"type": "file", "name": "Debian 13", "content": "image", "target": "out/debian.txt"},
    ]});
    let path = sandbox.write("web.json", &template.to_string());
    sandbox.build(&[&path]).succeeded();
    let iteration = sandbox.only_iteration("web");
    assert_eq!(iteration["version"], 1);
    assert_eq!(builds(&iteration), [("file.Debian 13", "done"), ("file.Ubuntu 24.04", "done")]);
    let of_ubuntu = ["artifact", "get", "--bucket", "web", "--component-type", "file.Ubuntu 24.04"];
    assert_eq!(text(&sandbox.json(&of_ubuntu)["external_identifier"]), "ubuntu.txt");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_that_failed_is_made_up_for_under_the_same_fingerprint() {
    let server = Server::start(None);
    let sandbox = on_hcp(&server).with("HCP_PACKER_BUILD_FINGERPRINT", "release-1");
    sandbox.write("in-the-way", "");
    let sources = [("good", "out/good.txt"), ("bad", "in-the-way/bad.txt")];
    let path = sandbox.write("web.pkr.hcl", &template("  bucket_name = \"web\"", &sources));
    sandbox
        .build(&[&path])
        .failed()
        .says("HCP_PACKER_BUILD_FINGERPRINT=\"release-1\"")
        .says("\"file.bad\": BUILD_FAILED");
    let iteration = sandbox.only_iteration("web");
    assert_eq!((&iteration["status"], &iteration["version"]), (&json!("incomplete"), &json!(null)));
    assert_eq!(builds(&iteration), [("file.bad", "failed"), ("file.good", "done")]);
    let good = iteration["builds"][1].clone();

    std::fs::remove_file(sandbox.path("in-the-way")).unwrap();
    sandbox.build(&["-force", &path]).succeeded().says("build is already done");
    let iteration = sandbox.only_iteration("web");
    assert_eq!((&iteration["status"], &iteration["version"]), (&json!("complete"), &json!(1)));
    assert_eq!(builds(&iteration), [("file.bad", "done"), ("file.good", "done")]);
    assert_eq!(iteration["builds"][1], good, "what was done stays as it was");

    let again = "The version associated to the fingerprint release-1 is complete.";
    sandbox.build(&["-force", &path]).failed().says(again);
    assert_eq!(sandbox.only_iteration("web"), iteration);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_run_of_some_sources_leaves_the_others_to_another_run() {
    let server = Server::start(None);
    let sandbox = on_hcp(&server).with("HCP_PACKER_BUILD_FINGERPRINT", "release-1");
    let sources = [("east", "out/east.txt"), ("west", "out/west.txt")];
    let path = sandbox.write("web.pkr.hcl", &template("  bucket_name = \"web\"", &sources));
    sandbox.build(&["-only=file.east", &path]).succeeded().says("\"file.west\": BUILD_UNSET");
    let iteration = sandbox.only_iteration("web");
    assert_eq!(iteration["status"], "incomplete");
    assert_eq!(builds(&iteration), [("file.east", "done"), ("file.west", "registered")]);
    sandbox.build(&["-only=file.west", &path]).succeeded();
    let iteration = sandbox.only_iteration("web");
    assert_eq!(
        (&iteration["version"], builds(&iteration)),
        (&json!(1), vec![("file.east", "done"), ("file.west", "done")])
    );
}

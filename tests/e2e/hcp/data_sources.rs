use serde_json::json;

use super::machine::{on_hcp, template, text};
use crate::hcp::project::Packer;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A template whose image is a copy of the parent's, which `artifact` looks up.
pub(super) fn child(artifact: &str) -> String {
    format!(
        r#"
data "hcp-packer-version" "base" {{
  bucket_name  = "base"
  channel_name = "stable"
}}
data "hcp-packer-artifact" "base" {{
  bucket_name = "base"
  platform    = "packer.file"
  region      = "."
  {artifact}
}}
source "file" "x" {{
  source = data.hcp-packer-artifact.base.external_identifier
  target = "out/child.txt"
}}
hcp_packer_registry {{
  bucket_name  = "child"
  build_labels = {{ parent = data.hcp-packer-version.base.name, author = data.hcp-packer-version.base.author_id }}
}}
build {{
  sources = ["source.file.x"]
}}
"#
    )
}

/// A machine with a parent, to which the channel `stable` points.
fn with_parent(server: &Server) -> Sandbox {
    let sandbox = on_hcp(server);
    build_parent(&sandbox);
    sandbox
}

/// Builds the parent, and points the channel `stable` at it.
pub(super) fn build_parent(sandbox: &Sandbox) {
    let path = sandbox.write("base.pkr.hcl", &template("  bucket_name = \"base\"", &[("base", "base.txt")]));
    sandbox.build(&[&path]).succeeded();
    sandbox.registry(&["channel", "assign", "--bucket", "base", "--channel", "stable", "--version", "1"]).succeeded();
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_child_finds_its_parent_behind_a_channel_and_records_it() {
    let server = Server::start(None);
    let sandbox = with_parent(&server);
    let by_version = child("version_fingerprint = data.hcp-packer-version.base.fingerprint");
    for (version, text) in [child("channel_name = \"stable\""), by_version].iter().enumerate() {
        let path = sandbox.write("child.pkr.hcl", text);
        sandbox.build(&["-force", &path]).succeeded();
        let iteration = &sandbox.iterations("child")[0];
        assert_eq!(iteration["version"], json!(version + 1));
        let build = &iteration["builds"][0];
        assert_eq!(build["labels"]["parent"], "v1");
        assert_eq!(build["source_external_identifier"], "base.txt");
        let parent = &build["parents"][0];
        assert_eq!((&parent["bucket"], &parent["version"]), (&json!("base"), &json!(1)), "{build}");
        assert_eq!(parent["channel"], "stable");
    }
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_parent_that_cannot_be_used_ends_the_build_of_its_child_before_it_begins() {
    let server = Server::start(None);
    let sandbox = with_parent(&server);
    let path = sandbox.write("child.pkr.hcl", &child("channel_name = \"nowhere\""));
    sandbox.build(&[&path]).failed().says("channel nowhere of bucket base does not exist");

    let path = sandbox.write("child.pkr.hcl", &child("channel_name = \"stable\""));
    let packer = Packer::owner(&server);
    let stays = json!({"revoke_in": "0s", "disable_rollback_channels": true});
    let fingerprint = packer.get("/buckets/base/versions")["versions"][0]["fingerprint"].clone();
    packer.patch(&format!("/buckets/base/versions/{}", text(&fingerprint)), &stays);
    sandbox.build(&[&path]).failed().says("is revoked and can not be used on Packer builds");

    packer.patch("/buckets/base/channels/stable", &json!({"update_mask": "versionFingerprint"}));
    sandbox.build(&[&path]).failed().says("associated with the channel stable");
    assert!(sandbox.iterations("child").is_empty());
}

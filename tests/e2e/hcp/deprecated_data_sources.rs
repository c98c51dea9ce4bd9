//! The data sources that read by the API of 2021-04-30, in the newest Packer and in an old one.

use serde_json::json;

use super::machine::{on_hcp, template, text};
use crate::hcp::project::Packer;
use crate::support::peers;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A template whose image is a copy of the parent's, which `image` looks up.
pub(super) fn child(image: &str) -> String {
    format!(
        r#"
data "hcp-packer-iteration" "base" {{
  bucket_name = "base"
  channel     = "stable"
}}
data "hcp-packer-image" "base" {{
  bucket_name    = "base"
  cloud_provider = "packer.file"
  region         = "."
  {image}
}}
source "file" "x" {{
  source = data.hcp-packer-image.base.id
  target = "out/child.txt"
}}
build {{
  hcp_packer_registry {{
    bucket_name  = "child"
    build_labels = {{
      fingerprint = data.hcp-packer-iteration.base.fingerprint
      number      = data.hcp-packer-iteration.base.incremental_version
      author      = data.hcp-packer-iteration.base.author_id
      os          = data.hcp-packer-image.base.labels["os"]
    }}
  }}
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
    let registry = "  bucket_name = \"base\"\n  build_labels = { os = \"linux\" }";
    let path = sandbox.write("base.pkr.hcl", &template(registry, &[("base", "base.txt")]));
    sandbox.build(&[&path]).succeeded();
    sandbox.registry(&["channel", "assign", "--bucket", "base", "--channel", "stable", "--version", "1"]).succeeded();
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_child_finds_its_parent_behind_a_channel_and_by_the_id_of_its_iteration() {
    let server = Server::start(None);
    let mut sandbox = with_parent(&server);
    let parent = sandbox.only_iteration("base");
    for (name, packer) in [("new", peers::packer()), ("old", peers::packer_1_8())] {
        sandbox = sandbox.with_packer(packer);
        for (by, image) in [
            ("channel", "channel = \"stable\""),
            ("id", "iteration_id = data.hcp-packer-iteration.base.id\n  component_type = \"file.base\""),
        ] {
            let path = sandbox.write("child.pkr.hcl", &child(image));
            sandbox = sandbox.with("HCP_PACKER_BUILD_FINGERPRINT", &format!("{name}-{by}"));
            sandbox.build(&["-force", &path]).succeeded();
            let iteration = &sandbox.iterations("child")[0];
            let build = &iteration["builds"][0];
            let labels = &build["labels"];
            assert_eq!(
                (&labels["fingerprint"], &labels["number"]),
                (&parent["fingerprint"], &json!("1")),
                "{name} {by}"
            );
            assert_eq!((&labels["author"], &labels["os"]), (&json!("owner"), &json!("linux")), "{name} {by}");
            assert_eq!(build["source_external_identifier"], "base.txt", "{name} {by}");
            let found = &build["parents"][0];
            assert_eq!((&found["bucket"], &found["version"]), (&json!("base"), &json!(1)), "{name} {by}: {build}");
        }
    }
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_parent_that_cannot_be_used_ends_the_build_of_its_child_before_it_begins() {
    let server = Server::start(None);
    let sandbox = with_parent(&server);
    let path = sandbox.write("child.pkr.hcl", &child("channel = \"nowhere\""));
    sandbox.build(&[&path]).failed().says("channel nowhere of bucket base does not exist");

    let path = sandbox.write("child.pkr.hcl", &child("channel = \"stable\""));
    let packer = Packer::owner(&server).of_2021();
    let iterations = packer.get("/images/base/iterations");
    let iteration = format!("/iterations/{}", text(&iterations["iterations"][0]["id"]));
    packer.patch(&iteration, &json!({"revoke_at": "2999-01-01T00:00:00Z"}));
    sandbox.build(&[&path]).succeeded();
    packer.patch(&iteration, &json!({"revoke_in": "0s"}));
    sandbox.build(&["-force", &path]).failed().says("is revoked and can not be used on Packer builds");

    packer.patch("/images/base/channels/stable", &json!({"mask": "iterationId"}));
    sandbox.build(&["-force", &path]).failed().says("associated with the channel stable");
}

//! What Packer and our server say to each other, call by call, held against what they said before.
//!
//! `PACKER_REGISTRY_TRANSCRIPTS=write` writes the files anew.

use super::enforced::{enforce, touch};
use super::machine::{recorded, template};
use super::{data_sources, deprecated_data_sources, transcript};
use crate::hcp::project::Packer;
use crate::support::recorder::{Exchange, Recorder};
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const REGISTRY: &str =
    "  bucket_name   = \"web\"\n  description   = \"The shop\"\n  bucket_labels = { team = \"blue\" }";

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says so, not a configuration")]
fn is_to_be_written() -> bool {
    std::env::var("PACKER_REGISTRY_TRANSCRIPTS").is_ok_and(|value| value == "write")
}

pub(super) fn same_as_before(name: &str, sandbox: &Sandbox, exchanges: Vec<Exchange>) {
    let path = format!("{}/tests/e2e/hcp/transcripts/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let said = transcript::of(sandbox, exchanges);
    if is_to_be_written() {
        std::fs::write(&path, said).unwrap();
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let difference = said.lines().zip(before.lines()).position(|(now, before)| now != before);
    let line = difference.unwrap_or(said.lines().count().min(before.lines().count()));
    assert!(said == before, "{path} differs from line {} on; now it is:\n{said}", line + 1);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_first_build_of_two_sources_of_which_one_fails_and_one_that_makes_up_for_it() {
    let server = Server::start(None);
    let recorder = Recorder::before(&server);
    let sandbox = recorded(&server, &recorder).with("HCP_PACKER_BUILD_FINGERPRINT", "release-1");
    sandbox.write("in-the-way", "");
    let sources = [("bad", "in-the-way/bad.txt"), ("good", "out/good.txt")];
    let path = sandbox.write("web.pkr.hcl", &template(REGISTRY, &sources));
    sandbox.build(&["-parallel-builds=1", &path]).failed();
    same_as_before("one_of_two_fails", &sandbox, recorder.take());
    std::fs::remove_file(sandbox.path("in-the-way")).unwrap();
    sandbox.build(&["-force", &path]).succeeded();
    same_as_before("resumed", &sandbox, recorder.take());
    sandbox.build(&["-force", &path]).failed();
    same_as_before("complete_already", &sandbox, recorder.take());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_with_a_parent_and_a_channel() {
    let server = Server::start(None);
    let recorder = Recorder::before(&server);
    let sandbox = recorded(&server, &recorder);
    let base = sandbox.write("base.pkr.hcl", &template("  bucket_name = \"web\"", &[("base", "base.txt")]));
    sandbox.build(&[&base]).succeeded();
    same_as_before("first_build", &sandbox, recorder.take());
    sandbox.registry(&["channel", "assign", "--bucket", "web", "--channel", "stable", "--version", "1"]).succeeded();
    let child = sandbox.write(
        "child.pkr.hcl",
        r#"
data "hcp-packer-artifact" "base" {
  bucket_name  = "web"
  platform     = "packer.file"
  region       = "."
  channel_name = "stable"
}
source "file" "x" {
  source = data.hcp-packer-artifact.base.external_identifier
  target = "out/child.txt"
}
hcp_packer_registry {
  bucket_name = "web"
  channels    = ["stable"]
}
build {
  sources = ["source.file.x"]
}
"#,
    );
    sandbox.build(&[&child]).succeeded();
    same_as_before("child", &sandbox, recorder.take());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_of_one_of_two_sources() {
    let server = Server::start(None);
    let recorder = Recorder::before(&server);
    let sandbox = recorded(&server, &recorder).with("HCP_PACKER_BUILD_FINGERPRINT", "release-1");
    let sources = [("east", "out/east.txt"), ("west", "out/west.txt")];
    let path = sandbox.write("web.pkr.hcl", &template(REGISTRY, &sources));
    sandbox.build(&["-only=file.east", &path]).succeeded();
    same_as_before("only_one_of_two", &sandbox, recorder.take());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_with_an_enforced_provisioner() {
    let server = Server::start(None);
    let recorder = Recorder::before(&server);
    let sandbox = recorded(&server, &recorder);
    let packer = Packer::owner(&server);
    packer.bucket();
    let block = format!("provisioner \"shell-local\" {{\n  inline = [\"{}\"]\n}}\n", touch(&sandbox, "enforced"));
    enforce(&packer, "touch", &block);
    let path = sandbox.write("web.pkr.hcl", &template("  bucket_name = \"web\"", &[("x", "out/x.txt")]));
    sandbox.build(&[&path]).succeeded();
    same_as_before("enforced_provisioner", &sandbox, recorder.take());
    assert!(sandbox.path("enforced").exists());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_child_that_asks_for_the_version_of_its_parent() {
    let server = Server::start(None);
    let recorder = Recorder::before(&server);
    let sandbox = recorded(&server, &recorder);
    data_sources::build_parent(&sandbox);
    recorder.take();
    let child = data_sources::child("version_fingerprint = data.hcp-packer-version.base.fingerprint");
    sandbox.build(&[&sandbox.write("child.pkr.hcl", &child)]).succeeded();
    same_as_before("child_of_version", &sandbox, recorder.take());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_child_that_asks_for_the_iteration_and_the_image_of_its_parent() {
    let server = Server::start(None);
    let recorder = Recorder::before(&server);
    let sandbox = recorded(&server, &recorder);
    deprecated_data_sources::build_parent(&sandbox);
    recorder.take();
    let image = "iteration_id = data.hcp-packer-iteration.base.id\n  component_type = \"file.base\"";
    let child = deprecated_data_sources::child(image);
    sandbox.build(&[&sandbox.write("child.pkr.hcl", &child)]).succeeded();
    same_as_before("child_of_iteration", &sandbox, recorder.take());
}

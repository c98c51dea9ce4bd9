//! What the provider and our server say to each other, held against what they said before.

use super::machine::Machine;
use super::roles::{binding, principal};
use crate::e2e::hcp::transcripts::same_as_before;

/// Each depends on what stands before it, so that one is read and made after the other.
const ALL: &str = r#"
data "hcp_packer_version" "latest" {
  bucket_name  = "web-server"
  channel_name = "latest"
}

data "hcp_packer_artifact" "image" {
  bucket_name         = "web-server"
  version_fingerprint = data.hcp_packer_version.latest.fingerprint
  platform            = "packer.file"
  region              = "out"
}

resource "hcp_packer_channel" "production" {
  name        = "production"
  bucket_name = data.hcp_packer_artifact.image.bucket_name
}

resource "hcp_packer_channel_assignment" "production" {
  bucket_name         = "web-server"
  channel_name        = hcp_packer_channel.production.name
  version_fingerprint = "one"
}
"#;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn what_is_applied_and_planned_again_and_destroyed() {
    let (machine, recorder) = Machine::recorded();
    machine.apply(ALL);
    same_as_before("terraform_apply", &machine.sandbox, recorder.take());
    assert!(!machine.wants_changes());
    same_as_before("terraform_second_plan", &machine.sandbox, recorder.take());
    machine.destroy();
    same_as_before("terraform_destroy", &machine.sandbox, recorder.take());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_channel_that_is_moved_back() {
    let (machine, recorder) = Machine::recorded();
    machine.apply(ALL);
    machine.build("two");
    machine.registry(&["channel", "assign", "-b", "web-server", "-c", "production", "--fingerprint", "two"]);
    recorder.take();
    machine.apply(ALL);
    same_as_before("terraform_moved_channel", &machine.sandbox, recorder.take());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_role_in_a_bucket_that_is_given_and_taken() {
    let (machine, recorder) = Machine::recorded();
    machine.apply(&format!("{}{}", super::BUCKET, binding(&principal(&machine), "roles/contributor")));
    same_as_before("terraform_iam_binding", &machine.sandbox, recorder.take());
    machine.destroy();
    same_as_before("terraform_iam_binding_destroyed", &machine.sandbox, recorder.take());
}

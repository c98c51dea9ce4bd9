//! The unmodified provider `hcp` under Terraform, which takes our server for HCP.

mod channels;
mod data_sources;
mod imports;
mod machine;
mod resources;
mod roles;
mod transcripts;

/// The version behind `latest`, and its image, asked for in both ways.
const READ: &str = r#"
data "hcp_packer_version" "latest" {
  bucket_name  = "web-server"
  channel_name = "latest"
}

data "hcp_packer_artifact" "of_version" {
  bucket_name         = "web-server"
  version_fingerprint = data.hcp_packer_version.latest.fingerprint
  platform            = "packer.file"
  region              = "out"
}

data "hcp_packer_artifact" "of_channel" {
  bucket_name  = "web-server"
  channel_name = "latest"
  platform     = "packer.file"
  region       = "out"
}

output "fingerprint" {
  value = data.hcp_packer_version.latest.fingerprint
}

output "revoke_at" {
  value = data.hcp_packer_version.latest.revoke_at
}

output "images" {
  value = [data.hcp_packer_artifact.of_version.external_identifier, data.hcp_packer_artifact.of_channel.external_identifier]
}
"#;

const CHANNEL: &str = r#"
resource "hcp_packer_channel" "production" {
  name        = "production"
  bucket_name = "web-server"
}

resource "hcp_packer_channel_assignment" "production" {
  bucket_name         = "web-server"
  channel_name        = hcp_packer_channel.production.name
  version_fingerprint = "one"
}
"#;

const BUCKET: &str = r#"
resource "hcp_packer_bucket" "app" {
  name = "app"
}
"#;

const RUN_TASK: &str = r#"
resource "hcp_packer_run_task" "this" {}

data "hcp_packer_run_task" "this" {
  depends_on = [hcp_packer_run_task.this]
}

output "task" {
  value = data.hcp_packer_run_task.this.endpoint_url
}
"#;

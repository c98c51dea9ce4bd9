//! Images of a cloud, which is simulated, and of a child that starts from one of them.

use serde_json::{Value, json};

use super::machine::{of_hcp, text};
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A template of one image in these regions, made from `source`; `more` stands beside it.
fn template(bucket: &str, regions: &[&str], source: &str, more: &str) -> String {
    format!(
        r#"
variable "endpoint" {{
  type = string
}}
{more}
hcp_packer_registry {{
  bucket_name = "{bucket}"
}}
source "amazon-ebs" "image" {{
  ami_name      = "{bucket}-${{substr(uuidv4(), 0, 8)}}"
  ami_regions   = {regions:?}
  instance_type = "t3.micro"
  region        = "{}"
  source_ami    = {source}
  communicator  = "none"

  custom_endpoint_ec2        = var.endpoint
  skip_credential_validation = true
  skip_metadata_api_check    = true
  skip_region_validation     = true
}}
build {{
  sources = ["source.amazon-ebs.image"]
}}
"#,
        regions[0]
    )
}

const BASE: &str = r#"
data "hcp-packer-artifact" "base" {
  bucket_name    = "base"
  channel_name   = "stable"
  platform       = "aws"
  region         = "us-west-2"
  component_type = "amazon-ebs.image"
}
"#;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_child_starts_from_the_image_of_its_region_and_records_it_as_its_parent() {
    let server = Server::start(None);
    let sandbox = of_hcp(&server, Sandbox::with_amazon());
    let base = template("base", &["us-east-1", "us-west-2"], "\"ami-12c6146b\"", "");
    sandbox.build(&[&sandbox.write("base.pkr.hcl", &base)]).succeeded();
    sandbox.registry(&["channel", "assign", "--bucket", "base", "--channel", "stable", "--version", "1"]).succeeded();
    let build = sandbox.only_iteration("base")["builds"][0].clone();
    assert_eq!((&build["platform"], &build["source_external_identifier"]), (&json!("aws"), &json!("ami-12c6146b")));
    let artifacts = build["artifacts"].as_array().unwrap();
    let regions: Vec<&str> = artifacts.iter().map(|artifact| text(&artifact["region"])).collect();
    assert_eq!(regions, ["us-east-1", "us-west-2"]);
    let west: &Value = &artifacts[1]["external_identifier"];

    let child = template("child", &["us-west-2"], "data.hcp-packer-artifact.base.external_identifier", BASE);
    sandbox.build(&[&sandbox.write("child.pkr.hcl", &child)]).succeeded();
    let build = sandbox.only_iteration("child")["builds"][0].clone();
    assert_eq!(&build["source_external_identifier"], west);
    let parent = &build["parents"][0];
    assert_eq!((&parent["bucket"], &parent["version"]), (&json!("base"), &json!(1)), "{build}");
    assert_eq!((&parent["channel"], &parent["external_identifier"]), (&json!("stable"), west));
}

//! The unmodified provider `hcp` under Terraform, which takes our server for HCP.

use serde_json::Value;

use super::machine::template;
use crate::support::peers;
use crate::support::ran::Ran;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A machine with Terraform, and a server on which Packer built an image: `web-server`, of the fingerprint `one`.
struct Machine {
    sandbox: Sandbox,
    // Until the end of the test.
    _server: Server,
}

impl Machine {
    fn new() -> Self {
        let server = Server::start(None);
        let sandbox = server.used_by(Sandbox::new());
        let variables = sandbox.json(&["env"]);
        let set = |sandbox: Sandbox, (name, value): (&String, &Value)| sandbox.with(name, value.as_str().unwrap());
        let sandbox = variables.as_object().unwrap().iter().fold(sandbox, set);
        let provider = peers::get("terraform-provider-hcp");
        let settings = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"hashicorp/hcp\" = \"{}\"\n  }}\n  direct {{}}\n}}\n",
            provider.parent().unwrap().display()
        );
        let settings = sandbox.write("terraform.rc", &settings);
        let machine = Self { sandbox: sandbox.with("TF_CLI_CONFIG_FILE", &settings), _server: server };
        machine.build("one");
        machine
    }

    /// Builds an image with Packer, as a version of `web-server`.
    fn build(&self, fingerprint: &str) {
        let text = template("  bucket_name = \"web-server\"", &[("image", "out/image.txt")]);
        let file = self.sandbox.write("image.pkr.hcl", &text);
        let mut build = self.sandbox.build_command(&["-force", &file]);
        Ran::from(build.env("HCP_PACKER_BUILD_FINGERPRINT", fingerprint).output().unwrap()).succeeded();
    }

    /// Writes the configuration, and applies it.
    fn apply(&self, configuration: &str) -> Ran {
        let text = format!(
            "terraform {{\n  required_providers {{\n    hcp = {{ source = \"hashicorp/hcp\" }}\n  }}\n}}\n{configuration}"
        );
        self.sandbox.write("main.tf", &text);
        self.terraform(&["apply", "-auto-approve", "-no-color"]).succeeded()
    }

    fn terraform(&self, arguments: &[&str]) -> Ran {
        self.sandbox.terraform(arguments)
    }

    /// Plans; answers whether there is something to do.
    fn wants_changes(&self) -> bool {
        let ran = self.terraform(&["plan", "-no-color", "-detailed-exitcode"]);
        match ran.code() {
            Some(0) => false,
            Some(2) => true,
            _ => panic!("{}", ran.text),
        }
    }

    fn outputs(&self) -> Value {
        let ran = self.terraform(&["output", "-json"]).succeeded();
        let outputs: Value = serde_json::from_str(&ran.stdout).unwrap();
        let values = outputs.as_object().unwrap().iter();
        values.map(|(name, output)| (name.clone(), output["value"].clone())).collect()
    }

    fn registry(&self, arguments: &[&str]) -> Ran {
        self.sandbox.registry(arguments).succeeded()
    }
}

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

#[test]
fn what_packer_built_is_read_by_the_data_sources() {
    let machine = Machine::new();
    machine.apply(&format!(
        "{READ}\ndata \"hcp_packer_bucket_names\" \"all\" {{}}\noutput \"names\" {{\n  value = data.hcp_packer_bucket_names.all.names\n}}\n"
    ));
    let outputs = machine.outputs();
    assert_eq!(outputs["fingerprint"], "one");
    assert_eq!(outputs["images"], serde_json::json!(["image.txt", "image.txt"]));
    assert_eq!(outputs["names"], serde_json::json!(["web-server"]));
    assert!(!machine.wants_changes());
}

#[test]
fn a_second_plan_has_nothing_to_do_and_what_is_destroyed_is_gone() {
    let machine = Machine::new();
    let run_task = "resource \"hcp_packer_run_task\" \"this\" {}\n
        data \"hcp_packer_run_task\" \"this\" {\n  depends_on = [hcp_packer_run_task.this]\n}\n
        output \"task\" {\n  value = data.hcp_packer_run_task.this.endpoint_url\n}\n";
    machine.apply(&format!("{CHANNEL}{BUCKET}{run_task}"));
    assert!(machine.outputs()["task"].as_str().unwrap().contains("/terraform-cloud/validation/"));
    assert!(!machine.wants_changes());
    let shown = machine.sandbox.json(&["channel", "show", "-b", "web-server", "-c", "production"]);
    assert_eq!(shown["assignment"]["fingerprint"], "one");
    let hidden =
        CHANNEL.replace("  name        = \"production\"\n", "  name        = \"production\"\n  restricted  = true\n");
    machine.apply(&format!("{hidden}{BUCKET}{run_task}"));
    assert_eq!(machine.sandbox.json(&["channel", "show", "-b", "web-server", "-c", "production"])["restricted"], true);
    machine.terraform(&["destroy", "-auto-approve", "-no-color"]).succeeded();
    machine.sandbox.registry(&["bucket", "show", "app"]).exits(3);
    machine.sandbox.registry(&["channel", "show", "-b", "web-server", "-c", "production"]).exits(3);
}

#[test]
fn what_is_there_already_is_imported() {
    let machine = Machine::new();
    machine.registry(&["channel", "assign", "-b", "web-server", "-c", "production", "--fingerprint", "one"]);
    machine.apply("");
    machine.sandbox.write("more.tf", &format!("{CHANNEL}{BUCKET}"));
    let project = machine.sandbox.json(&["registry", "show"])["project_id"].as_str().unwrap().to_owned();
    machine.terraform(&["apply", "-auto-approve", "-target=hcp_packer_bucket.app"]).succeeded();
    machine.terraform(&["state", "rm", "hcp_packer_bucket.app"]).succeeded();
    for (resource, id) in [
        ("hcp_packer_bucket.app", format!("packer/project/{project}/bucket/app")),
        ("hcp_packer_channel.production", format!("{project}:web-server:production")),
        ("hcp_packer_channel_assignment.production", "web-server:production".to_owned()),
    ] {
        machine.terraform(&["import", "-no-color", resource, &id]).succeeded();
    }
    assert!(!machine.wants_changes());
}

#[test]
fn a_channel_that_moved_between_two_plans_is_moved_back() {
    let machine = Machine::new();
    machine.apply(&format!("{READ}{CHANNEL}"));
    machine.build("two");
    machine.registry(&["channel", "assign", "-b", "web-server", "-c", "production", "--fingerprint", "two"]);
    assert!(machine.wants_changes());
    machine.apply(&format!("{READ}{CHANNEL}"));
    assert_eq!(machine.outputs()["fingerprint"], "two", "latest has moved on");
    let shown = machine.sandbox.json(&["channel", "show", "-b", "web-server", "-c", "production"]);
    assert_eq!(shown["assignment"]["fingerprint"], "one");
}

#[test]
fn a_revocation_is_told_by_its_time() {
    let machine = Machine::new();
    machine.build("two");
    machine.apply(READ);
    assert!(machine.outputs()["revoke_at"].as_str().unwrap().starts_with("0001-"), "the provider's word for none");
    let revoke = ["iteration", "revoke", "-b", "web-server", "-f", "two", "--reason", "old", "--yes"];
    machine.registry(&[&revoke[..], &["--at", "2999-01-01T00:00:00Z"]].concat());
    machine.apply(READ);
    assert_eq!(machine.outputs()["revoke_at"], "2999-01-01T00:00:00.000Z");
    machine.registry(&revoke);
    machine.apply(READ);
    assert_eq!(machine.outputs()["fingerprint"], "one", "latest leaves what is revoked");
}

#[test]
fn roles_in_a_bucket_are_given_as_a_binding_and_as_a_policy() {
    let machine = Machine::new();
    let made = machine.sandbox.json(&["principal", "create", "ci", "--project", "default"]);
    let id = made["id"].as_str().unwrap();
    let held = || {
        let held = machine.sandbox.json(&["role", "list", "--bucket", "app"]);
        held.as_array().unwrap().iter().map(|held| held["role"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    machine.apply(&format!(
        "{BUCKET}\nresource \"hcp_packer_bucket_iam_binding\" \"ci\" {{\n  resource_name = hcp_packer_bucket.app.resource_name\n  principal_id  = \"{id}\"\n  role          = \"roles/contributor\"\n}}\n"
    ));
    assert!(!machine.wants_changes());
    assert_eq!(held(), ["contributor"]);
    machine.apply(&format!(
        "{BUCKET}\ndata \"hcp_iam_policy\" \"app\" {{\n  bindings = [{{ role = \"roles/viewer\", principals = [\"{id}\"] }}]\n}}\nresource \"hcp_packer_bucket_iam_policy\" \"app\" {{\n  resource_name = hcp_packer_bucket.app.resource_name\n  policy_data   = data.hcp_iam_policy.app.policy_data\n}}\n"
    ));
    assert!(!machine.wants_changes());
    assert_eq!(held(), ["viewer"]);
}

use std::process::Command;

use serde_json::Value;

use super::machine::template;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// What `env` prints in the notation of `shell`.
fn printed(sandbox: &Sandbox, shell: &str) -> String {
    sandbox.registry(&["env", "--shell", shell]).succeeded().stdout
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn what_env_prints_is_all_that_packer_needs() {
    let server = Server::start(None);
    let sandbox = server.used_by(Sandbox::new());
    let variables = sandbox.json(&["env"]);
    let set = |sandbox: Sandbox, (name, value): (&String, &Value)| sandbox.with(name, value.as_str().unwrap());
    let sandbox = variables.as_object().unwrap().iter().fold(sandbox, set);
    let text = template("  bucket_name = \"from-env\"", &[("one", "one.txt")]);
    sandbox.build(&[&sandbox.write("image.pkr.hcl", &text)]).succeeded().says("Published metadata to HCP Packer");
    assert_eq!(sandbox.only_iteration("from-env")["version"], 1);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_shell_that_reads_the_lines_has_the_variables() {
    let server = Server::start(None);
    let sandbox = server.used_by(Sandbox::new());
    let variables = sandbox.json(&["env"]);
    let script = format!("{}printenv", printed(&sandbox, "bash"));
    let output = Command::new("sh").env_clear().args(["-euc", &script]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    for (name, value) in variables.as_object().unwrap() {
        let line = format!("{name}={}", value.as_str().unwrap());
        assert!(said.lines().any(|found| found == line), "{line}\n{said}");
        assert!(printed(&sandbox, "dotenv").lines().any(|found| found == line), "{line}");
    }
    assert!(printed(&sandbox, "fish").contains("set -gx HCP_PROJECT_ID '"));
    assert!(printed(&sandbox, "powershell").contains("$env:HCP_PROJECT_ID = '"));
    let secret = variables["HCP_CLIENT_SECRET"].as_str().unwrap();
    let github = sandbox.registry(&["env", "--shell", "github"]).succeeded();
    assert!(github.stderr.lines().any(|line| line == format!("::add-mask::{secret}")), "{}", github.text);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn env_says_what_it_cannot_point_clients_at() {
    let sandbox = Sandbox::new();
    sandbox.registry(&["env"]).failed().says("has no address for clients of HCP");
    sandbox.registry(&["env", "--url", "http://localhost:1"]).failed().says("by https only");
    let nameless = Sandbox::new().with("PACKER_REGISTRY_URL", "https://localhost:1");
    nameless.registry(&["env"]).failed().says("need a client id and a secret");
}

use serde_json::{Value, json};

use super::machine::{on_hcp, template};
use crate::hcp::project::Packer;
use crate::support::sandbox::{Sandbox, text_of};
use crate::support::server::Server;

/// Links a new block with this content to the bucket `web`.
pub(super) fn enforce(packer: &Packer<'_>, name: &str, content: &str) {
    let body = json!({"name": name, "version": "v1", "block_content": content});
    let block = packer.put("/enforced_blocks", &body)["enforced_block"].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, version) = (text(&block["id"]), text(&block["latest_version"]["id"]));
    packer.post(&format!("/enforced_blocks/{id}/versions/{version}/buckets"), &json!({"bucket_names": ["web"]}));
}

/// What a provisioner does that leaves a file behind.
pub(super) fn touch(sandbox: &Sandbox, name: &str) -> String {
    format!("touch {}", text_of(&sandbox.path(name)))
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_runs_the_provisioners_that_its_bucket_is_linked_to() {
    let server = Server::start(None);
    let (packer, sandbox) = (Packer::owner(&server), on_hcp(&server));
    packer.bucket();
    let hcl = format!("provisioner \"shell-local\" {{\n  inline = [\"{}\"]\n}}\n", touch(&sandbox, "hcl"));
    enforce(&packer, "hcl", &hcl);
    let json = json!({"provisioner": [{"shell-local": {"inline": [touch(&sandbox, "json")]}}]});
    enforce(&packer, "json", &json.to_string());
    let legacy = json!({"provisioners": [{"type": "shell-local", "inline": [touch(&sandbox, "legacy")]}]});
    enforce(&packer, "legacy", &legacy.to_string());

    let path = sandbox.write("web.pkr.hcl", &template("  bucket_name = \"web\"", &[("x", "out/x.txt")]));
    sandbox.build(&["-skip-enforcement", &path]).succeeded();
    let ran = |sandbox: &Sandbox| ["hcl", "json", "legacy"].map(|name| sandbox.path(name).exists());
    assert_eq!(ran(&sandbox), [false; 3]);
    sandbox.build(&["-force", &path]).succeeded();
    assert_eq!(ran(&sandbox), [true; 3]);
    let other = sandbox.write("app.pkr.hcl", &template("  bucket_name = \"app\"", &[("x", "out/y.txt")]));
    std::fs::remove_file(sandbox.path("hcl")).unwrap();
    sandbox.build(&[&other]).succeeded();
    assert_eq!(ran(&sandbox), [false, true, true], "another bucket is not linked");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_fails_with_a_provisioner_that_its_bucket_is_linked_to() {
    let server = Server::start(None);
    let (packer, sandbox) = (Packer::owner(&server), on_hcp(&server));
    packer.bucket();
    enforce(&packer, "never", "provisioner \"shell-local\" {\n  inline = [\"exit 7\"]\n}\n");
    let path = sandbox.write("web.pkr.hcl", &template("  bucket_name = \"web\"", &[("x", "out/x.txt")]));
    sandbox.build(&[&path]).failed();
    assert_eq!(sandbox.only_iteration("web")["status"], "incomplete");
}

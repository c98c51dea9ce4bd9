//! Our answers, as the models of HCP's SDK read them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::project::{Packer, Project};
use super::sboms::{compressed, cyclonedx};
use crate::support::ran::Ran;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/hcpcheck");

/// A registry in which everything has something to say.
fn fill(packer: &Packer<'_>) {
    packer.put("/buckets", &json!({"name": "web", "description": "The shop", "labels": {"team": "blue"}}));
    packer.complete("base");
    packer.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "base"}));
    let parent = packer.get("/buckets/web/versions/base")["version"]["id"].clone();
    let builds = packer.version("one", &["amazon-ebs.east", "amazon-ebs.west"]);
    for build in &builds {
        let from = json!({
            "parent_version_id": parent, "source_external_identifier": "ami-1",
            "metadata": {"packer": {"version": "1.16.0", "plugins": []}, "cicd": null, "vcs": {"type": "git"}},
        });
        packer.patch(&format!("/buckets/web/versions/one/builds/{build}"), &from);
        packer.finish("one", build);
    }
    packer.version("two", &["file.x"]);
    let block = json!({
        "name": "harden", "version": "v1", "block_content": "provisioner \"shell\" {}", "template_type": "HCL2",
        "labels": {"team": "blue"}, "additional_description": "the first",
    });
    packer.put("/enforced_blocks", &block);
}

#[test]
#[ignore = "needs Go"]
fn the_sdk_of_hcp_reads_all_that_is_answered_and_writes_the_same() {
    let project = Project::start();
    let packer = project.owner();
    fill(&packer);
    let builds = packer.get("/buckets/web/versions/one/builds");
    let build = format!("/buckets/web/versions/one/builds/{}", builds["builds"][0]["id"].as_str().unwrap());
    let block = packer.get("/enforced_blocks")["enforced_blocks"][0]["id"].clone();
    let block = format!("/enforced_blocks/{}", block.as_str().unwrap());
    let version = packer.get(&block)["enforced_block"]["latest_version"]["id"].clone();
    let version = format!("{block}/versions/{}", version.as_str().unwrap());
    let another = json!({"name": "clean", "version": "v1", "block_content": "provisioner \"shell\" {}"});
    let another_version =
        json!({"version": "v2", "block_content": "provisioner \"shell\" {}", "template_type": "JSON"});
    let pending = packer.get("/buckets/web/versions/two/builds")["builds"][0]["id"].clone();
    let pending = format!("/buckets/web/versions/two/builds/{}", pending.as_str().unwrap());
    let sbom = json!({"format": "CYCLONEDX", "name": "packages", "compressed_sbom": compressed(&cyclonedx())});
    let promote = json!({"source_channel": "stable", "target_channel": "stable"});
    let revoke = json!({"revoke_in": "0s", "revocation_message": "a hole", "disable_rollback_channels": true});
    let answers = [
        ("GetRegistryResponse", packer.get("/registry")),
        ("GetBucketResponse", packer.get("/buckets/web")),
        ("ListBucketsResponse", packer.get("/buckets")),
        ("ListBuildsResponse", builds),
        ("GetBuildResponse", packer.get(&build)),
        ("GetVersionResponse", packer.get("/buckets/web/versions/two")),
        ("GetVersionResponse", packer.get("/buckets/web/versions/one")),
        ("ListVersionsResponse", packer.get("/buckets/web/versions?pagination.page_size=1")),
        ("UploadSbomResponse", packer.put(&format!("{pending}/sboms"), &sbom)),
        ("ListSbomsResponse", packer.get(&format!("{pending}/sboms"))),
        ("GetSbomResponse", packer.get(&format!("{pending}/sboms/packages"))),
        ("ListBuildPackagesResponse", packer.get(&format!("{pending}/packages"))),
        ("ListBucketPackagesResponse", packer.get("/buckets/web/packages")),
        ("CreateEnforcedBlockResponse", packer.put("/enforced_blocks", &another)),
        ("CreateEnforcedBlockVersionResponse", packer.put(&format!("{block}/versions"), &another_version)),
        ("UpdateEnforcedBlockResponse", packer.patch(&block, &json!({"name": "harder"}))),
        ("UpdateEnforcedBlockVersionResponse", packer.patch(&version, &json!({"additional_description": "x"}))),
        (
            "ManageEnforcedBlockLinkedBucketsResponse",
            packer.post(&format!("{version}/buckets"), &json!({"bucket_names": ["web"]})),
        ),
        ("GetEnforcedBlockLinkedBucketsResponse", packer.get(&format!("{version}/buckets"))),
        ("ListEnforcedBlocksResponse", packer.get("/enforced_blocks")),
        ("GetEnforcedBlockResponse", packer.get(&block)),
        ("GetEnforcedBlockVersionsResponse", packer.get(&format!("{block}/versions"))),
        ("GetEnforcedBlocksByBucketResponse", packer.get("/enforced_blocks/bucket/web")),
        ("ListChannelsResponse", packer.get("/buckets/web/channels")),
        ("AssignChannelVersionResponse", packer.post("/buckets/web/channels/assign", &promote)),
        ("UpdateVersionResponse", packer.patch("/buckets/web/versions/base", &revoke)),
        ("GetVersionResponse", packer.get("/buckets/web/versions/one")),
        ("GetChannelResponse", packer.get("/buckets/web/channels/stable")),
        ("GetChannelResponse", packer.get("/buckets/web/channels/latest")),
        ("ListChannelAssignmentHistoryResponse", packer.get("/buckets/web/channels/stable/history")),
    ];
    hcpcheck(&answers).succeeded();
}

fn hcpcheck(answers: &[(&str, Value)]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("hcpcheck");
    let built = Command::new("go").current_dir(SOURCE).args(["build", "-o"]).arg(&program).arg(".").status();
    assert!(built.expect("Go is installed and on the PATH").success(), "hcpcheck builds");
    let mut lines = String::new();
    for (model, answer) in answers {
        writeln!(lines, "{model}\t{answer}").unwrap();
    }
    let piped =
        |program| Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = piped(&program).unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

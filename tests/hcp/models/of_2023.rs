use serde_json::{Value, json};

use super::Answer;
use crate::hcp::project::{Packer, Project, RUN};
use crate::hcp::sboms::{compressed, cyclonedx, spdx};

/// What the API of 2023-01-01 answers where everything has something to say.
pub(super) fn answers(project: &Project) -> Vec<Answer> {
    let packer = project.owner();
    let mut all = recorded(&packer);
    all.extend(read(&packer));
    all.extend(enforced(&packer));
    all.extend(governed(&packer));
    all.into_iter().map(|(model, answer)| ("packer 2023-01-01", model, answer)).collect()
}

type Named = (&'static str, Value);

/// What those are answered who record: a child of `base` that was found by its channel, and a version that is not done.
fn recorded(packer: &Packer<'_>) -> Vec<Named> {
    let bucket = json!({"name": "web", "description": "The shop", "labels": {"team": "blue"}});
    let mut answers = vec![
        ("CreateBucketResponse", packer.put("/buckets", &bucket)),
        ("CreateVersionResponse", packer.post("/buckets/web/versions", &json!({"fingerprint": "base"}))),
    ];
    let base = packer.build("base", "amazon-ebs.east");
    let sbom = json!({"format": "SPDX", "name": "base", "compressed_sbom": compressed(&spdx())});
    packer.put(&format!("/buckets/web/versions/base/builds/{base}/sboms"), &sbom);
    packer.finish("base", &base);
    let channel = json!({"name": "stable", "restricted": true, "version_fingerprint": "base"});
    let channel = packer.post("/buckets/web/channels", &channel);
    let parent = packer.get("/buckets/web/versions/base")["version"]["id"].clone();
    packer.put("/buckets", &json!({"name": "app", "labels": {"team": "red"}}));
    packer.post("/buckets/app/versions", &json!({"fingerprint": "one", "template_type": "HCL2"}));
    let metadata = json!({
        "packer": {"version": "1.16.0", "plugins": [{"name": "amazon", "version": "1.2.3"}], "os": {"type": "linux"}},
        "cicd": {"type": "github", "details": {"run": "7"}}, "vcs": {"type": "git", "details": {"ref": "main"}},
    });
    let announced = json!({"component_type": "amazon-ebs.app", "packer_run_uuid": RUN, "status": "BUILD_UNSET"});
    let build = packer.post("/buckets/app/versions/one/builds", &announced);
    let done = json!({
        "status": "BUILD_DONE", "platform": "aws", "labels": {"os": "linux"}, "metadata": metadata,
        "parent_version_id": parent, "parent_channel_id": channel["channel"]["id"],
        "source_external_identifier": format!("ami-{base}"),
        "artifacts": [{"external_identifier": "ami-app", "region": "us-east-1"}],
    });
    let path = format!("/buckets/app/versions/one/builds/{}", build["build"]["id"].as_str().unwrap());
    answers.extend([
        ("CreateChannelResponse", channel),
        ("CreateBuildResponse", build),
        ("UpdateBuildResponse", packer.patch(&path, &done)),
        ("UpdateBucketResponse", packer.patch("/buckets/web", &json!({"description": "The shops"}))),
    ]);
    packer.version("two", &["file.x"]);
    answers
}

/// What those are answered who read.
fn read(packer: &Packer<'_>) -> Vec<Named> {
    let build = packer.get("/buckets/app/versions/one/builds");
    let build = format!("/buckets/app/versions/one/builds/{}", build["builds"][0]["id"].as_str().unwrap());
    let pending = packer.get("/buckets/web/versions/two/builds")["builds"][0]["id"].clone();
    let pending = format!("/buckets/web/versions/two/builds/{}", pending.as_str().unwrap());
    let sbom = json!({"format": "CYCLONEDX", "name": "packages", "compressed_sbom": compressed(&cyclonedx())});
    let first = packer.get("/buckets/web/versions?pagination.page_size=1");
    let token = first["pagination"]["next_page_token"].as_str().unwrap();
    let second = format!("/buckets/web/versions?pagination.page_size=1&pagination.next_page_token={token}");
    vec![
        ("GetRegistryResponse", packer.get("/registry")),
        ("GetBucketResponse", packer.get("/buckets/web")),
        ("GetBucketResponse", packer.get("/buckets/app")),
        ("ListBucketsResponse", packer.get("/buckets?pagination.page_size=1")),
        ("ListBuildsResponse", packer.get("/buckets/app/versions/one/builds")),
        ("GetBuildResponse", packer.get(&build)),
        ("GetVersionResponse", packer.get("/buckets/web/versions/two")),
        ("GetVersionResponse", packer.get("/buckets/web/versions/base")),
        ("GetVersionResponse", packer.get("/buckets/app/versions/one")),
        ("ListVersionsResponse", packer.get(&second)),
        ("ListVersionsResponse", first),
        ("UploadSbomResponse", packer.put(&format!("{pending}/sboms"), &sbom)),
        ("ListSbomsResponse", packer.get(&format!("{pending}/sboms"))),
        ("GetSbomResponse", packer.get(&format!("{pending}/sboms/packages"))),
        ("ListBuildPackagesResponse", packer.get(&format!("{pending}/packages"))),
        ("ListBucketPackagesResponse", packer.get("/buckets/web/packages")),
        ("ListBucketAncestryResponse", packer.get("/buckets/app/ancestry")),
        (
            "SearchExternalArtifactResponse",
            packer.post("/_search/external_artifact", &json!({"external_identifier": "ami-app"})),
        ),
        ("GetRegistryTFCRunTaskAPIResponse", packer.get("/runtasks/validation")),
        ("GetRunTaskConfigResponse", packer.get("/runtasks/config")),
    ]
}

/// What those are answered who enforce provisioners.
fn enforced(packer: &Packer<'_>) -> Vec<Named> {
    let block = json!({
        "name": "harden", "version": "v1", "block_content": "provisioner \"shell\" {}", "template_type": "HCL2",
        "labels": {"team": "blue"}, "additional_description": "the first",
    });
    let made = packer.put("/enforced_blocks", &block);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let path = format!("/enforced_blocks/{}", text(&made["enforced_block"]["id"]));
    let version = format!("{path}/versions/{}", text(&made["enforced_block"]["latest_version"]["id"]));
    let another = json!({"version": "v2", "block_content": "provisioner \"shell\" {}", "template_type": "JSON"});
    let linked = json!({"bucket_names": ["web"]});
    vec![
        ("CreateEnforcedBlockResponse", made),
        ("CreateEnforcedBlockVersionResponse", packer.put(&format!("{path}/versions"), &another)),
        ("UpdateEnforcedBlockResponse", packer.patch(&path, &json!({"name": "harder"}))),
        ("UpdateEnforcedBlockVersionResponse", packer.patch(&version, &json!({"additional_description": "x"}))),
        ("ManageEnforcedBlockLinkedBucketsResponse", packer.post(&format!("{version}/buckets"), &linked)),
        ("GetEnforcedBlockLinkedBucketsResponse", packer.get(&format!("{version}/buckets"))),
        ("ListEnforcedBlocksResponse", packer.get("/enforced_blocks")),
        ("GetEnforcedBlockResponse", packer.get(&path)),
        ("GetEnforcedBlockVersionsResponse", packer.get(&format!("{path}/versions"))),
        ("GetEnforcedBlocksByBucketResponse", packer.get("/enforced_blocks/bucket/web")),
    ]
}

/// What those are answered who govern: in the end, `base` is revoked, and the child has inherited that.
fn governed(packer: &Packer<'_>) -> Vec<Named> {
    let promote = json!({"source_channel": "stable", "target_channel": "candidate"});
    packer.post("/buckets/web/channels", &json!({"name": "candidate"}));
    packer.post("/buckets/app/channels", &json!({"name": "stable", "version_fingerprint": "one"}));
    let mut answers = vec![
        ("AssignChannelVersionResponse", packer.post("/buckets/web/channels/assign", &promote)),
        ("UpdateChannelResponse", packer.patch("/buckets/web/channels/stable", &json!({"restricted": false}))),
    ];
    packer.patch("/buckets/app/channels/stable", &json!({"restricted": true}));
    let revoke = json!({"revoke_in": "0s", "revocation_message": "a hole", "disable_rollback_channels": true});
    let found = json!({"external_identifier": "ami-app"});
    let out_of_use = json!({"activated": false, "update_mask": "activated"});
    let warn = json!({"on_untracked_image": "WARN"});
    answers.extend([
        ("UpdateVersionResponse", packer.patch("/buckets/web/versions/base", &revoke)),
        ("GetVersionResponse", packer.get("/buckets/app/versions/one")),
        ("SearchExternalArtifactResponse", packer.post("/_search/external_artifact", &found)),
        ("ListChannelsResponse", packer.get("/buckets/web/channels")),
        ("GetChannelResponse", packer.get("/buckets/app/channels/stable")),
        ("GetChannelResponse", packer.get("/buckets/web/channels/latest")),
        ("ListChannelAssignmentHistoryResponse", packer.get("/buckets/web/channels/stable/history")),
        ("RegenerateTFCRunTaskHmacKeyResponse", packer.patch("/runtasks/hmac", &json!({}))),
        ("UpdateRunTaskConfigResponse", packer.patch("/runtasks/config", &warn)),
        ("UpdateRegistryResponse", packer.patch("/registry", &out_of_use)),
        ("DeleteRegistryResponse", packer.call(axum::http::Method::DELETE, "/registry", &Value::Null).1),
        ("CreateRegistryResponse", packer.put("/registry", &json!({"feature_tier": "PLUS"}))),
    ]);
    answers
}

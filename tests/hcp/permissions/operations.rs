//! A request for each operation, on what stands in a bucket; what changes something has its own to change.

use serde_json::{Value, json};

use super::asked::{Asked, at_fresh_build, at_fresh_version, policy};
use super::shop::{Shop, Standing};
use crate::hcp::project::RUN;
use crate::hcp::sboms::{compressed, cyclonedx};

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What is everybody's.
    Own,
    /// Which projects there are.
    Projects,
    /// The roles in the organization.
    Organization,
    /// What whoever holds any role in the project may know of it.
    Project,
    /// To read a bucket.
    Read,
    /// To read what is restricted in a bucket.
    Restricted,
    /// To record builds in a bucket that is there.
    Push,
    /// To revoke versions, and to move channels.
    Govern,
    /// To create and delete buckets.
    Buckets,
    /// To give roles on a bucket.
    BucketRoles,
    /// To read what holds for the whole project.
    ReadAll,
    /// To set what holds for the whole project.
    Settings,
    /// To give roles in the project.
    ProjectRoles,
    /// What this server does not do.
    Unserved,
}

pub(super) struct Operation {
    /// As the description has it, or for what is not described, the method and the path.
    pub(super) id: &'static str,
    pub(super) kind: Kind,
    pub(super) ask: fn(&Shop<'_>, &Standing) -> Asked,
}

const fn operation(id: &'static str, kind: Kind, ask: fn(&Shop<'_>, &Standing) -> Asked) -> Operation {
    Operation { id, kind, ask }
}

/// What is asked of what stands there, without a body.
fn plain(_: &Shop<'_>, standing: &Standing) -> Asked {
    Asked::at(standing)
}

fn fresh_bucket(shop: &Shop<'_>, standing: &Standing) -> Asked {
    let name = shop.bucket();
    Asked::at(standing).with("bucket_name", name.as_str()).with("bucket_slug", name)
}

fn fresh_channel(shop: &Shop<'_>, standing: &Standing) -> Asked {
    let name = shop.channel(standing.bucket);
    Asked::at(standing).with("channel_name", name.as_str()).with("slug", name)
}

fn hidden(_: &Shop<'_>, standing: &Standing) -> Asked {
    Asked::at(standing).with("channel_name", "canary-hidden").with("slug", "canary-hidden")
}

fn fresh_block(shop: &Shop<'_>, standing: &Standing) -> Asked {
    let (block, version) = shop.block();
    Asked::at(standing).with("enforced_block_id", block).with("enforced_block_version_id", version)
}

fn search_body() -> Value {
    json!({"external_identifier": "ami-canary"})
}

/// What the descriptions of the API of 2023-01-01 know.
pub(super) const OF_2023: &[Operation] = &[
    operation("ListBuckets", Kind::Project, plain),
    operation("CreateBucket", Kind::Buckets, |shop, at| Asked::at(at).body(json!({"name": shop.fresh()}))),
    operation("GetBucket", Kind::Read, plain),
    operation("UpdateBucket", Kind::Push, |_, at| Asked::at(at).body(json!({"description": "plain"}))),
    operation("DeleteBucket", Kind::Buckets, fresh_bucket),
    operation("ListBucketAncestry", Kind::Read, plain),
    operation("ListChannels", Kind::Read, plain),
    operation("CreateChannel", Kind::Govern, |shop, at| Asked::at(at).body(json!({"name": shop.fresh()}))),
    operation("AssignChannelVersion", Kind::Govern, |shop, at| {
        let target = shop.channel(at.bucket);
        Asked::at(at).body(json!({"source_channel": "canary-shown", "target_channel": target}))
    }),
    operation("AssignChannelVersion", Kind::Govern, |shop, at| {
        let target = shop.channel(at.bucket);
        Asked::at(at).body(json!({"source_channel": "canary-hidden", "target_channel": target}))
    }),
    operation("GetChannel", Kind::Read, plain),
    operation("GetChannel", Kind::Restricted, hidden),
    operation("UpdateChannel", Kind::Govern, |shop, at| {
        fresh_channel(shop, at).body(json!({"version_fingerprint": "canary-one", "update_mask": "versionFingerprint"}))
    }),
    operation("UpdateChannel", Kind::Govern, |shop, at| fresh_channel(shop, at).body(json!({}))),
    operation("DeleteChannel", Kind::Govern, fresh_channel),
    operation("ListChannelAssignmentHistory", Kind::Read, plain),
    operation("ListChannelAssignmentHistory", Kind::Restricted, hidden),
    operation("ListVersions", Kind::Read, plain),
    operation("CreateVersion", Kind::Push, |shop, at| Asked::at(at).body(json!({"fingerprint": shop.fresh()}))),
    operation("GetVersion", Kind::Read, plain),
    operation("UpdateVersion", Kind::Govern, |_, at| Asked::at(at).body(json!({"complete": true}))),
    operation("UpdateVersion", Kind::Govern, |_, at| Asked::at(at).body(json!({}))),
    operation("UpdateVersion", Kind::Govern, |shop, at| {
        let revoke = json!({"revoke_in": "0s", "revocation_message": "plain"});
        at_fresh_version(shop, at).body(revoke)
    }),
    operation("UpdateVersion", Kind::Govern, |shop, at| at_fresh_version(shop, at).body(json!({"restore": true}))),
    operation("DeleteVersion", Kind::Govern, at_fresh_build),
    operation("ListBuilds", Kind::Read, plain),
    operation("CreateBuild", Kind::Push, |shop, at| {
        at_fresh_build(shop, at).body(json!({
            "component_type": "plain.west", "packer_run_uuid": RUN, "status": "BUILD_UNSET",
            "parent_version_id": at.version,
        }))
    }),
    operation("GetBuild", Kind::Read, plain),
    operation("UpdateBuild", Kind::Push, |shop, at| {
        at_fresh_build(shop, at).body(json!({"status": "BUILD_RUNNING", "parent_version_id": at.version}))
    }),
    operation("DeleteBuild", Kind::Govern, at_fresh_build),
    operation("ListSboms", Kind::Read, plain),
    operation("UploadSbom", Kind::Push, |shop, at| {
        let document = compressed(&cyclonedx());
        at_fresh_build(shop, at).body(json!({"format": "CYCLONEDX", "compressed_sbom": document}))
    }),
    operation("GetSbom", Kind::Read, plain),
    operation("ListBuildPackages", Kind::Read, plain),
    operation("ListBucketPackages", Kind::Read, plain),
    operation("ListBucketPackagesVulnerabilitySummary", Kind::Unserved, plain),
    operation("ListBucketPackagesWithVulnerabilities", Kind::Unserved, plain),
    operation("ListBucketVulnerabilities", Kind::Unserved, plain),
    operation("ListEnforcedBlocks", Kind::ReadAll, plain),
    operation("CreateEnforcedBlock", Kind::Settings, |shop, at| {
        Asked::at(at).body(json!({"name": shop.fresh(), "version": "v1", "block_content": "plain"}))
    }),
    operation("GetEnforcedBlocksByBucket", Kind::Read, plain),
    operation("GetEnforcedBlock", Kind::ReadAll, plain),
    operation("UpdateEnforcedBlock", Kind::Settings, |shop, at| {
        fresh_block(shop, at).body(json!({"labels": {}, "update_mask": "labels"}))
    }),
    operation("UpdateEnforcedBlock", Kind::Settings, |_, at| Asked::at(at).body(json!({}))),
    operation("DeleteEnforcedBlock", Kind::Settings, fresh_block),
    operation("GetEnforcedBlockVersions", Kind::ReadAll, plain),
    operation("CreateEnforcedBlockVersion", Kind::Settings, |shop, at| {
        fresh_block(shop, at).body(json!({"version": "v2", "block_content": "plain"}))
    }),
    operation("UpdateEnforcedBlockVersion", Kind::Settings, |shop, at| {
        fresh_block(shop, at).body(json!({"additional_description": "plain"}))
    }),
    operation("UpdateEnforcedBlockVersion", Kind::Settings, |_, at| Asked::at(at).body(json!({}))),
    operation("DeleteEnforcedBlockVersion", Kind::Settings, fresh_block),
    operation("GetEnforcedBlockLinkedBuckets", Kind::ReadAll, plain),
    operation("ManageEnforcedBlockLinkedBuckets", Kind::Settings, |shop, at| {
        fresh_block(shop, at).body(json!({"bucket_names": [at.bucket]}))
    }),
    operation("ManageEnforcedBlockLinkedBuckets", Kind::Settings, |_, at| {
        Asked::at(at).body(json!({"bucket_names": null}))
    }),
    operation("GetRegistry", Kind::Project, plain),
    operation("CreateRegistry", Kind::Settings, |_, at| Asked::at(at).body(json!({"feature_tier": "PLUS"}))),
    operation("UpdateRegistry", Kind::Settings, |_, at| Asked::at(at).body(json!({"feature_tier": "PLUS"}))),
    operation("DeleteRegistry", Kind::Settings, plain),
    operation("GetRunTaskConfig", Kind::Project, plain),
    operation("UpdateRunTaskConfig", Kind::Settings, |_, at| Asked::at(at).body(json!({"on_untracked_image": "WARN"}))),
    operation("RegenerateRunTaskHmacKey", Kind::Settings, |_, at| Asked::at(at).body(json!({}))),
    operation("GetRunTask", Kind::Settings, plain),
    operation("SearchExternalArtifact", Kind::Project, |_, at| Asked::at(at).body(search_body())),
    operation("SearchByLabels", Kind::Read, |_, at| Asked::at(at).body(json!({"labels": {"bird": "canary-bird"}}))),
    operation("SearchByLabels", Kind::Restricted, |shop, at| hidden(shop, at).body(json!({}))),
];

/// What the description of the API of 2021-04-30 knows.
pub(super) const OF_2021: &[Operation] = &[
    operation("ListBuckets", Kind::Project, plain),
    operation("CreateBucket", Kind::Buckets, |shop, at| Asked::at(at).body(json!({"bucket_slug": shop.fresh()}))),
    operation("GetBucket", Kind::Read, plain),
    operation("UpdateBucket", Kind::Push, |_, at| Asked::at(at).body(json!({"description": "plain"}))),
    operation("DeleteBucket", Kind::Buckets, fresh_bucket),
    operation("ListBucketAncestry", Kind::Read, |_, at| Asked::at(at).query(format!("iteration_id={}", at.version))),
    operation("ListChannels", Kind::Read, plain),
    operation("CreateChannel", Kind::Govern, |shop, at| {
        Asked::at(at).body(json!({"slug": shop.fresh(), "iteration_id": at.version}))
    }),
    operation("GetChannel", Kind::Read, plain),
    operation("GetChannel", Kind::Restricted, hidden),
    operation("UpdateChannel", Kind::Govern, |shop, at| {
        fresh_channel(shop, at).body(json!({"iteration_id": at.version}))
    }),
    operation("DeleteChannel", Kind::Govern, fresh_channel),
    operation("ListChannelHistory", Kind::Read, plain),
    operation("ListChannelHistory", Kind::Restricted, hidden),
    operation("GetIteration", Kind::Read, |_, at| Asked::at(at).query(format!("iteration_id={}", at.version))),
    operation("GetIteration", Kind::Read, |_, at| Asked::at(at).query("fingerprint=canary-one")),
    operation("GetIteration", Kind::Read, |_, at| Asked::at(at).query("incremental_version=1")),
    operation("ListIterations", Kind::Read, plain),
    operation("CreateIteration", Kind::Push, |shop, at| Asked::at(at).body(json!({"fingerprint": shop.fresh()}))),
    operation("CreateBuild", Kind::Push, |shop, at| {
        at_fresh_build(shop, at).body(json!({"build": {
            "component_type": "plain.west", "packer_run_uuid": RUN, "status": "UNSET",
            "source_iteration_id": at.version,
        }}))
    }),
    operation("ListBuilds", Kind::Read, plain),
    operation("UpdateIteration", Kind::Govern, |_, at| Asked::at(at).body(json!({"complete": true}))),
    operation("UpdateIteration", Kind::Govern, |_, at| {
        Asked::at(at).body(json!({"complete": true, "bucket_slug": at.bucket}))
    }),
    operation("UpdateIteration", Kind::Govern, |_, at| Asked::at(at).body(json!({}))),
    operation("UpdateIteration", Kind::Govern, |shop, at| {
        let revoke = json!({"revoke_in": "0s", "revocation_message": "plain"});
        at_fresh_version(shop, at).body(revoke)
    }),
    operation("UpdateIteration", Kind::Govern, |shop, at| at_fresh_version(shop, at).body(json!({"restore": true}))),
    operation("DeleteIteration", Kind::Govern, at_fresh_build),
    operation("DeleteIteration", Kind::Govern, |shop, at| {
        at_fresh_build(shop, at).query(format!("bucket_slug={}", at.bucket))
    }),
    operation("GetBuild", Kind::Read, plain),
    operation("UpdateBuild", Kind::Push, |shop, at| {
        at_fresh_build(shop, at).body(json!({"updates": {"status": "RUNNING"}}))
    }),
    operation("DeleteBuild", Kind::Govern, at_fresh_build),
    operation("GetRegistry", Kind::Project, plain),
    operation("CreateRegistry", Kind::Settings, |_, at| Asked::at(at).body(json!({"feature_tier": "PLUS"}))),
    operation("UpdateRegistry", Kind::Settings, |_, at| Asked::at(at).body(json!({"feature_tier": "PLUS"}))),
    operation("DeleteRegistry", Kind::Settings, plain),
    operation("RegenerateTFCRunTaskHmacKey", Kind::Settings, |_, at| Asked::at(at).body(json!({}))),
    operation("GetRegistryTFCRunTaskAPI", Kind::Settings, plain),
];

/// What clients of HCP ask for beside: the method and the path, as the server has its routes.
pub(super) const OF_THE_PLATFORM: &[Operation] = &[
    operation("GET /resource-manager/2019-12-10/organizations", Kind::Own, plain),
    operation("GET /resource-manager/2019-12-10/organizations/{id}", Kind::Own, the_organization),
    operation("GET /resource-manager/2019-12-10/organizations/{id}/iam-policy", Kind::Organization, the_organization),
    operation("PUT /resource-manager/2019-12-10/organizations/{id}/iam-policy", Kind::Organization, |shop, at| {
        // The owner stays one, because there has to be one.
        the_organization(shop, at).body(json!({"policy": policy(&shop.members[1])}))
    }),
    operation("GET /resource-manager/2019-12-10/projects", Kind::Projects, plain),
    operation("GET /resource-manager/2019-12-10/projects/{id}", Kind::Project, the_project),
    operation("GET /resource-manager/2019-12-10/projects/{id}/iam-policy", Kind::ProjectRoles, the_project),
    operation("PUT /resource-manager/2019-12-10/projects/{id}/iam-policy", Kind::ProjectRoles, |shop, at| {
        the_project(shop, at).body(json!({"policy": outdated(shop)}))
    }),
    operation("GET /2019-12-10/resource-manager/resources/iam-policy", Kind::BucketRoles, |shop, at| {
        Asked::at(at).query(format!("resource_name={}", name_of(shop, at).replace('/', "%2F")))
    }),
    operation("PUT /2019-12-10/resource-manager/resources/iam-policy", Kind::BucketRoles, |shop, at| {
        Asked::at(at).body(json!({"resource_name": name_of(shop, at), "policy": outdated(shop)}))
    }),
    operation("GET /2019-12-10/resource-manager/resources/iam-policy", Kind::ProjectRoles, |shop, at| {
        Asked::at(at).query(format!("resource_name=project/{}", shop.id))
    }),
    operation("GET /2019-12-10/resource-manager/resources/iam-policy", Kind::Organization, |shop, at| {
        Asked::at(at).query(format!("resource_name=organization/{}", shop.organization))
    }),
    operation("GET /iam/2019-12-10/organizations/{organization_id}/principals", Kind::Own, |shop, at| {
        Asked::at(at).query(format!("principal_ids={}", shop.members[0]))
    }),
    operation(
        "GET /operation/2020-05-05/organizations/{organization_id}/projects/{project_id}/operations",
        Kind::Project,
        plain,
    ),
    operation(
        "GET /operation/2020-05-05/organizations/{organization_id}/projects/{project_id}/operations/{id}",
        Kind::Project,
        |_, at| Asked::at(at).with("id", "01ARYZ6S41TSV4RRFFQ69G5FAV"),
    ),
    operation(
        "GET /operation/2020-05-05/organizations/{organization_id}/projects/{project_id}/operations/{id}/wait",
        Kind::Project,
        |_, at| Asked::at(at).with("id", "01ARYZ6S41TSV4RRFFQ69G5FAV"),
    ),
];

fn the_organization(shop: &Shop<'_>, standing: &Standing) -> Asked {
    Asked::at(standing).with("id", shop.organization.as_str())
}

fn the_project(shop: &Shop<'_>, standing: &Standing) -> Asked {
    Asked::at(standing).with("id", shop.id.as_str())
}

/// Roles as somebody wishes them who saw others: those who may give roles are told so, and nobody loses theirs.
fn outdated(shop: &Shop<'_>) -> Value {
    let mut policy = policy(&shop.members[0]);
    policy["etag"] = "outdated".into();
    policy
}

/// What HCP calls the bucket.
fn name_of(shop: &Shop<'_>, Standing { bucket, .. }: &Standing) -> String {
    format!("packer/project/{}/bucket/{bucket}", shop.id)
}

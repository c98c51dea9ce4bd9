use serde::Serialize;

use crate::model::{
    Artifact, Build, BuildMetadata, CiJob, FileDigest, Iteration, Labels, OsInfo, ParentIteration, Receipt, Revocation,
    RevokedAncestor, TemplateType, Vcs,
};

/// An iteration with its builds.
#[derive(Serialize)]
pub(in crate::cli) struct IterationView {
    bucket: String,
    id: String,
    fingerprint: String,
    version: Option<u32>,
    status: String,
    channels: Vec<String>,
    revocation: Option<RevocationView>,
    partial_reason: Option<String>,
    missing: Vec<String>,
    builds: Vec<BuildView>,
    created_at: String,
    recorded_at: String,
    completed_at: Option<String>,
    author: String,
}

impl From<Iteration> for IterationView {
    fn from(iteration: Iteration) -> Self {
        let Iteration {
            id,
            bucket,
            fingerprint,
            version,
            status,
            partial_reason,
            revocation,
            channels,
            builds,
            missing,
            created_at,
            recorded_at,
            completed_at,
            author,
            // Each build says it.
            template_type: _,
        } = iteration;
        Self {
            bucket: bucket.to_string(),
            id: id.to_string(),
            fingerprint: fingerprint.to_string(),
            version,
            status: status.to_string(),
            channels: texts(&channels),
            revocation: revocation.map(RevocationView::from),
            partial_reason,
            missing: texts(&missing),
            builds: builds.into_iter().map(BuildView::from).collect(),
            created_at: created_at.to_rfc3339(),
            recorded_at: recorded_at.to_rfc3339(),
            completed_at: completed_at.map(|moment| moment.to_rfc3339()),
            author,
        }
    }
}

fn texts<T: ToString>(items: &[T]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

#[derive(Serialize)]
struct RevocationView {
    revoke_at: String,
    message: String,
    author: String,
    through: Option<String>,
    through_bucket: Option<String>,
    through_fingerprint: Option<String>,
    through_version: Option<u32>,
}

impl From<Revocation> for RevocationView {
    fn from(Revocation { revoke_at, message, author, through }: Revocation) -> Self {
        let seen = through.as_ref().and_then(RevokedAncestor::seen);
        Self {
            revoke_at: revoke_at.to_rfc3339(),
            message,
            author,
            through: through.as_ref().map(|ancestor| ancestor.id().to_string()),
            through_bucket: seen.map(|ancestor| ancestor.bucket.to_string()),
            through_fingerprint: seen.map(|ancestor| ancestor.fingerprint.to_string()),
            through_version: seen.and_then(|ancestor| ancestor.version),
        }
    }
}

#[derive(Serialize)]
struct BuildView {
    id: String,
    component_type: String,
    platform: String,
    status: String,
    run_uuid: String,
    labels: Labels,
    source_external_identifier: Option<String>,
    parents: Vec<ParentView>,
    artifacts: Vec<ArtifactView>,
    files: Vec<FileView>,
    metadata: MetadataView,
    started_at: String,
    recorded_at: String,
    created_at: String,
    updated_at: String,
}

impl From<Build> for BuildView {
    fn from(build: Build) -> Self {
        let Build {
            id,
            component_type,
            platform,
            status,
            run_uuid,
            labels,
            source_external_identifier,
            parents,
            artifacts,
            files,
            metadata,
            started_at,
            recorded_at,
            created_at,
            updated_at,
            // What it says is in the metadata, as far as it is known.
            reported: _,
        } = build;
        Self {
            id,
            component_type: component_type.to_string(),
            platform,
            status: status.to_string(),
            run_uuid: run_uuid.to_string(),
            labels,
            source_external_identifier,
            parents: parents.into_iter().map(ParentView::from).collect(),
            artifacts: artifacts.into_iter().map(ArtifactView::from).collect(),
            files: files.into_iter().map(FileView::from).collect(),
            metadata: metadata.into(),
            started_at: started_at.to_rfc3339(),
            recorded_at: recorded_at.to_rfc3339(),
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

/// One image.
#[derive(Serialize)]
pub(in crate::cli) struct ArtifactView {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    component_type: Option<String>,
    platform: String,
    region: String,
    external_identifier: String,
    source_external_identifier: Option<String>,
    labels: Labels,
    created_at: String,
}

impl ArtifactView {
    /// The same, with the build that it belongs to.
    pub(in crate::cli) fn of(component_type: &impl ToString, artifact: Artifact) -> Self {
        Self { component_type: Some(component_type.to_string()), ..Self::from(artifact) }
    }
}

impl From<Artifact> for ArtifactView {
    fn from(artifact: Artifact) -> Self {
        let Artifact { id, platform, region, external_identifier, source_external_identifier, labels, created_at } =
            artifact;
        Self {
            id,
            component_type: None,
            platform,
            region,
            external_identifier,
            source_external_identifier,
            labels,
            created_at: created_at.to_rfc3339(),
        }
    }
}

#[derive(Serialize)]
struct FileView {
    name: String,
    size: u64,
    sha256: Option<String>,
}

impl From<FileDigest> for FileView {
    fn from(FileDigest { name, size, sha256 }: FileDigest) -> Self {
        Self { name, size, sha256 }
    }
}

#[derive(Serialize)]
struct ParentView {
    bucket: String,
    fingerprint: String,
    iteration_id: String,
    version: Option<u32>,
    channel: Option<String>,
    external_identifier: String,
}

impl From<ParentIteration> for ParentView {
    fn from(parent: ParentIteration) -> Self {
        let ParentIteration { bucket, fingerprint, iteration_id, version, channel, external_identifier } = parent;
        Self {
            bucket: bucket.to_string(),
            fingerprint: fingerprint.to_string(),
            iteration_id,
            version,
            channel: channel.map(|channel| channel.to_string()),
            external_identifier,
        }
    }
}

#[derive(Serialize)]
struct MetadataView {
    packer_version: String,
    plugin_version: String,
    builder_type: String,
    builder_id: String,
    template_type: &'static str,
    os: OsView,
    vcs: Option<VcsView>,
    ci: Option<CiView>,
}

impl From<BuildMetadata> for MetadataView {
    fn from(metadata: BuildMetadata) -> Self {
        let BuildMetadata { packer_version, plugin_version, builder_type, builder_id, template_type, os, vcs, ci } =
            metadata;
        let OsInfo { kind, arch, version } = os;
        Self {
            packer_version,
            plugin_version,
            builder_type,
            builder_id,
            template_type: match template_type {
                TemplateType::Hcl2 => "hcl2",
                TemplateType::Json => "json",
            },
            os: OsView { kind, arch, version },
            vcs: vcs.map(|Vcs { commit, branch, dirty, author }| VcsView { commit, branch, dirty, author }),
            ci: ci.map(|CiJob { system, url, details }| CiView { system, url, details }),
        }
    }
}

#[derive(Serialize)]
struct OsView {
    kind: String,
    arch: String,
    version: Option<String>,
}

#[derive(Serialize)]
struct VcsView {
    commit: Option<String>,
    branch: Option<String>,
    dirty: bool,
    author: Option<String>,
}

#[derive(Serialize)]
struct CiView {
    system: String,
    url: Option<String>,
    details: Labels,
}

/// A registry's answer to a change.
#[derive(Serialize)]
pub(in crate::cli) struct ReceiptView {
    iteration_id: String,
    fingerprint: String,
    version: Option<u32>,
    recorded: usize,
    expected: usize,
    missing: Vec<String>,
    assigned: Vec<String>,
    replayed: bool,
    warnings: Vec<String>,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        let Receipt { iteration_id, fingerprint, version, recorded, expected, missing, assigned, replayed, warnings } =
            receipt;
        Self {
            iteration_id: iteration_id.to_string(),
            fingerprint: fingerprint.to_string(),
            version,
            recorded,
            expected,
            missing: texts(&missing),
            assigned: texts(&assigned),
            replayed,
            warnings: texts(&warnings),
        }
    }
}

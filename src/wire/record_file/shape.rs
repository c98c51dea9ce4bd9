//! The shape of the file, apart from the model so that neither moves with the other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DecodeError, Destination, FORMAT};
use crate::model::{
    BucketName, BuildMetadata, CapturedImage, ChannelName, CiJob, ComponentType, FileDigest, Fingerprint, InvalidName,
    IterationRecord, OnExisting, OsInfo, ParentIteration, RunUuid, TemplateType, Timestamp, Vcs,
};

type Labels = BTreeMap<String, String>;

/// What is read first, to judge whether the rest can be.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) format: u32,
    #[serde(default)]
    pub(super) registry: Option<String>,
    #[serde(default)]
    pub(super) project: Option<String>,
}

/// Format 1.
#[derive(Serialize, Deserialize)]
pub(super) struct RecordFile {
    format: u32,
    #[serde(default)]
    registry: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    bucket: String,
    bucket_description: Option<String>,
    bucket_labels: Option<Labels>,
    fingerprint: String,
    fresh_fingerprint: String,
    on_existing: OnExistingWord,
    run_uuid: String,
    component_type: String,
    expected: Vec<String>,
    channels: Vec<String>,
    platform: String,
    images: Vec<Image>,
    files: Vec<DigestedFile>,
    labels: Labels,
    source_external_identifier: Option<String>,
    parents: Vec<Parent>,
    metadata: Metadata,
    started_at_ms: i64,
    recorded_at_ms: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OnExistingWord {
    New,
    Fail,
}

#[derive(Serialize, Deserialize)]
struct Image {
    platform: String,
    region: String,
    external_identifier: String,
    source_external_identifier: Option<String>,
    labels: Labels,
}

#[derive(Serialize, Deserialize)]
struct DigestedFile {
    name: String,
    size: u64,
    sha256: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Parent {
    bucket: String,
    fingerprint: String,
    iteration_id: String,
    version: Option<u32>,
    channel: Option<String>,
    external_identifier: String,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    packer_version: String,
    plugin_version: String,
    builder_type: String,
    builder_id: String,
    template_type: TemplateTypeWord,
    os: Os,
    vcs: Option<Tree>,
    ci: Option<Job>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TemplateTypeWord {
    Hcl2,
    Json,
}

#[derive(Serialize, Deserialize)]
struct Os {
    kind: String,
    arch: String,
    version: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Tree {
    commit: Option<String>,
    branch: Option<String>,
    dirty: bool,
    author: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Job {
    system: String,
    url: Option<String>,
    details: Labels,
}

impl RecordFile {
    pub(super) fn new(record: &IterationRecord, destination: &Destination) -> Self {
        let IterationRecord {
            bucket,
            bucket_description,
            bucket_labels,
            fingerprint,
            fresh_fingerprint,
            on_existing,
            run_uuid,
            component_type,
            expected,
            channels,
            platform,
            images,
            files,
            labels,
            source_external_identifier,
            parents,
            metadata,
            started_at: Timestamp(started_at_ms),
            recorded_at: Timestamp(recorded_at_ms),
        } = record.clone();
        Self {
            format: FORMAT,
            registry: destination.registry.clone(),
            project: destination.project.clone(),
            bucket: bucket.to_string(),
            bucket_description,
            bucket_labels,
            fingerprint: fingerprint.to_string(),
            fresh_fingerprint: fresh_fingerprint.to_string(),
            on_existing: match on_existing {
                OnExisting::New => OnExistingWord::New,
                OnExisting::Fail => OnExistingWord::Fail,
            },
            run_uuid: run_uuid.to_string(),
            component_type: component_type.to_string(),
            expected: expected.iter().map(ToString::to_string).collect(),
            channels: channels.iter().map(ToString::to_string).collect(),
            platform,
            images: images.into_iter().map(Into::into).collect(),
            files: files.into_iter().map(Into::into).collect(),
            labels,
            source_external_identifier,
            parents: parents.into_iter().map(Into::into).collect(),
            metadata: metadata.into(),
            started_at_ms,
            recorded_at_ms,
        }
    }
}

impl TryFrom<RecordFile> for IterationRecord {
    type Error = DecodeError;

    fn try_from(file: RecordFile) -> Result<Self, DecodeError> {
        let RecordFile {
            format: _,
            registry: _,
            project: _,
            bucket,
            bucket_description,
            bucket_labels,
            fingerprint,
            fresh_fingerprint,
            on_existing,
            run_uuid,
            component_type,
            expected,
            channels,
            platform,
            images,
            files,
            labels,
            source_external_identifier,
            parents,
            metadata,
            started_at_ms,
            recorded_at_ms,
        } = file;
        Ok(Self {
            bucket: BucketName::parse(bucket).map_err(named("bucket"))?,
            bucket_description,
            bucket_labels,
            fingerprint: Fingerprint::parse(fingerprint).map_err(named("fingerprint"))?,
            fresh_fingerprint: Fingerprint::parse(fresh_fingerprint).map_err(named("fresh_fingerprint"))?,
            on_existing: match on_existing {
                OnExistingWord::New => OnExisting::New,
                OnExistingWord::Fail => OnExisting::Fail,
            },
            run_uuid: RunUuid::parse(run_uuid).map_err(named("run_uuid"))?,
            component_type: ComponentType::parse(component_type).map_err(named("component_type"))?,
            expected: all(expected, ComponentType::parse).map_err(named("expected"))?,
            channels: all(channels, ChannelName::parse).map_err(named("channels"))?,
            platform,
            images: images.into_iter().map(Into::into).collect(),
            files: files.into_iter().map(Into::into).collect(),
            labels,
            source_external_identifier,
            parents: parents.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            metadata: metadata.into(),
            started_at: Timestamp(started_at_ms),
            recorded_at: Timestamp(recorded_at_ms),
        })
    }
}

fn named(field: &'static str) -> impl Fn(InvalidName) -> DecodeError {
    move |fault| DecodeError::InvalidName { field, fault }
}

fn all<T>(names: Vec<String>, parse: impl Fn(String) -> Result<T, InvalidName>) -> Result<Vec<T>, InvalidName> {
    names.into_iter().map(parse).collect()
}

impl From<CapturedImage> for Image {
    fn from(image: CapturedImage) -> Self {
        let CapturedImage { platform, region, external_identifier, source_external_identifier, labels } = image;
        Self { platform, region, external_identifier, source_external_identifier, labels }
    }
}

impl From<Image> for CapturedImage {
    fn from(image: Image) -> Self {
        let Image { platform, region, external_identifier, source_external_identifier, labels } = image;
        Self { platform, region, external_identifier, source_external_identifier, labels }
    }
}

impl From<FileDigest> for DigestedFile {
    fn from(FileDigest { name, size, sha256 }: FileDigest) -> Self {
        Self { name, size, sha256 }
    }
}

impl From<DigestedFile> for FileDigest {
    fn from(DigestedFile { name, size, sha256 }: DigestedFile) -> Self {
        Self { name, size, sha256 }
    }
}

impl From<ParentIteration> for Parent {
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

impl TryFrom<Parent> for ParentIteration {
    type Error = DecodeError;

    fn try_from(parent: Parent) -> Result<Self, DecodeError> {
        let Parent { bucket, fingerprint, iteration_id, version, channel, external_identifier } = parent;
        Ok(Self {
            bucket: BucketName::parse(bucket).map_err(named("parents: bucket"))?,
            fingerprint: Fingerprint::parse(fingerprint).map_err(named("parents: fingerprint"))?,
            iteration_id,
            version,
            channel: channel.map(ChannelName::parse).transpose().map_err(named("parents: channel"))?,
            external_identifier,
        })
    }
}

impl From<BuildMetadata> for Metadata {
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
                TemplateType::Hcl2 => TemplateTypeWord::Hcl2,
                TemplateType::Json => TemplateTypeWord::Json,
            },
            os: Os { kind, arch, version },
            vcs: vcs.map(|Vcs { commit, branch, dirty, author }| Tree { commit, branch, dirty, author }),
            ci: ci.map(|CiJob { system, url, details }| Job { system, url, details }),
        }
    }
}

impl From<Metadata> for BuildMetadata {
    fn from(metadata: Metadata) -> Self {
        let Metadata { packer_version, plugin_version, builder_type, builder_id, template_type, os, vcs, ci } =
            metadata;
        let Os { kind, arch, version } = os;
        Self {
            packer_version,
            plugin_version,
            builder_type,
            builder_id,
            template_type: match template_type {
                TemplateTypeWord::Hcl2 => TemplateType::Hcl2,
                TemplateTypeWord::Json => TemplateType::Json,
            },
            os: OsInfo { kind, arch, version },
            vcs: vcs.map(|Tree { commit, branch, dirty, author }| Vcs { commit, branch, dirty, author }),
            ci: ci.map(|Job { system, url, details }| CiJob { system, url, details }),
        }
    }
}

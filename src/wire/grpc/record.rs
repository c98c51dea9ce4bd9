use super::malformed::{Malformed, in_field, message, messages, names, optional_message, texts};
use super::{moment, v1};
use crate::model::{
    BucketName, BuildKey, BuildMetadata, CapturedImage, ChannelName, CiJob, ComponentType, FileDigest, Fingerprint,
    IterationRecord, OnExisting, OsInfo, ParentIteration, RunUuid, TemplateType, Vcs,
};

impl From<IterationRecord> for v1::IterationRecord {
    fn from(record: IterationRecord) -> Self {
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
            started_at,
            recorded_at,
        } = record;
        Self {
            bucket: bucket.to_string(),
            bucket_description,
            bucket_labels: bucket_labels.map(|entries| v1::Labels { entries }),
            fingerprint: fingerprint.to_string(),
            fresh_fingerprint: fresh_fingerprint.to_string(),
            on_existing: match on_existing {
                OnExisting::New => v1::OnExisting::New,
                OnExisting::Fail => v1::OnExisting::Fail,
            }
            .into(),
            run_uuid: run_uuid.to_string(),
            component_type: component_type.to_string(),
            expected: texts(&expected),
            channels: texts(&channels),
            platform,
            images: images.into_iter().map(Into::into).collect(),
            files: files.into_iter().map(Into::into).collect(),
            labels,
            source_external_identifier,
            parents: parents.into_iter().map(Into::into).collect(),
            metadata: Some(metadata.into()),
            started_at: Some(moment::sent(started_at)),
            recorded_at: Some(moment::sent(recorded_at)),
        }
    }
}

impl TryFrom<v1::IterationRecord> for IterationRecord {
    type Error = Malformed;

    fn try_from(record: v1::IterationRecord) -> Result<Self, Malformed> {
        let v1::IterationRecord {
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
            started_at,
            recorded_at,
        } = record;
        Ok(Self {
            bucket: BucketName::parse(bucket).map_err(in_field("bucket"))?,
            bucket_description,
            bucket_labels: bucket_labels.map(|v1::Labels { entries }| entries),
            fingerprint: Fingerprint::parse(fingerprint).map_err(in_field("fingerprint"))?,
            fresh_fingerprint: Fingerprint::parse(fresh_fingerprint).map_err(in_field("fresh_fingerprint"))?,
            on_existing: match v1::OnExisting::try_from(on_existing) {
                Ok(v1::OnExisting::New) => OnExisting::New,
                Ok(v1::OnExisting::Fail) => OnExisting::Fail,
                Ok(v1::OnExisting::Unspecified) | Err(_) => {
                    return Err(Malformed::unknown("on_existing", on_existing));
                }
            },
            run_uuid: RunUuid::parse(run_uuid).map_err(in_field("run_uuid"))?,
            component_type: ComponentType::parse(component_type).map_err(in_field("component_type"))?,
            expected: names("expected", expected, ComponentType::parse)?,
            channels: names("channels", channels, ChannelName::parse)?,
            platform,
            images: images.into_iter().map(Into::into).collect(),
            files: files.into_iter().map(Into::into).collect(),
            labels,
            source_external_identifier,
            parents: messages("parents", parents)?,
            metadata: message("metadata", metadata)?,
            started_at: moment::received("started_at", started_at)?,
            recorded_at: moment::received("recorded_at", recorded_at)?,
        })
    }
}

impl From<BuildKey> for v1::BuildKey {
    fn from(BuildKey { bucket, fingerprint, component_type, run_uuid }: BuildKey) -> Self {
        Self {
            bucket: bucket.to_string(),
            fingerprint: fingerprint.to_string(),
            component_type: component_type.to_string(),
            run_uuid: run_uuid.to_string(),
        }
    }
}

impl TryFrom<v1::BuildKey> for BuildKey {
    type Error = Malformed;

    fn try_from(key: v1::BuildKey) -> Result<Self, Malformed> {
        let v1::BuildKey { bucket, fingerprint, component_type, run_uuid } = key;
        Ok(Self {
            bucket: BucketName::parse(bucket).map_err(in_field("bucket"))?,
            fingerprint: Fingerprint::parse(fingerprint).map_err(in_field("fingerprint"))?,
            component_type: ComponentType::parse(component_type).map_err(in_field("component_type"))?,
            run_uuid: RunUuid::parse(run_uuid).map_err(in_field("run_uuid"))?,
        })
    }
}

impl From<CapturedImage> for v1::Image {
    fn from(image: CapturedImage) -> Self {
        let CapturedImage { platform, region, external_identifier, source_external_identifier, labels } = image;
        Self { platform, region, external_identifier, source_external_identifier, labels }
    }
}

impl From<v1::Image> for CapturedImage {
    fn from(image: v1::Image) -> Self {
        let v1::Image { platform, region, external_identifier, source_external_identifier, labels } = image;
        Self { platform, region, external_identifier, source_external_identifier, labels }
    }
}

impl From<FileDigest> for v1::FileDigest {
    fn from(FileDigest { name, size, sha256 }: FileDigest) -> Self {
        Self { name, size, sha256 }
    }
}

impl From<v1::FileDigest> for FileDigest {
    fn from(v1::FileDigest { name, size, sha256 }: v1::FileDigest) -> Self {
        Self { name, size, sha256 }
    }
}

impl From<ParentIteration> for v1::ParentIteration {
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

impl TryFrom<v1::ParentIteration> for ParentIteration {
    type Error = Malformed;

    fn try_from(parent: v1::ParentIteration) -> Result<Self, Malformed> {
        let v1::ParentIteration { bucket, fingerprint, iteration_id, version, channel, external_identifier } = parent;
        Ok(Self {
            bucket: BucketName::parse(bucket).map_err(in_field("bucket"))?,
            fingerprint: Fingerprint::parse(fingerprint).map_err(in_field("fingerprint"))?,
            iteration_id,
            version,
            channel: channel.map(ChannelName::parse).transpose().map_err(in_field("channel"))?,
            external_identifier,
        })
    }
}

impl From<TemplateType> for v1::TemplateType {
    fn from(kind: TemplateType) -> Self {
        match kind {
            TemplateType::Hcl2 => Self::Hcl2,
            TemplateType::Json => Self::Json,
        }
    }
}

pub(super) fn template_type_of(kind: i32) -> Result<TemplateType, Malformed> {
    match v1::TemplateType::try_from(kind) {
        Ok(v1::TemplateType::Hcl2) => Ok(TemplateType::Hcl2),
        Ok(v1::TemplateType::Json) => Ok(TemplateType::Json),
        Ok(v1::TemplateType::Unspecified) | Err(_) => Err(Malformed::unknown("template_type", kind)),
    }
}

impl From<BuildMetadata> for v1::BuildMetadata {
    fn from(metadata: BuildMetadata) -> Self {
        let BuildMetadata { packer_version, plugin_version, builder_type, builder_id, template_type, os, vcs, ci } =
            metadata;
        let OsInfo { kind, arch, version } = os;
        Self {
            packer_version,
            plugin_version,
            builder_type,
            builder_id,
            template_type: v1::TemplateType::from(template_type).into(),
            os: Some(v1::OsInfo { kind, arch, version }),
            vcs: vcs.map(|Vcs { commit, branch, dirty, author }| v1::Vcs { commit, branch, dirty, author }),
            ci: ci.map(|CiJob { system, url, details }| v1::CiJob { system, url, details }),
        }
    }
}

impl TryFrom<v1::BuildMetadata> for BuildMetadata {
    type Error = Malformed;

    fn try_from(metadata: v1::BuildMetadata) -> Result<Self, Malformed> {
        let v1::BuildMetadata { packer_version, plugin_version, builder_type, builder_id, template_type, os, vcs, ci } =
            metadata;
        let template_type = template_type_of(template_type)?;
        Ok(Self {
            packer_version,
            plugin_version,
            builder_type,
            builder_id,
            template_type,
            os: message("os", os)?,
            vcs: optional_message("vcs", vcs)?,
            ci: optional_message("ci", ci)?,
        })
    }
}

impl TryFrom<v1::OsInfo> for OsInfo {
    type Error = Malformed;

    fn try_from(v1::OsInfo { kind, arch, version }: v1::OsInfo) -> Result<Self, Malformed> {
        Ok(Self { kind, arch, version })
    }
}

impl TryFrom<v1::Vcs> for Vcs {
    type Error = Malformed;

    fn try_from(v1::Vcs { commit, branch, dirty, author }: v1::Vcs) -> Result<Self, Malformed> {
        Ok(Self { commit, branch, dirty, author })
    }
}

impl TryFrom<v1::CiJob> for CiJob {
    type Error = Malformed;

    fn try_from(v1::CiJob { system, url, details }: v1::CiJob) -> Result<Self, Malformed> {
        Ok(Self { system, url, details })
    }
}

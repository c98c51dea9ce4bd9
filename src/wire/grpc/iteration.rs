use super::malformed::{Malformed, in_field, message, messages, names, optional_message, texts};
use super::record::template_type_of;
use super::{moment, v1};
use crate::model::{
    Artifact, BucketName, Build, BuildStatus, ChannelName, ComponentType, Fingerprint, Iteration, IterationId,
    IterationStatus, Revocation, RevokedAncestor, RunUuid,
};

impl From<Iteration> for v1::Iteration {
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
            template_type,
        } = iteration;
        Self {
            id: id.to_string(),
            bucket: bucket.to_string(),
            fingerprint: fingerprint.to_string(),
            version,
            status: v1::IterationStatus::from(status).into(),
            partial_reason,
            revocation: revocation.map(Into::into),
            channels: texts(&channels),
            builds: builds.into_iter().map(Into::into).collect(),
            missing: texts(&missing),
            created_at: Some(moment::sent(created_at)),
            recorded_at: Some(moment::sent(recorded_at)),
            completed_at: completed_at.map(moment::sent),
            author,
            template_type: template_type.map(|kind| v1::TemplateType::from(kind).into()),
        }
    }
}

impl TryFrom<v1::Iteration> for Iteration {
    type Error = Malformed;

    fn try_from(iteration: v1::Iteration) -> Result<Self, Malformed> {
        let v1::Iteration {
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
            template_type,
        } = iteration;
        Ok(Self {
            id: IterationId::parse(id).map_err(in_field("id"))?,
            bucket: BucketName::parse(bucket).map_err(in_field("bucket"))?,
            fingerprint: Fingerprint::parse(fingerprint).map_err(in_field("fingerprint"))?,
            version,
            status: match v1::IterationStatus::try_from(status) {
                Ok(v1::IterationStatus::Incomplete) => IterationStatus::Incomplete,
                Ok(v1::IterationStatus::Complete) => IterationStatus::Complete,
                Ok(v1::IterationStatus::RevocationScheduled) => IterationStatus::RevocationScheduled,
                Ok(v1::IterationStatus::Revoked) => IterationStatus::Revoked,
                Ok(v1::IterationStatus::Unspecified) | Err(_) => return Err(Malformed::unknown("status", status)),
            },
            partial_reason,
            revocation: optional_message("revocation", revocation)?,
            channels: names("channels", channels, ChannelName::parse)?,
            builds: messages("builds", builds)?,
            missing: names("missing", missing, ComponentType::parse)?,
            created_at: moment::received("created_at", created_at)?,
            recorded_at: moment::received("recorded_at", recorded_at)?,
            completed_at: moment::received_optional("completed_at", completed_at)?,
            author,
            template_type: template_type.map(template_type_of).transpose()?,
        })
    }
}

impl From<IterationStatus> for v1::IterationStatus {
    fn from(status: IterationStatus) -> Self {
        match status {
            IterationStatus::Incomplete => Self::Incomplete,
            IterationStatus::Complete => Self::Complete,
            IterationStatus::RevocationScheduled => Self::RevocationScheduled,
            IterationStatus::Revoked => Self::Revoked,
        }
    }
}

impl From<Revocation> for v1::Revocation {
    fn from(Revocation { revoke_at, message, author, through }: Revocation) -> Self {
        let id = through.as_ref().map(|ancestor| ancestor.id().to_string());
        let ancestor = through.as_ref().and_then(RevokedAncestor::seen).cloned().map(Into::into);
        Self { revoke_at: Some(moment::sent(revoke_at)), message, author, through: id, ancestor }
    }
}

impl TryFrom<v1::Revocation> for Revocation {
    type Error = Malformed;

    fn try_from(revocation: v1::Revocation) -> Result<Self, Malformed> {
        let v1::Revocation { revoke_at, message, author, through, ancestor } = revocation;
        let id = through.map(IterationId::parse).transpose().map_err(in_field("through"))?;
        let through = match ancestor {
            Some(ancestor) => Some(RevokedAncestor::Seen(ancestor.try_into()?)),
            None => id.map(RevokedAncestor::Unseen),
        };
        Ok(Self { revoke_at: moment::received("revoke_at", revoke_at)?, message, author, through })
    }
}

impl From<Build> for v1::Build {
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
            reported,
        } = build;
        Self {
            id,
            component_type: component_type.to_string(),
            platform,
            status: v1::BuildStatus::from(status).into(),
            run_uuid: run_uuid.to_string(),
            labels,
            source_external_identifier,
            parents: parents.into_iter().map(Into::into).collect(),
            artifacts: artifacts.into_iter().map(Into::into).collect(),
            files: files.into_iter().map(Into::into).collect(),
            metadata: Some(metadata.into()),
            started_at: Some(moment::sent(started_at)),
            recorded_at: Some(moment::sent(recorded_at)),
            created_at: Some(moment::sent(created_at)),
            updated_at: Some(moment::sent(updated_at)),
            reported,
        }
    }
}

impl TryFrom<v1::Build> for Build {
    type Error = Malformed;

    fn try_from(build: v1::Build) -> Result<Self, Malformed> {
        let v1::Build {
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
            reported,
        } = build;
        Ok(Self {
            id,
            component_type: ComponentType::parse(component_type).map_err(in_field("component_type"))?,
            platform,
            status: build_status("status", status)?,
            run_uuid: RunUuid::parse(run_uuid).map_err(in_field("run_uuid"))?,
            labels,
            source_external_identifier,
            parents: messages("parents", parents)?,
            artifacts: messages("artifacts", artifacts)?,
            files: files.into_iter().map(Into::into).collect(),
            metadata: message("metadata", metadata)?,
            started_at: moment::received("started_at", started_at)?,
            recorded_at: moment::received("recorded_at", recorded_at)?,
            created_at: moment::received("created_at", created_at)?,
            updated_at: moment::received("updated_at", updated_at)?,
            reported,
        })
    }
}

impl From<BuildStatus> for v1::BuildStatus {
    fn from(status: BuildStatus) -> Self {
        match status {
            BuildStatus::Registered => Self::Registered,
            BuildStatus::Running => Self::Running,
            BuildStatus::Failed => Self::Failed,
            BuildStatus::Cancelled => Self::Cancelled,
            BuildStatus::Unconfirmed => Self::Unconfirmed,
            BuildStatus::Done => Self::Done,
            BuildStatus::Destroyed => Self::Destroyed,
            BuildStatus::Superseded => Self::Superseded,
        }
    }
}

pub(super) fn build_status(field: &'static str, status: i32) -> Result<BuildStatus, Malformed> {
    match v1::BuildStatus::try_from(status) {
        Ok(v1::BuildStatus::Registered) => Ok(BuildStatus::Registered),
        Ok(v1::BuildStatus::Running) => Ok(BuildStatus::Running),
        Ok(v1::BuildStatus::Failed) => Ok(BuildStatus::Failed),
        Ok(v1::BuildStatus::Cancelled) => Ok(BuildStatus::Cancelled),
        Ok(v1::BuildStatus::Unconfirmed) => Ok(BuildStatus::Unconfirmed),
        Ok(v1::BuildStatus::Done) => Ok(BuildStatus::Done),
        Ok(v1::BuildStatus::Destroyed) => Ok(BuildStatus::Destroyed),
        Ok(v1::BuildStatus::Superseded) => Ok(BuildStatus::Superseded),
        Ok(v1::BuildStatus::Unspecified) | Err(_) => Err(Malformed::unknown(field, status)),
    }
}

impl From<Artifact> for v1::Artifact {
    fn from(artifact: Artifact) -> Self {
        let Artifact { id, platform, region, external_identifier, source_external_identifier, labels, created_at } =
            artifact;
        let created_at = Some(moment::sent(created_at));
        Self { id, platform, region, external_identifier, source_external_identifier, labels, created_at }
    }
}

impl TryFrom<v1::Artifact> for Artifact {
    type Error = Malformed;

    fn try_from(artifact: v1::Artifact) -> Result<Self, Malformed> {
        let v1::Artifact { id, platform, region, external_identifier, source_external_identifier, labels, created_at } =
            artifact;
        let created_at = moment::received("created_at", created_at)?;
        Ok(Self { id, platform, region, external_identifier, source_external_identifier, labels, created_at })
    }
}

use serde::Deserialize;

use super::version::{moment, number};
use super::{ReceivedBuild, ReceivedVersion};
use crate::model::{
    AncestryStatus, BucketName, ChannelName, Deactivation, Fingerprint, Iteration, IterationId, OnUntrackedImage,
    ProjectId, RegistrySettings, Relation, Relative, Sbom, SbomFormat, Tier,
};
use crate::wire::hcp::Invalid;

/// That a version was built from another one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedRelation {
    parent: ReceivedRelative,
    child: ReceivedRelative,
    status: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReceivedRelative {
    bucket_name: Option<String>,
    version_id: Option<String>,
    version_name: Option<String>,
    version_fingerprint: Option<String>,
    channel_name: Option<String>,
    channel_version: Option<ChannelVersion>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ChannelVersion {
    id: Option<String>,
    name: Option<String>,
    fingerprint: Option<String>,
}

/// A build that has an image, with its version and its bucket.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedArtifactMatch {
    bucket: Named,
    version: ReceivedVersion,
    build: ReceivedBuild,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    name: Option<String>,
}

/// An SBOM.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedSbom {
    id: Option<String>,
    name: Option<String>,
    format: Option<String>,
}

/// The registry of a project.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedRegistry {
    id: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    config: Option<Config>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Config {
    activated: Option<bool>,
    feature_tier: Option<String>,
    billing_deprovision: Option<Deprovision>,
    tfc_run_task_config: Option<TaskConfig>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Deprovision {
    at: Option<String>,
    message: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TaskConfig {
    on_untracked_image: Option<String>,
}

impl ReceivedRelation {
    /// The relation.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<Relation, Invalid> {
        let Self { mut parent, child, status } = self;
        let channel = parent.channel_name.take().filter(|name| !name.is_empty()).map(ChannelName::parse).transpose();
        let (bucket, points_at) = (parent.bucket_name.clone(), parent.channel_version.take());
        let points_at = points_at.filter(|version| version.fingerprint.as_deref().is_some_and(|text| !text.is_empty()));
        let points_at = points_at
            .map(|ChannelVersion { id, name, fingerprint }| relative((bucket, id), name.as_deref(), fingerprint));
        Ok(Relation {
            parent: parent.read()?,
            channel: channel.map_err(Invalid::of("channel_name"))?,
            channel_points_at: points_at.transpose()?,
            child: child.read()?,
            status: match status.as_deref() {
                Some("UP_TO_DATE") => AncestryStatus::UpToDate,
                Some("OUT_OF_DATE") => AncestryStatus::OutOfDate,
                _ => AncestryStatus::Undetermined,
            },
        })
    }
}

impl ReceivedRelative {
    fn read(self) -> Result<Relative, Invalid> {
        let Self { bucket_name, version_id, version_name, version_fingerprint, .. } = self;
        relative((bucket_name, version_id), version_name.as_deref(), version_fingerprint)
    }
}

fn relative(
    (bucket, id): (Option<String>, Option<String>),
    name: Option<&str>,
    fingerprint: Option<String>,
) -> Result<Relative, Invalid> {
    let fingerprint = Fingerprint::parse(fingerprint.unwrap_or_default());
    Ok(Relative {
        bucket: BucketName::parse(bucket.unwrap_or_default()).map_err(Invalid::of("bucket_name"))?,
        id: IterationId::parse(id.unwrap_or_default()).map_err(Invalid::of("version_id"))?,
        fingerprint: fingerprint.map_err(Invalid::of("version_fingerprint"))?,
        version: number(name),
    })
}

impl ReceivedArtifactMatch {
    /// The version, with this one of its builds.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<Iteration, Invalid> {
        let Self { bucket, version, build } = self;
        let mut iteration = version.in_bucket(bucket.name).read()?;
        iteration.builds = vec![build.read()?];
        Ok(iteration)
    }
}

impl ReceivedSbom {
    /// The SBOM.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<Sbom, Invalid> {
        let Self { id, name, format } = self;
        let format = match format.as_deref() {
            Some("CYCLONEDX") => SbomFormat::CycloneDx,
            Some("SPDX") => SbomFormat::Spdx,
            other => {
                let other = other.unwrap_or_default();
                return Err(Invalid::new("format", format!("{other:?} is not known")));
            }
        };
        Ok(Sbom { id: id.unwrap_or_default(), name: name.unwrap_or_default(), format })
    }
}

impl ReceivedRegistry {
    /// The registry of this project.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self, project_id: ProjectId) -> Result<RegistrySettings, Invalid> {
        let config = self.config.unwrap_or_default();
        let created_at = moment("created_at", self.created_at.as_deref())?;
        let updated_at = moment("updated_at", self.updated_at.as_deref())?.max(created_at);
        let deactivation = if config.activated.unwrap_or_default() {
            None
        } else {
            let Deprovision { at, message } = config.billing_deprovision.unwrap_or_default();
            let at = moment("billing_deprovision.at", at.as_deref())?;
            Some(Deactivation { at, by: message.unwrap_or_default() })
        };
        let untracked = config.tfc_run_task_config.and_then(|task| task.on_untracked_image);
        Ok(RegistrySettings {
            id: self.id.unwrap_or_default(),
            project_id,
            tier: if config.feature_tier.as_deref() == Some("PLUS") { Tier::Plus } else { Tier::Standard },
            deactivation,
            on_untracked_image: match untracked.as_deref() {
                Some("FAIL") => OnUntrackedImage::Fail,
                _ => OnUntrackedImage::Warn,
            },
            created_at,
            updated_at,
        })
    }
}

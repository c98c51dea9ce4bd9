use serde::Deserialize;
use serde_json::Value;

use crate::model::{
    self, Artifact, BucketName, BucketSummary, Build, BuildStatus, Channel, ChannelAssignment, ChannelName,
    ComponentType, Fingerprint, Iteration, IterationId, IterationStatus, Labels, Relative, Revocation, RevokedAncestor,
    RunUuid, Timestamp,
};
use crate::wire::hcp::{Invalid, read_moment, read_template_type};
use crate::wire::hcp_2023::metadata::BuildMetadata;

/// A bucket.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedBucket {
    id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    labels: Option<Labels>,
    platforms: Option<Vec<String>>,
    latest_version: Option<ReceivedVersion>,
    /// A text; some send a number.
    version_count: Value,
    created_at: Option<String>,
    updated_at: Option<String>,
}

/// A version.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedVersion {
    id: Option<String>,
    bucket_name: Option<String>,
    name: Option<String>,
    fingerprint: Option<String>,
    status: Option<String>,
    template_type: Option<String>,
    author_id: Option<String>,
    builds: Option<Vec<ReceivedBuild>>,
    revoke_at: Option<String>,
    revocation_author: Option<String>,
    revocation_message: Option<String>,
    revocation_inherited_from: Option<Ancestor>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ancestor {
    version_id: Option<String>,
    bucket_name: Option<String>,
    version_fingerprint: Option<String>,
    version_name: Option<String>,
}

/// A build.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedBuild {
    id: Option<String>,
    component_type: Option<String>,
    platform: Option<String>,
    status: Option<String>,
    packer_run_uuid: Option<String>,
    labels: Option<Labels>,
    source_external_identifier: Option<String>,
    metadata: Option<BuildMetadata>,
    artifacts: Option<Vec<ReceivedArtifact>>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReceivedArtifact {
    id: Option<String>,
    external_identifier: Option<String>,
    region: Option<String>,
    created_at: Option<String>,
}

/// A channel.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedChannel {
    id: Option<String>,
    name: Option<String>,
    version: Option<ReceivedVersion>,
    managed: Option<bool>,
    restricted: Option<bool>,
    author_id: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

/// What a channel has pointed at once, or still does.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedAssignment {
    version: Option<ReceivedVersion>,
    author_id: Option<String>,
    assigned_at: Option<String>,
}

/// The number of a version by its name; none as long as it is incomplete.
pub(super) fn number(name: Option<&str>) -> Option<u32> {
    name?.strip_prefix('v')?.parse().ok().filter(|number| *number > 0)
}

/// A time that must not be missing, but is where nobody says it.
pub(super) fn moment(field: &'static str, text: Option<&str>) -> Result<Timestamp, Invalid> {
    Ok(read_moment(field, text)?.unwrap_or_default())
}

impl Ancestor {
    /// The ancestor, as far as it is told.
    fn read(self) -> Option<RevokedAncestor> {
        let id = IterationId::parse(self.version_id?).ok()?;
        let bucket = self.bucket_name.and_then(|name| BucketName::parse(name).ok());
        let fingerprint = self.version_fingerprint.and_then(|text| Fingerprint::parse(text).ok());
        Some(match (bucket, fingerprint) {
            (Some(bucket), Some(fingerprint)) => {
                let version = number(self.version_name.as_deref());
                RevokedAncestor::Seen(Relative { bucket, id, fingerprint, version })
            }
            _ => RevokedAncestor::Unseen(id),
        })
    }
}

impl ReceivedBucket {
    /// The bucket.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<BucketSummary, Invalid> {
        let created_at = moment("created_at", self.created_at.as_deref())?;
        let bucket = model::Bucket {
            id: self.id.unwrap_or_default(),
            name: BucketName::parse(self.name.unwrap_or_default()).map_err(Invalid::of("name"))?,
            description: self.description.unwrap_or_default(),
            labels: self.labels.unwrap_or_default(),
            created_at,
            updated_at: moment("updated_at", self.updated_at.as_deref())?.max(created_at),
        };
        let count = match &self.version_count {
            Value::String(text) => text.parse().ok(),
            value => value.as_u64().and_then(|count| u32::try_from(count).ok()),
        };
        Ok(BucketSummary {
            bucket,
            iterations: count.unwrap_or_default(),
            latest_version: number(self.latest_version.and_then(|version| version.name).as_deref()),
            platforms: self.platforms.unwrap_or_default(),
        })
    }
}

impl ReceivedVersion {
    /// The same of this bucket, where it does not say so itself.
    pub(super) fn in_bucket(self, bucket: Option<String>) -> Self {
        Self { bucket_name: self.bucket_name.or(bucket), ..self }
    }

    /// The version; which channels point at it is not said here.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<Iteration, Invalid> {
        let created_at = moment("created_at", self.created_at.as_deref())?;
        let updated_at = moment("updated_at", self.updated_at.as_deref())?.max(created_at);
        let version = number(self.name.as_deref());
        let status = match self.status.as_deref() {
            Some("VERSION_REVOKED") => IterationStatus::Revoked,
            Some("VERSION_REVOCATION_SCHEDULED") => IterationStatus::RevocationScheduled,
            _ if version.is_some() => IterationStatus::Complete,
            _ => IterationStatus::Incomplete,
        };
        let is_complete = status != IterationStatus::Incomplete;
        let mut builds: Vec<Build> =
            self.builds.unwrap_or_default().into_iter().map(ReceivedBuild::read).collect::<Result<_, _>>()?;
        let template_type = read_template_type(self.template_type)?;
        for build in &mut builds {
            build.metadata.template_type = template_type.unwrap_or_default();
        }
        let mut missing: Vec<ComponentType> = builds
            .iter()
            .filter(|build| !is_complete && build.status != BuildStatus::Done)
            .map(|build| build.component_type.clone())
            .collect();
        missing.sort();
        let revocation = match read_moment("revoke_at", self.revoke_at.as_deref())? {
            Some(revoke_at) => Some(Revocation {
                revoke_at,
                message: self.revocation_message.unwrap_or_default(),
                author: self.revocation_author.unwrap_or_default(),
                through: self.revocation_inherited_from.and_then(Ancestor::read),
            }),
            None => None,
        };
        let fingerprint = Fingerprint::parse(self.fingerprint.unwrap_or_default());
        Ok(Iteration {
            id: IterationId::parse(self.id.unwrap_or_default()).map_err(Invalid::of("id"))?,
            bucket: BucketName::parse(self.bucket_name.unwrap_or_default()).map_err(Invalid::of("bucket_name"))?,
            fingerprint: fingerprint.map_err(Invalid::of("fingerprint"))?,
            version,
            status,
            author: self.author_id.unwrap_or_default(),
            template_type,
            partial_reason: None,
            revocation,
            channels: Vec::new(),
            builds,
            missing,
            created_at,
            recorded_at: updated_at,
            completed_at: is_complete.then_some(updated_at),
        })
    }
}

impl ReceivedBuild {
    /// The build.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<Build, Invalid> {
        let created_at = moment("created_at", self.created_at.as_deref())?;
        let updated_at = moment("updated_at", self.updated_at.as_deref())?.max(created_at);
        let platform = self.platform.unwrap_or_default();
        // Whoever is not Packer may leave it out.
        let run_uuid = RunUuid::parse(self.packer_run_uuid.unwrap_or_default());
        let run_uuid = run_uuid.or_else(|_| RunUuid::parse("00000000-0000-0000-0000-000000000000"));
        let artifact = |artifact: ReceivedArtifact| -> Result<Artifact, Invalid> {
            Ok(Artifact {
                id: artifact.id.unwrap_or_default(),
                platform: platform.clone(),
                region: artifact.region.unwrap_or_default(),
                external_identifier: artifact.external_identifier.unwrap_or_default(),
                source_external_identifier: None,
                labels: Labels::new(),
                created_at: moment("created_at", artifact.created_at.as_deref())?,
            })
        };
        Ok(Build {
            id: self.id.unwrap_or_default(),
            component_type: ComponentType::parse(self.component_type.unwrap_or_default())
                .map_err(Invalid::of("component_type"))?,
            artifacts: self.artifacts.unwrap_or_default().into_iter().map(artifact).collect::<Result<_, _>>()?,
            platform,
            status: match self.status.as_deref() {
                Some("BUILD_RUNNING") => BuildStatus::Running,
                Some("BUILD_DONE") => BuildStatus::Done,
                Some("BUILD_CANCELLED") => BuildStatus::Cancelled,
                Some("BUILD_FAILED") => BuildStatus::Failed,
                _ => BuildStatus::Registered,
            },
            run_uuid: run_uuid.map_err(Invalid::of("packer_run_uuid"))?,
            labels: self.labels.unwrap_or_default(),
            source_external_identifier: self.source_external_identifier.filter(|text| !text.is_empty()),
            parents: Vec::new(),
            files: Vec::new(),
            metadata: self.metadata.as_ref().map(BuildMetadata::read).unwrap_or_default(),
            reported: self.metadata.as_ref().map(BuildMetadata::reported),
            started_at: created_at,
            recorded_at: updated_at,
            created_at,
            updated_at,
        })
    }
}

impl ReceivedChannel {
    /// The channel of a bucket.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self, bucket: &BucketName) -> Result<Channel, Invalid> {
        let created_at = moment("created_at", self.created_at.as_deref())?;
        let updated_at = moment("updated_at", self.updated_at.as_deref())?.max(created_at);
        let author = self.author_id.unwrap_or_default();
        Ok(Channel {
            id: self.id.unwrap_or_default(),
            name: ChannelName::parse(self.name.unwrap_or_default()).map_err(Invalid::of("name"))?,
            bucket: bucket.clone(),
            managed: self.managed.unwrap_or_default(),
            restricted: self.restricted.unwrap_or_default(),
            assignment: assignment(self.version)?.map(|(iteration_id, fingerprint, version)| ChannelAssignment {
                // A channel does not say its place in its history.
                position: 0,
                iteration_id: Some(iteration_id),
                fingerprint: Some(fingerprint),
                version,
                author: author.clone(),
                assigned_at: updated_at,
            }),
            author,
            created_at,
            updated_at,
        })
    }
}

impl ReceivedAssignment {
    /// The entry of a history at `position`.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self, position: u32) -> Result<ChannelAssignment, Invalid> {
        let (iteration_id, fingerprint, version) = match assignment(self.version)? {
            Some((id, fingerprint, version)) => (Some(id), Some(fingerprint), version),
            None => (None, None, None),
        };
        let assigned_at = moment("assigned_at", self.assigned_at.as_deref())?;
        let author = self.author_id.unwrap_or_default();
        Ok(ChannelAssignment { position, iteration_id, fingerprint, version, author, assigned_at })
    }
}

/// What is pointed at, where that is something: some say nothing by a version without a fingerprint.
fn assignment(version: Option<ReceivedVersion>) -> Result<Option<(IterationId, Fingerprint, Option<u32>)>, Invalid> {
    let Some(version) = version.filter(|version| version.fingerprint.as_deref().is_some_and(|text| !text.is_empty()))
    else {
        return Ok(None);
    };
    let id = IterationId::parse(version.id.unwrap_or_default()).map_err(Invalid::of("version.id"))?;
    let fingerprint = Fingerprint::parse(version.fingerprint.unwrap_or_default());
    Ok(Some((id, fingerprint.map_err(Invalid::of("version.fingerprint"))?, number(version.name.as_deref()))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "01JC0000000000000000000000";

    #[test]
    fn what_is_null_or_left_out_is_not_set() {
        let version = json!({"id": ID, "bucket_name": "web", "name": "v0", "fingerprint": "one", "builds": null,
            "status": "VERSION_RUNNING", "revoke_at": null, "more": {}});
        let read = serde_json::from_value::<ReceivedVersion>(version).unwrap().read().unwrap();
        assert_eq!((read.version, read.status, read.revocation), (None, IterationStatus::Incomplete, None));
        let bucket = json!({"name": "web", "version_count": "7", "latest_version": {"name": "v3"}, "labels": null});
        let read = serde_json::from_value::<ReceivedBucket>(bucket).unwrap().read().unwrap();
        assert_eq!((read.iterations, read.latest_version), (7, Some(3)));
        let channel = json!({"name": "production", "version": {"fingerprint": ""}});
        let web = BucketName::parse("web").unwrap();
        let read = serde_json::from_value::<ReceivedChannel>(channel).unwrap().read(&web).unwrap();
        assert_eq!(read.assignment, None);
    }

    #[test]
    fn what_a_registry_says_reads_back_as_far_as_this_wire_says_it() {
        let build = json!({"id": ID, "component_type": "amazon-ebs.east", "platform": "aws", "status": "BUILD_DONE",
            "artifacts": [{"id": ID, "external_identifier": "ami-1", "region": "us-east-1"}], "packer_run_uuid": ""});
        let open = json!({"component_type": "amazon-ebs.west", "status": "BUILD_UNSET"});
        let version = json!({"id": ID, "bucket_name": "web", "name": "v0", "fingerprint": "one",
            "status": "VERSION_INCOMPLETE", "builds": [build, open]});
        let read = serde_json::from_value::<ReceivedVersion>(version.clone()).unwrap().read().unwrap();
        assert_eq!(read.builds[0].artifacts[0].platform, "aws");
        assert_eq!(read.missing.iter().map(ComponentType::as_str).collect::<Vec<_>>(), ["amazon-ebs.west"]);
        let mut revoked = version;
        (revoked["name"], revoked["status"]) = (json!("v2"), json!("VERSION_REVOKED"));
        (revoked["revoke_at"], revoked["revocation_message"]) = (json!("1970-01-01T00:00:07Z"), json!("a hole"));
        let read = serde_json::from_value::<ReceivedVersion>(revoked).unwrap().read().unwrap();
        assert_eq!((read.version, read.status), (Some(2), IterationStatus::Revoked));
        assert_eq!(read.revocation.unwrap().revoke_at, Timestamp(7_000));
        assert!(read.missing.is_empty());
    }

    #[test]
    fn what_is_no_version_is_told_by_its_field() {
        for (body, field) in [
            (json!({}), "id: "),
            (json!({"id": ID, "bucket_name": "/"}), "bucket_name: "),
            (json!({"id": ID, "bucket_name": "web"}), "fingerprint: "),
            (json!({"created_at": "soon"}), "created_at: "),
            (json!({"builds": [{}]}), "component_type: "),
        ] {
            let error = serde_json::from_value::<ReceivedVersion>(body).unwrap().read().unwrap_err().to_string();
            assert!(error.starts_with(field), "{error}");
        }
    }
}

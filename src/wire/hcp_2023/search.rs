use serde::{Deserialize, Serialize};

use super::Build;
use super::revoked::{RevokedAncestor, revoked};
use super::version::{name_of, status};
use crate::model::{self, BucketSummary, Iteration, Labels};
use crate::wire::hcp::{Invalid, Pagination, Revoked, shown_builds, shows_images};

/// A request to find an image by its identifier.
#[derive(Debug, Deserialize)]
pub struct SearchExternalArtifactRequest {
    external_identifier: Option<String>,
    /// Only on this platform.
    pub platform: Option<String>,
    /// Only in this region.
    pub region: Option<String>,
}

/// A request to find, behind a channel, a build that has these labels.
#[derive(Debug, Deserialize)]
pub struct SearchByLabelsRequest {
    labels: Option<Labels>,
    cloud_provider: Option<String>,
    region: Option<String>,
}

/// The build that was found.
#[derive(Debug, Serialize)]
pub struct SearchByLabelsResponse {
    artifact: ExternalArtifact,
}

/// A build that has the image, with its version and its bucket.
#[derive(Debug, Serialize)]
pub struct ExternalArtifact {
    bucket: ArtifactBucket,
    version: ArtifactVersion,
    build: Build,
}

#[derive(Debug, Serialize)]
struct ArtifactBucket {
    id: String,
    name: String,
    labels: Labels,
}

#[derive(Debug, Serialize)]
struct ArtifactVersion {
    id: String,
    name: String,
    fingerprint: String,
    status: &'static str,
    author_id: String,
    #[serde(flatten)]
    revocation: Option<Revoked<RevokedAncestor>>,
}

/// A page of what was found.
#[derive(Debug, Serialize)]
pub struct SearchExternalArtifactResponse {
    artifacts: Vec<ExternalArtifact>,
    pagination: Pagination,
}

impl SearchExternalArtifactRequest {
    /// The identifier that is looked for.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn external_identifier(&self) -> Result<&str, Invalid> {
        let identifier = self.external_identifier.as_deref().filter(|identifier| !identifier.is_empty());
        identifier.ok_or_else(|| Invalid::new("external_identifier", "it is missing; send the id of an image"))
    }
}

impl SearchByLabelsRequest {
    /// The first build that has all of the labels, on the platform and with an image in the region that are asked for.
    pub fn find<'i>(&self, iteration: &'i Iteration) -> Option<&'i model::Build> {
        let is_asked_for = |asked: &Option<String>, there: &str| match asked.as_deref() {
            None | Some("") => true,
            Some(asked) => asked == there,
        };
        shown_builds(iteration).find(|build| {
            let has = |(key, value): (&String, &String)| build.labels.get(key) == Some(value);
            let artifacts = &mut build.artifacts.iter().filter(|_| shows_images(build));
            is_asked_for(&self.cloud_provider, &build.platform)
                && self.labels.iter().flatten().all(has)
                && artifacts.any(|artifact| is_asked_for(&self.region, &artifact.region))
        })
    }
}

impl From<ExternalArtifact> for SearchByLabelsResponse {
    fn from(artifact: ExternalArtifact) -> Self {
        Self { artifact }
    }
}

impl ExternalArtifact {
    /// A build of an iteration of a bucket.
    pub fn new(BucketSummary { bucket, .. }: &BucketSummary, iteration: &Iteration, build: &model::Build) -> Self {
        Self {
            bucket: ArtifactBucket {
                id: bucket.id.clone(),
                name: bucket.name.to_string(),
                labels: bucket.labels.clone(),
            },
            version: ArtifactVersion {
                id: iteration.id.to_string(),
                name: name_of(iteration.version),
                fingerprint: iteration.fingerprint.to_string(),
                status: status(iteration),
                author_id: iteration.author.clone(),
                revocation: revoked(iteration).map(Revoked::without_ancestor),
            },
            build: Build::with_metadata(iteration, build),
        }
    }
}

impl SearchExternalArtifactResponse {
    /// A page of them.
    pub fn new(artifacts: Vec<ExternalArtifact>, pagination: Pagination) -> Self {
        Self { artifacts, pagination }
    }
}

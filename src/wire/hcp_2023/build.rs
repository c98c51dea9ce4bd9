use serde::{Deserialize, Serialize};

use super::metadata::BuildMetadata;
use crate::model::{
    self, BuildUpdate, CapturedImage, ComponentType, Iteration, IterationId, Labels, NewBuild, RunUuid,
};
use crate::wire::hcp::{Invalid, Location, Pagination, build_status, read_build_status, said, shows_images};

/// A request to announce a build.
#[derive(Debug, Deserialize)]
pub struct CreateBuildRequest {
    component_type: Option<String>,
    #[serde(flatten)]
    update: UpdateBuildRequest,
}

/// What a client says of a build as it goes on.
#[derive(Debug, Deserialize)]
pub struct UpdateBuildRequest {
    status: Option<String>,
    packer_run_uuid: Option<String>,
    platform: Option<String>,
    labels: Option<Labels>,
    /// Go's clients write `null` where they say nothing of artifacts.
    artifacts: Option<Vec<NewArtifact>>,
    source_external_identifier: Option<String>,
    parent_version_id: Option<String>,
    parent_channel_id: Option<String>,
    metadata: Option<BuildMetadata>,
}

#[derive(Debug, Deserialize)]
struct NewArtifact {
    external_identifier: Option<String>,
    region: Option<String>,
}

/// A build. Clients read the status without looking whether it is there.
#[derive(Debug, Serialize)]
pub struct Build {
    id: String,
    version_id: String,
    component_type: String,
    platform: String,
    status: &'static str,
    packer_run_uuid: String,
    labels: Labels,
    source_external_identifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<BuildMetadata>,
    artifacts: Vec<Artifact>,
    created_at: String,
    updated_at: String,
}

#[derive(Debug, Serialize)]
struct Artifact {
    id: String,
    external_identifier: String,
    region: String,
    created_at: String,
}

/// One build.
#[derive(Debug, Serialize)]
pub struct BuildResponse {
    build: Build,
}

/// A page of builds.
#[derive(Debug, Serialize)]
pub struct BuildsResponse {
    builds: Vec<Build>,
    location: Location,
    pagination: Pagination,
}

impl CreateBuildRequest {
    /// The build that is announced.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<NewBuild, Invalid> {
        let component_type = ComponentType::parse(self.component_type.unwrap_or_default());
        Ok(NewBuild {
            component_type: component_type.map_err(Invalid::of("component_type"))?,
            update: self.update.read()?,
        })
    }
}

impl UpdateBuildRequest {
    /// What is said of the build.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<BuildUpdate, Invalid> {
        let platform = said(self.platform);
        let parent = said(self.parent_version_id).map(IterationId::parse).transpose();
        let run_uuid = said(self.packer_run_uuid).map(RunUuid::parse).transpose();
        let image = |artifact: NewArtifact| artifact.read(platform.as_deref().unwrap_or_default());
        Ok(BuildUpdate {
            status: said(self.status).map(|status| read_build_status(&status)).transpose()?,
            run_uuid: run_uuid.map_err(Invalid::of("packer_run_uuid"))?,
            images: self.artifacts.unwrap_or_default().into_iter().map(image).collect::<Result<_, _>>()?,
            platform,
            labels: self.labels,
            source_external_identifier: said(self.source_external_identifier),
            parent_iteration: parent.map_err(Invalid::of("parent_version_id"))?,
            parent_channel: said(self.parent_channel_id),
            metadata: self.metadata.as_ref().map(BuildMetadata::read),
            reported: self.metadata.as_ref().map(BuildMetadata::reported),
        })
    }
}

impl NewArtifact {
    fn read(self, platform: &str) -> Result<CapturedImage, Invalid> {
        let Some(external_identifier) = said(self.external_identifier) else {
            return Err(Invalid::new("artifacts.external_identifier", "it is missing; say how the platform names it"));
        };
        Ok(CapturedImage {
            platform: platform.to_owned(),
            region: self.region.unwrap_or_default(),
            external_identifier,
            ..CapturedImage::default()
        })
    }
}

impl Build {
    /// A build of `iteration`, without what it says of whence it came.
    pub fn new(iteration: &Iteration, build: &model::Build) -> Self {
        Self {
            id: build.id.clone(),
            version_id: iteration.id.to_string(),
            component_type: build.component_type.to_string(),
            platform: build.platform.clone(),
            status: build_status(build.status),
            packer_run_uuid: build.run_uuid.to_string(),
            labels: build.labels.clone(),
            source_external_identifier: build.source_external_identifier.clone().unwrap_or_default(),
            metadata: None,
            artifacts: build.artifacts.iter().filter(|_| shows_images(build)).map(Into::into).collect(),
            created_at: build.created_at.to_rfc3339(),
            updated_at: build.updated_at.to_rfc3339(),
        }
    }

    /// A build of `iteration`, with what it says of whence it came.
    pub fn with_metadata(iteration: &Iteration, build: &model::Build) -> Self {
        Self { metadata: BuildMetadata::of(build), ..Self::new(iteration, build) }
    }

    pub(super) fn platform(&self) -> &str {
        &self.platform
    }
}

impl From<&model::Artifact> for Artifact {
    fn from(artifact: &model::Artifact) -> Self {
        Self {
            id: artifact.id.clone(),
            external_identifier: artifact.external_identifier.clone(),
            region: artifact.region.clone(),
            created_at: artifact.created_at.to_rfc3339(),
        }
    }
}

impl From<Build> for BuildResponse {
    fn from(build: Build) -> Self {
        Self { build }
    }
}

impl BuildsResponse {
    /// A page of them.
    pub fn new(builds: Vec<Build>, location: Location, pagination: Pagination) -> Self {
        Self { builds, location, pagination }
    }
}

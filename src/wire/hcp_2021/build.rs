use serde::{Deserialize, Serialize};

use crate::model::{
    self, BuildUpdate, CapturedImage, ComponentType, Iteration, IterationId, Labels, NewBuild, RunUuid,
};
use crate::wire::hcp::{Invalid, Location, Pagination, bare_build_status, read_bare_build_status, said, shows_images};

/// A request to announce a build.
#[derive(Debug, Deserialize)]
pub struct CreateBuildRequest {
    build: Option<NewBuildBody>,
}

/// What a client says of a build as it goes on.
#[derive(Debug, Deserialize)]
pub struct UpdateBuildRequest {
    updates: Option<BuildUpdates>,
}

#[derive(Debug, Deserialize)]
struct NewBuildBody {
    component_type: Option<String>,
    #[serde(flatten)]
    updates: BuildUpdates,
}

#[derive(Debug, Default, Deserialize)]
struct BuildUpdates {
    status: Option<String>,
    packer_run_uuid: Option<String>,
    cloud_provider: Option<String>,
    labels: Option<Labels>,
    /// Go's clients write `null` where they say nothing of images.
    images: Option<Vec<NewImage>>,
    source_image_id: Option<String>,
    source_iteration_id: Option<String>,
    source_channel_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct NewImage {
    image_id: Option<String>,
    region: Option<String>,
}

/// A build. Clients read the status without looking whether it is there.
#[derive(Clone, Debug, Serialize)]
pub struct Build {
    id: String,
    iteration_id: String,
    component_type: String,
    cloud_provider: String,
    status: &'static str,
    packer_run_uuid: String,
    labels: Labels,
    source_image_id: String,
    images: Vec<Image>,
    created_at: String,
    updated_at: String,
}

#[derive(Clone, Debug, Serialize)]
struct Image {
    id: String,
    image_id: String,
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
        let build = self.build.ok_or_else(|| Invalid::new("build", "it is missing; send the build"))?;
        let component_type = ComponentType::parse(build.component_type.unwrap_or_default());
        Ok(NewBuild {
            component_type: component_type.map_err(Invalid::of("build.component_type"))?,
            update: build.updates.read()?,
        })
    }
}

impl UpdateBuildRequest {
    /// What is said of the build.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<BuildUpdate, Invalid> {
        self.updates.unwrap_or_default().read()
    }
}

impl BuildUpdates {
    fn read(self) -> Result<BuildUpdate, Invalid> {
        let platform = said(self.cloud_provider);
        let parent = said(self.source_iteration_id).map(IterationId::parse).transpose();
        let run_uuid = said(self.packer_run_uuid).map(RunUuid::parse).transpose();
        let image = |image: NewImage| image.read(platform.as_deref().unwrap_or_default());
        Ok(BuildUpdate {
            status: said(self.status).map(|status| read_bare_build_status(&status)).transpose()?,
            run_uuid: run_uuid.map_err(Invalid::of("packer_run_uuid"))?,
            images: self.images.unwrap_or_default().into_iter().map(image).collect::<Result<_, _>>()?,
            platform,
            labels: self.labels,
            source_external_identifier: said(self.source_image_id),
            parent_iteration: parent.map_err(Invalid::of("source_iteration_id"))?,
            parent_channel: said(self.source_channel_id),
            metadata: None,
            reported: None,
        })
    }
}

impl NewImage {
    fn read(self, platform: &str) -> Result<CapturedImage, Invalid> {
        let Some(external_identifier) = said(self.image_id) else {
            return Err(Invalid::new("images.image_id", "it is missing; say how the cloud names it"));
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
    /// A build of `iteration`.
    pub fn new(iteration: &Iteration, build: &model::Build) -> Self {
        Self {
            id: build.id.clone(),
            iteration_id: iteration.id.to_string(),
            component_type: build.component_type.to_string(),
            cloud_provider: build.platform.clone(),
            status: bare_build_status(build.status),
            packer_run_uuid: build.run_uuid.to_string(),
            labels: build.labels.clone(),
            source_image_id: build.source_external_identifier.clone().unwrap_or_default(),
            images: build.artifacts.iter().filter(|_| shows_images(build)).map(Into::into).collect(),
            created_at: build.created_at.to_rfc3339(),
            updated_at: build.updated_at.to_rfc3339(),
        }
    }

    pub(super) fn cloud_provider(&self) -> &str {
        &self.cloud_provider
    }
}

impl From<&model::Artifact> for Image {
    fn from(artifact: &model::Artifact) -> Self {
        Self {
            id: artifact.id.clone(),
            image_id: artifact.external_identifier.clone(),
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

use std::sync::OnceLock;

use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;

use super::call::{AccountStub, Headers, ascii};
use super::failure::Failure;
use crate::backend::accounts::no_project;
use crate::model::{Project, ProjectId};
use crate::wire::grpc::v1;

/// The project that calls are made in, as its user named it, and as the server wants it named: by its id.
pub(super) struct ChosenProject {
    given: Option<String>,
    id: OnceLock<MetadataValue<Ascii>>,
}

impl ChosenProject {
    pub(super) fn new(given: Option<String>) -> Self {
        Self { given, id: OnceLock::new() }
    }

    /// The id; asks the server for it where it is not known yet, and nobody where no project was named.
    pub(super) async fn id(
        &self,
        url: &str,
        channel: Channel,
        headers: &Headers,
    ) -> Result<Option<MetadataValue<Ascii>>, Failure> {
        let Some(given) = &self.given else { return Ok(None) };
        if let Some(id) = self.id.get() {
            return Ok(Some(id.clone()));
        }
        let id = match ProjectId::parse(given.as_str()) {
            Ok(id) => id,
            Err(_) => find(given, url, channel, headers).await?,
        };
        let id = ascii("the project", id.as_str())?;
        Ok(Some(self.id.get_or_init(|| id).clone()))
    }
}

async fn find(given: &str, url: &str, channel: Channel, headers: &Headers) -> Result<ProjectId, Failure> {
    let answer = AccountStub::new(channel).list_projects(headers.beside(v1::ListProjectsRequest {})).await?;
    // What is not understood is not the one.
    let projects: Vec<Project> = answer.into_inner().projects.into_iter().filter_map(|p| p.try_into().ok()).collect();
    match Project::find(&projects, given) {
        Some(project) => Ok(project.id.clone()),
        None => Err(Failure::NotFound(no_project(given, url, &projects))),
    }
}

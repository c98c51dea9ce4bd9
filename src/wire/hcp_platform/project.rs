use serde::Serialize;

use super::organization::Pagination;
use crate::model;

/// The projects of an organization. Packer takes the one that was created first.
#[derive(Debug, Serialize)]
pub struct ProjectsResponse {
    projects: Vec<Project>,
    pagination: Pagination,
}

/// One project.
#[derive(Debug, Serialize)]
pub struct ProjectResponse {
    project: Project,
}

#[derive(Debug, Serialize)]
struct Project {
    id: String,
    name: String,
    parent: Parent,
    state: &'static str,
    created_at: String,
}

#[derive(Debug, Serialize)]
struct Parent {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl From<Vec<model::Project>> for ProjectsResponse {
    fn from(projects: Vec<model::Project>) -> Self {
        Self { projects: projects.into_iter().map(Into::into).collect(), pagination: Pagination::default() }
    }
}

impl From<model::Project> for ProjectResponse {
    fn from(project: model::Project) -> Self {
        Self { project: project.into() }
    }
}

impl From<model::Project> for Project {
    fn from(model::Project { id, organization_id, name, created_at }: model::Project) -> Self {
        Self {
            id: id.to_string(),
            name: name.to_string(),
            parent: Parent { id: organization_id.to_string(), kind: "ORGANIZATION" },
            state: "ACTIVE",
            created_at: created_at.to_rfc3339(),
        }
    }
}

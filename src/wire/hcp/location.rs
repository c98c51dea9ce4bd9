use serde::Serialize;

/// Where something of a project is. HCP's regions mean nothing here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The organization.
    pub organization_id: String,
    /// The project.
    pub project_id: String,
}

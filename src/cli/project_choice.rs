use super::context::Context;
use super::failure::{Failure, Kind};
use crate::backend::Accounts;
use crate::model::{Place, Project, ProjectId};

/// The project of this name or id.
pub(super) fn find_project(accounts: &dyn Accounts, given: &str) -> Result<Project, Failure> {
    let projects = accounts.projects()?;
    Project::find(&projects, given).cloned().ok_or_else(|| {
        let message = format!("project {given} does not exist; there are: {}", names(&projects));
        Failure::new(Kind::NotFound, message)
    })
}

/// The project that a command works in: the chosen one, else the one that the registry takes for this caller.
pub(super) fn own_project(accounts: &dyn Accounts) -> Result<ProjectId, Failure> {
    if let Some(project) = accounts.standing()?.project_id {
        return Ok(project);
    }
    let message = format!("there is not just one project; choose one by --project: {}", names(&accounts.projects()?));
    Err(Failure::new(Kind::Ambiguous, message))
}

fn names(projects: &[Project]) -> String {
    let names: Vec<&str> = projects.iter().map(|project| project.name.as_str()).collect();
    if names.is_empty() { "none that you may see".to_owned() } else { names.join(", ") }
}

impl Context {
    /// Whether a project was chosen: by `--project`, or by `PACKER_REGISTRY_PROJECT`.
    pub(super) fn has_chosen_project(&self) -> bool {
        self.environment.server.project.is_some()
    }
}

/// What people call the projects that they may see.
pub(super) struct ProjectNames(Vec<Project>);

impl ProjectNames {
    pub(super) fn of(accounts: &dyn Accounts) -> Result<Self, Failure> {
        Ok(Self(accounts.projects()?))
    }

    /// `project web`, or its id where its name may not be known.
    pub(super) fn project(&self, id: &ProjectId) -> String {
        let known = self.0.iter().find(|project| project.id == *id);
        format!("project {}", known.map_or(id.as_str(), |project| project.name.as_str()))
    }

    /// A place in words.
    pub(super) fn place(&self, place: &Place) -> String {
        match place {
            Place::Organization(_) => "the organization".to_owned(),
            Place::Project(id) => self.project(id),
            Place::Bucket(id, bucket) => format!("bucket {bucket} of {}", self.project(id)),
        }
    }
}

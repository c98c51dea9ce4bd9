use std::sync::OnceLock;

use hyper::Method;
use serde_json::Value;

use super::calls::{HcpCalls, Request};
use super::trouble::Failed;
use crate::backend::BackendError;
use crate::backend::grpc::http::escaped;
use crate::config::HcpAccess;
use crate::model::{OrganizationId, ProjectId};

const MANAGER: &str = "/resource-manager/2019-12-10";

/// The project that calls are made in: what all of their paths begin with.
#[derive(Default)]
pub(super) struct Place {
    base: OnceLock<(String, String)>,
}

impl Place {
    /// The path, which has no slash at its end; asks for what was named by its name, or not at all.
    pub(super) fn base(&self, calls: &HcpCalls) -> Result<&str, Failed> {
        self.found(calls).map(|(base, _)| base.as_str())
    }

    /// The id of the project.
    pub(super) fn project(&self, calls: &HcpCalls) -> Result<&str, Failed> {
        self.found(calls).map(|(_, project)| project.as_str())
    }

    fn found(&self, calls: &HcpCalls) -> Result<&(String, String), Failed> {
        if let Some(found) = self.base.get() {
            return Ok(found);
        }
        let HcpAccess { organization, project, .. } = calls.access()?;
        let organization = match organization.as_deref().map(OrganizationId::parse) {
            Some(Ok(id)) => id.to_string(),
            _ => find_organization(calls, organization.as_deref())?,
        };
        let project = match project.as_deref().map(ProjectId::parse) {
            Some(Ok(id)) => id.to_string(),
            _ => find_project(calls, &organization, project.as_deref())?,
        };
        let base = format!("/packer/2023-01-01/organizations/{organization}/projects/{project}");
        Ok(self.base.get_or_init(|| (base, project)))
    }
}

fn find_organization(calls: &HcpCalls, given: Option<&str>) -> Result<String, Failed> {
    let organizations = list(calls, format!("{MANAGER}/organizations"), "organizations")?;
    match (choose(&organizations, given), organizations.as_slice()) {
        (Some(found), _) if given.is_some() => Ok(found),
        (_, [only]) if given.is_none() => Ok(text(only, "id").to_owned()),
        _ => Err(BackendError::NotFound(format!(
            "organization {} is not one of those of the caller ({}); set HCP_ORGANIZATION_ID, or write \
             hcp://ORGANIZATION/PROJECT",
            given.unwrap_or("(none is named)"),
            names(&organizations)
        ))
        .into()),
    }
}

/// The project of this name; without one the oldest, which HCP's own clients take, too.
fn find_project(calls: &HcpCalls, organization: &str, given: Option<&str>) -> Result<String, Failed> {
    let path = format!("{MANAGER}/projects?scope.id={}&scope.type=ORGANIZATION", escaped(organization));
    let mut projects = list(calls, path, "projects")?;
    projects.sort_by(|one, other| text(one, "created_at").cmp(text(other, "created_at")));
    choose(&projects, given).ok_or_else(|| {
        BackendError::NotFound(format!(
            "project {} is not one of those of the caller ({}); set HCP_PROJECT_ID, or write hcp://ORGANIZATION/PROJECT",
            given.unwrap_or("(none is named)"),
            names(&projects)
        ))
        .into()
    })
}

fn list(calls: &HcpCalls, path: String, key: &str) -> Result<Vec<Value>, Failed> {
    let budget = calls.patience.question;
    let request = Request { method: Method::GET, path, body: None, budget, is_repeatable: true };
    let mut answer = calls.call(&request)?;
    Ok(match answer.get_mut(key).map(Value::take) {
        Some(Value::Array(entries)) => entries,
        _ => Vec::new(),
    })
}

/// The id of the first one, or of the one with this id or name.
fn choose(entries: &[Value], given: Option<&str>) -> Option<String> {
    let is_it = |entry: &&Value| given.is_none_or(|given| text(entry, "id") == given || text(entry, "name") == given);
    entries.iter().find(is_it).map(|entry| text(entry, "id").to_owned())
}

fn text<'v>(entry: &'v Value, key: &str) -> &'v str {
    entry[key].as_str().unwrap_or_default()
}

fn names(entries: &[Value]) -> String {
    let names: Vec<&str> = entries.iter().map(|entry| text(entry, "name")).collect();
    if names.is_empty() { "there are none".to_owned() } else { format!("there are: {}", names.join(", ")) }
}

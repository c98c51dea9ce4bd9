use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::rest::{Call, Fault, Query};
use crate::registry::store::Store;
use crate::registry::{RegistryError, Service};
use crate::wire::hcp::Code;
use crate::wire::hcp_platform::{ProjectResponse, ProjectsResponse};

/// `GET /projects`: those of the organization that the caller holds something in.
///
/// HCP does not answer this to principals of a project, and Packer then tells the user to set `HCP_PROJECT_ID`.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<ProjectsResponse>, Fault> {
    if let Some(other) = query.get("scope.type").filter(|kind| *kind != "ORGANIZATION") {
        return Err(Fault::invalid(format!("scope.type: {other:?} has no projects; use ORGANIZATION")));
    }
    let standing = service.standing(&call.caller).await.map_err(|error| call.failed(error))?;
    if let Some(other) = query.get("scope.id").filter(|id| *id != standing.organization_id.as_str()) {
        return Err(call.failed(RegistryError::no_organization(other, &standing.organization_id)));
    }
    if let Some(home) = standing.principal.and_then(|principal| principal.project_id) {
        return Err(denied(format!(
            "{} belongs to project {home} and may not list those of the organization; set HCP_PROJECT_ID to {home}",
            standing.name
        )));
    }
    let projects = service.projects(&call.caller).await.map_err(|error| call.failed(error))?;
    if projects.is_empty() {
        return Err(denied(format!(
            "{} holds no role in any project; an admin of a project or an owner of the organization can give one",
            standing.name
        )));
    }
    Ok(Json(projects.into()))
}

fn denied(message: String) -> Fault {
    Fault::new(Code::PermissionDenied, message)
}

/// `GET /projects/{id}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<ProjectResponse>, Fault> {
    let projects = service.projects(&call.caller).await.map_err(|error| call.failed(error))?;
    let asked = call.segment("id");
    match projects.into_iter().find(|project| project.id.as_str() == asked) {
        Some(project) => Ok(Json(project.into())),
        None => Err(call.failed(RegistryError::no_project(asked))),
    }
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::rest::{Call, Fault};
use crate::registry::store::Store;
use crate::registry::{RegistryError, Service};
use crate::wire::hcp_platform::{OrganizationResponse, OrganizationsResponse};

/// `GET /organizations`: the caller's, which is the only one that it can have.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<OrganizationsResponse>, Fault> {
    let organization = service.organization(&call.caller).await.map_err(|error| call.failed(error))?;
    Ok(Json(organization.into()))
}

/// `GET /organizations/{id}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<OrganizationResponse>, Fault> {
    let organization = service.organization(&call.caller).await.map_err(|error| call.failed(error))?;
    let asked = call.segment("id");
    if organization.id.as_str() != asked {
        return Err(call.failed(RegistryError::no_organization(asked, &organization.id)));
    }
    Ok(Json(organization.into()))
}

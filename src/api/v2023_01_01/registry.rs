use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::rest::registry::changed;
pub(super) use crate::api::rest::registry::{create, delete, get};
use crate::api::rest::{Body, Call, Fault};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::RegistryOperationResponse;
use crate::wire::hcp_2023::UpdateRegistryRequest;

/// `PATCH …/registry`.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateRegistryRequest>,
) -> Result<Json<RegistryOperationResponse>, Fault> {
    let update = request.read().map_err(Fault::invalid)?;
    let updated = service.update_registry(&call.caller, update).await.map_err(|error| call.failed(error))?;
    Ok(changed(&service, &call, &updated))
}

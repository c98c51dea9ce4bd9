//! The registry of a project, which all versions of the API show and create in the same words.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::{Body, Call, Fault, done};
use crate::model::RegistrySettings;
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{CreateRegistryRequest, Registry, RegistryOperationResponse, RegistryResponse};

/// `GET …/registry`. Packer asks for it to know whether a project id is good.
pub(in crate::api) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<RegistryResponse>, Fault> {
    let settings = service.registry(&call.caller).await.map_err(|error| call.failed(error))?;
    Ok(Json(Registry::new(&settings, call.location()).into()))
}

/// `PUT …/registry`.
pub(in crate::api) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateRegistryRequest>,
) -> Result<Json<RegistryOperationResponse>, Fault> {
    let tier = request.read().map_err(Fault::invalid)?;
    let created = service.create_registry(&call.caller, tier).await.map_err(|error| call.failed(error))?;
    Ok(changed(&service, &call, &created))
}

/// `DELETE …/registry`.
pub(in crate::api) async fn delete<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<RegistryOperationResponse>, Fault> {
    let deleted = service.delete_registry(&call.caller).await.map_err(|error| call.failed(error))?;
    Ok(changed(&service, &call, &deleted))
}

/// The answer to a change of the registry, which is done.
pub(in crate::api) fn changed<S: Store>(
    service: &Service<S>,
    call: &Call,
    settings: &RegistrySettings,
) -> Json<RegistryOperationResponse> {
    let registry = Registry::new(settings, call.location());
    Json(RegistryOperationResponse::new(registry, done(service, call)))
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

pub(super) use crate::api::rest::run_task::{get, regenerate_key};
use crate::api::rest::{Body, Call, Fault};
use crate::model::RegistryUpdate;
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp_2023::RunTaskConfig;

/// `GET …/runtasks/config`.
pub(super) async fn config<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<RunTaskConfig>, Fault> {
    let settings = service.registry(&call.caller).await.map_err(|error| call.failed(error))?;
    Ok(Json((&settings).into()))
}

/// `PATCH …/runtasks/config`.
pub(super) async fn update_config<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<RunTaskConfig>,
) -> Result<Json<RunTaskConfig>, Fault> {
    let on_untracked_image = request.read().map_err(Fault::invalid)?;
    let update = RegistryUpdate { on_untracked_image, ..RegistryUpdate::default() };
    let settings = service.update_registry(&call.caller, update).await.map_err(|error| call.failed(error))?;
    Ok(Json((&settings).into()))
}

//! The address and the key of the run task, which all versions of the API tell in the same words.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::{Address, Call, Fault};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Code, RunTaskResponse};

/// `GET …/runtasks/{task_type}`; there is one type, `validation`.
pub(in crate::api) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Address(server): Address,
) -> Result<Json<RunTaskResponse>, Fault> {
    let asked = call.segment("task_type");
    if asked != "validation" {
        let shown: String = asked.chars().take(64).collect();
        return Err(Fault::new(Code::NotFound, format!("run task {shown:?} does not exist; there is: validation")));
    }
    let task = service.run_task(&call.caller).await.map_err(|error| call.failed(error))?;
    Ok(Json(RunTaskResponse::with_address(&task, &server)))
}

/// `PATCH …/runtasks/hmac`: exchanges the key.
pub(in crate::api) async fn regenerate_key<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<RunTaskResponse>, Fault> {
    let task = service.regenerate_run_task_key(&call.caller).await.map_err(|error| call.failed(error))?;
    Ok(Json(RunTaskResponse::key_of(&task)))
}

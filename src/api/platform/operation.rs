use axum::Json;
use ulid::Ulid;

use crate::api::rest::{Call, Fault};
use crate::model::Timestamp;
use crate::wire::hcp::{Code, Operation};
use crate::wire::hcp_platform::{OperationResponse, OperationsResponse};

/// `GET …/operations`: those that are kept, of which there are none, because each is done when it is answered.
pub(super) async fn list(_: Call) -> Json<OperationsResponse> {
    Json(OperationsResponse::none())
}

/// `GET …/operations/{id}` and `…/operations/{id}/wait`: what has become of an operation.
///
/// Whatever an API of HCP begins, this server has done when it answers. Nothing is written down of it: its id is a ULID
/// that was made for the answer, so every ULID is the id of an operation that is done, and nothing else is one.
pub(super) async fn get(call: Call) -> Result<Json<OperationResponse>, Fault> {
    let id = call.segment("id");
    let Ok(ulid) = Ulid::from_string(id) else {
        let shown: String = id.chars().take(64).collect();
        let message = format!("operation {shown:?} does not exist; use the id that the call which began it answered");
        return Err(Fault::new(Code::NotFound, message));
    };
    let begun_at = Timestamp(i64::try_from(ulid.timestamp_ms()).unwrap_or(i64::MAX));
    Ok(Json(Operation::done(id, begun_at, call.location()).into()))
}

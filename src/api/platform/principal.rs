use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::rest::{Call, Fault, Query};
use crate::model::PrincipalId;
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp_platform::PrincipalsResponse;

/// Ids in one request: as many as there may be identities in one policy of HCP.
const MAX_IDS: usize = 1_000;

/// `GET …/principals`: those whose ids are asked for, as far as there are such.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<PrincipalsResponse>, Fault> {
    let asked: Vec<&str> = query.all("principal_ids").collect();
    if asked.len() > MAX_IDS {
        let count = asked.len();
        return Err(Fault::invalid(format!("principal_ids: there are {count}, and {MAX_IDS} is the most; ask twice")));
    }
    // What is no id is nobody's.
    let mut ids: Vec<PrincipalId> = asked.into_iter().filter_map(|id| PrincipalId::parse(id).ok()).collect();
    ids.sort();
    ids.dedup();
    let principals = service.principals_by_id(&call.caller, &ids).await.map_err(|error| call.failed(error))?;
    Ok(Json(principals.into()))
}

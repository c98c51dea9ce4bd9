use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, get};

use crate::api::rest::{Body, Call, Fault, Query};
use crate::model::{Place, PolicyChange};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::Code;
use crate::wire::hcp_platform::{Policy, PolicyResponse, ResourceName, SetPolicyRequest};

type Answer = Result<Json<PolicyResponse>, Fault>;

/// The roles in the place that `resource_name` names: a bucket, a project or the organization.
pub(super) fn of_resource<S: Store + 'static>() -> MethodRouter<Arc<Service<S>>> {
    get(async |State(service): State<Arc<Service<S>>>, call: Call, query: Query| {
        read(&service, &call, query.get("resource_name").unwrap_or_default()).await
    })
    .put(async |State(service): State<Arc<Service<S>>>, call: Call, Body(request): Body<SetPolicyRequest>| {
        write(&service, &call, &request.resource_name, request.policy).await
    })
}

/// The roles in a project, whose id is in the path.
pub(super) fn of_project<S: Store + 'static>() -> MethodRouter<Arc<Service<S>>> {
    below("project")
}

/// The roles in the organization, whose id is in the path.
pub(super) fn of_organization<S: Store + 'static>() -> MethodRouter<Arc<Service<S>>> {
    below("organization")
}

fn below<S: Store + 'static>(noun: &'static str) -> MethodRouter<Arc<Service<S>>> {
    get(async move |State(service): State<Arc<Service<S>>>, call: Call| {
        read(&service, &call, &format!("{noun}/{}", call.segment("id"))).await
    })
    .put(
        async move |State(service): State<Arc<Service<S>>>, call: Call, Body(request): Body<SetPolicyRequest>| {
            write(&service, &call, &format!("{noun}/{}", call.segment("id")), request.policy).await
        },
    )
}

async fn read<S: Store>(service: &Service<S>, call: &Call, name: &str) -> Answer {
    let place = place(name)?;
    let policy = service.policy(&call.caller, &place).await.map_err(|error| call.failed(error))?;
    Ok(Json(policy.into()))
}

async fn write<S: Store>(service: &Service<S>, call: &Call, name: &str, policy: Policy) -> Answer {
    let place = place(name)?;
    let (members, etag) = policy.read().map_err(Fault::invalid)?;
    let changed = service.set_policy(&call.caller, &place, &members, etag.as_deref()).await;
    match changed.map_err(|error| call.failed(error))? {
        PolicyChange::Made(policy) => Ok(Json(policy.into())),
        PolicyChange::Outdated => {
            let message = format!("policy.etag: somebody else has changed the roles in {place}; read them again first");
            Err(Fault::new(Code::Aborted, message))
        }
    }
}

fn place(name: &str) -> Result<Place, Fault> {
    let ResourceName(place) = ResourceName::parse(name).map_err(Fault::invalid)?;
    Ok(place)
}

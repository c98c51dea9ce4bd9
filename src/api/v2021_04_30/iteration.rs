use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::rest::page::{moment, number};
use crate::api::rest::{Address, Body, Call, Fault, Query, Sorting, Wanted, completed, done, without_iteration};
use crate::model::{self, BucketName, IterationId, IterationSelector, Relative, RevokedAncestor};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Empty, Invalid, IterationChange, Location};
use crate::wire::hcp_2021::{
    CreateIterationRequest, Iteration, IterationResponse, IterationsResponse, UpdateIterationRequest,
    UpdateIterationResponse, read_number, selector,
};

const SORTING: Sorting<model::Iteration> = Sorting {
    fields: &[
        ("incremental_version", |iteration| number(iteration.version.unwrap_or_default())),
        ("fingerprint", |iteration| iteration.fingerprint.to_string()),
        ("created_at", |iteration| moment(iteration.created_at)),
        ("updated_at", |iteration| moment(iteration.recorded_at)),
    ],
    default: "created_at desc",
    id: |iteration| iteration.id.to_string(),
};

/// `GET …/iterations`.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<IterationsResponse>, Fault> {
    let bucket = call.bucket("bucket_slug")?;
    let all = service.iterations(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
    let (page, pagination) = SORTING.page(&query, all)?;
    Ok(Json(IterationsResponse::new(page.iter().map(Into::into).collect(), pagination)))
}

/// `GET …/iteration`: the one that the query names.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
    address: Address,
) -> Result<Json<IterationResponse>, Fault> {
    let bucket = call.bucket("bucket_slug")?;
    let Some(selector) = asked(&query)? else {
        return Err(Fault::invalid("no iteration is named; send iteration_id, fingerprint or incremental_version"));
    };
    match service.iteration(&call.caller, &bucket, &selector).await {
        Ok(iteration) => Ok(Json(whole(&service, &call, &address, &iteration).await?.into())),
        Err(error) => Err(without_iteration(&service, &call, wanted(&bucket, &selector), error).await),
    }
}

/// `POST …/iterations`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateIterationRequest>,
) -> Result<Json<IterationResponse>, Fault> {
    let bucket = call.bucket("bucket_slug")?;
    let (fingerprint, template_type) = request.read().map_err(Fault::invalid)?;
    let created = service.create_iteration(&call.caller, &bucket, &fingerprint, template_type).await;
    Ok(Json(Iteration::new(&created.map_err(|error| call.failed(error))?).into()))
}

/// `PATCH …/iterations/{iteration_id}`: completes, revokes or restores an iteration.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    address: Address,
    Body(request): Body<UpdateIterationRequest>,
) -> Result<Json<UpdateIterationResponse>, Fault> {
    let (bucket, change) = request.read(service.now()).map_err(Fault::invalid)?;
    let (bucket, selector) = located(&service, &call, bucket.as_deref()).await?;
    let iteration = service.governed_iteration(&call.caller, &bucket, &selector).await;
    let iteration = iteration.map_err(|error| call.failed(error))?;
    let changed = match change {
        IterationChange::Nothing => Ok(iteration),
        IterationChange::Complete => Ok(completed(&service, &call, wanted(&bucket, &selector)).await?),
        IterationChange::Restore => service.restore_iteration(&call.caller, &bucket, &selector).await,
        IterationChange::Revoke(order) => service.revoke_iteration(&call.caller, &bucket, &selector, order).await,
    };
    let iteration = whole(&service, &call, &address, &changed.map_err(|error| call.failed(error))?).await?;
    Ok(Json(UpdateIterationResponse::new(iteration, done(&service, &call))))
}

/// `DELETE …/iterations/{iteration_id}`: with its builds.
pub(super) async fn delete<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<Empty>, Fault> {
    let rolls_back = query.is_true("rollback_channels")?;
    let (bucket, selector) = located(&service, &call, query.get("bucket_slug")).await?;
    let deleted = service.delete_iteration(&call.caller, &bucket, &selector, rolls_back).await;
    deleted.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// The iteration that a query names, if it does.
pub(super) fn asked(query: &Query) -> Result<Option<IterationSelector>, Fault> {
    let text = |name| query.get(name).map(ToOwned::to_owned);
    let number = read_number(query.get("incremental_version")).map_err(Fault::invalid)?;
    selector(text("fingerprint"), number, text("iteration_id")).map_err(Fault::invalid)
}

/// The iteration that a call asks for, for those answers that tell of it.
pub(super) fn wanted<'a>(bucket: &'a BucketName, selector: &'a IterationSelector) -> Wanted<'a> {
    Wanted { noun: "iteration", bucket, selector }
}

/// The iteration that the path names by its id.
pub(super) fn named(call: &Call) -> Result<IterationId, Fault> {
    IterationId::parse(call.segment("iteration_id")).map_err(Invalid::of("iteration_id")).map_err(Fault::invalid)
}

/// The iteration that the path names, and its bucket: the one that is said, or else the one where it is found.
async fn located<S: Store>(
    service: &Service<S>,
    call: &Call,
    bucket: Option<&str>,
) -> Result<(BucketName, IterationSelector), Fault> {
    let id = named(call)?;
    let bucket = match bucket {
        Some(bucket) => BucketName::parse(bucket).map_err(Invalid::of("bucket_slug")).map_err(Fault::invalid)?,
        None => service.locate_iteration(&call.caller, &id).await.map_err(|error| call.failed(error))?,
    };
    Ok((bucket, IterationSelector::Id(id)))
}

/// An iteration with all that can be said of it.
async fn whole<S: Store>(
    service: &Service<S>,
    call: &Call,
    address: &Address,
    iteration: &model::Iteration,
) -> Result<Iteration, Fault> {
    let selector = IterationSelector::Id(iteration.id.clone());
    let descendants = service.descendants(&call.caller, &iteration.bucket, &selector).await;
    let descendants = descendants.map_err(|error| call.failed(error))?;
    let revoked_through = iteration.revocation.as_ref().and_then(|revocation| revocation.through.as_ref());
    let ancestor = revoked_through.and_then(RevokedAncestor::seen);
    let href = ancestor.map(|ancestor| at(address, call, ancestor));
    Ok(Iteration::new(iteration).with_descendants(!descendants.is_empty()).with_ancestor_at(href))
}

/// Where an iteration is read.
fn at(Address(server): &Address, call: &Call, Relative { bucket, id, .. }: &Relative) -> String {
    let Location { organization_id, project_id } = call.location();
    format!(
        "{server}/packer/2021-04-30/organizations/{organization_id}/projects/{project_id}/images/{bucket}\
         /iteration?iteration_id={id}"
    )
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::ancestry::href;
use crate::api::rest::page::{moment, number};
use crate::api::rest::{Address, Body, Call, Fault, Query, Sorting, Wanted, completed, done, without_iteration};
use crate::model::{
    AncestryQuery, AncestrySide, BucketName, Fingerprint, Iteration, IterationSelector, Relative, RevokedAncestor,
};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Empty, Invalid, IterationChange, Location, Relatives};
use crate::wire::hcp_2023::{
    CreateVersionRequest, UpdateVersionRequest, UpdateVersionResponse, Version, VersionResponse, VersionsResponse,
};

const SORTING: Sorting<Iteration> = Sorting {
    fields: &[
        ("name", |iteration| number(iteration.version.unwrap_or_default())),
        ("fingerprint", |iteration| iteration.fingerprint.to_string()),
        ("created_at", |iteration| moment(iteration.created_at)),
        ("updated_at", |iteration| moment(iteration.recorded_at)),
    ],
    default: "created_at desc",
    id: |iteration| iteration.id.to_string(),
};

/// `GET …/versions`.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<VersionsResponse>, Fault> {
    let bucket = call.bucket("bucket_name")?;
    let all = service.iterations(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
    let (page, pagination) = SORTING.page(&query, all)?;
    Ok(Json(VersionsResponse::new(page.iter().map(Version::new).collect(), pagination)))
}

/// `GET …/versions/{fingerprint}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    address: Address,
) -> Result<Json<VersionResponse>, Fault> {
    let (bucket, fingerprint) = (call.bucket("bucket_name")?, fingerprint(&call)?);
    let selector = IterationSelector::Fingerprint(fingerprint);
    let iteration = match service.iteration(&call.caller, &bucket, &selector).await {
        Ok(iteration) => iteration,
        Err(error) => return Err(without_iteration(&service, &call, wanted(&bucket, &selector), error).await),
    };
    Ok(Json(whole(&service, &call, &address, &iteration).await?.into()))
}

/// A version with all that can be said of it.
async fn whole<S: Store>(
    service: &Service<S>,
    call: &Call,
    address: &Address,
    iteration: &Iteration,
) -> Result<Version, Fault> {
    let (bucket, selector) = (&iteration.bucket, IterationSelector::Id(iteration.id.clone()));
    let descendants = service.descendants(&call.caller, bucket, &selector).await.map_err(|error| call.failed(error))?;
    let side = Some(AncestrySide::Parents);
    let query = AncestryQuery { side, iteration: Some(selector), channel: None };
    let parents = service.ancestry(&call.caller, bucket, &query).await.map_err(|error| call.failed(error))?;
    let href = href(address, call, (bucket, Some(&iteration.fingerprint)), AncestrySide::Parents);
    let version = Version::with_metadata(iteration);
    let version = version.with_ancestry(Relatives::of(&parents, href), !descendants.is_empty());
    let revoked_through = iteration.revocation.as_ref().and_then(|revocation| revocation.through.as_ref());
    let ancestor = revoked_through.and_then(RevokedAncestor::seen);
    Ok(version.with_ancestor_at(ancestor.map(|ancestor| at(address, call, ancestor))))
}

/// Where a version is read.
fn at(Address(server): &Address, call: &Call, Relative { bucket, fingerprint, .. }: &Relative) -> String {
    let Location { organization_id, project_id } = call.location();
    format!(
        "{server}/packer/2023-01-01/organizations/{organization_id}/projects/{project_id}/buckets/{bucket}\
         /versions/{fingerprint}"
    )
}

/// `POST …/versions`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateVersionRequest>,
) -> Result<Json<VersionResponse>, Fault> {
    let bucket = call.bucket("bucket_name")?;
    let (fingerprint, template_type) = request.read().map_err(Fault::invalid)?;
    let created = service.create_iteration(&call.caller, &bucket, &fingerprint, template_type).await;
    Ok(Json(Version::with_metadata(&created.map_err(|error| call.failed(error))?).into()))
}

/// `PATCH …/versions/{fingerprint}`: completes, revokes or restores a version.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    address: Address,
    Body(request): Body<UpdateVersionRequest>,
) -> Result<Json<UpdateVersionResponse>, Fault> {
    let change = request.read(service.now()).map_err(Fault::invalid)?;
    let (bucket, selector) = (call.bucket("bucket_name")?, IterationSelector::Fingerprint(fingerprint(&call)?));
    let iteration = service.governed_iteration(&call.caller, &bucket, &selector).await;
    let iteration = iteration.map_err(|error| call.failed(error))?;
    let selector = IterationSelector::Id(iteration.id.clone());
    let changed = match change {
        IterationChange::Nothing => Ok(iteration),
        IterationChange::Complete => Ok(completed(&service, &call, wanted(&bucket, &selector)).await?),
        IterationChange::Restore => service.restore_iteration(&call.caller, &bucket, &selector).await,
        IterationChange::Revoke(order) => service.revoke_iteration(&call.caller, &bucket, &selector, order).await,
    };
    let version = whole(&service, &call, &address, &changed.map_err(|error| call.failed(error))?).await?;
    Ok(Json(UpdateVersionResponse::new(version, done(&service, &call))))
}

/// `DELETE …/versions/{fingerprint}`: with its builds.
pub(super) async fn delete<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<Empty>, Fault> {
    let (bucket, selector) = (call.bucket("bucket_name")?, IterationSelector::Fingerprint(fingerprint(&call)?));
    let rolls_back = query.is_true("rollback_channels")?;
    let deleted = service.delete_iteration(&call.caller, &bucket, &selector, rolls_back).await;
    deleted.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// The version that the path names, and its bucket.
pub(super) async fn named<S: Store>(service: &Service<S>, call: &Call) -> Result<(BucketName, Iteration), Fault> {
    let (bucket, selector) = (call.bucket("bucket_name")?, IterationSelector::Fingerprint(fingerprint(call)?));
    let iteration = service.iteration(&call.caller, &bucket, &selector).await;
    Ok((bucket, iteration.map_err(|error| call.failed(error))?))
}

/// The version that a call asks for, for those answers that tell of it.
pub(super) fn wanted<'a>(bucket: &'a BucketName, selector: &'a IterationSelector) -> Wanted<'a> {
    Wanted { noun: "version", bucket, selector }
}

pub(super) fn fingerprint(call: &Call) -> Result<Fingerprint, Fault> {
    Fingerprint::parse(call.segment("fingerprint")).map_err(Invalid::of("fingerprint")).map_err(Fault::invalid)
}

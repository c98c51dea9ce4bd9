use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::ancestry::href;
use crate::api::rest::page::moment;
use crate::api::rest::{Address, Body, Call, Fault, Query, Sorting, newest};
use crate::model::{AncestryQuery, AncestrySide, BucketSummary};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Empty, Relatives};
use crate::wire::hcp_2023::{Bucket, BucketResponse, BucketsResponse, CreateBucketRequest, UpdateBucketRequest};

const SORTING: Sorting<BucketSummary> = Sorting {
    fields: &[
        ("name", |summary| summary.bucket.name.to_string()),
        ("created_at", |summary| moment(summary.bucket.created_at)),
        ("updated_at", |summary| moment(summary.bucket.updated_at)),
    ],
    default: "name",
    id: |summary| summary.bucket.id.clone(),
};

/// `GET …/buckets`.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<BucketsResponse>, Fault> {
    let all = service.buckets(&call.caller).await.map_err(|error| call.failed(error))?;
    let (page, pagination) = SORTING.page(&query, all)?;
    let buckets = shown(&service, &call, page).await?.into_iter().map(|(_, bucket)| bucket);
    Ok(Json(BucketsResponse::new(buckets.collect(), pagination)))
}

/// `GET …/buckets/{bucket_name}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    address: Address,
) -> Result<Json<BucketResponse>, Fault> {
    let name = call.bucket("bucket_name")?;
    let summary = service.bucket(&call.caller, &name).await.map_err(|error| call.failed(error))?;
    let latest = newest(&service, &call, std::slice::from_ref(&summary)).await?.pop().flatten();
    let relations = service.ancestry(&call.caller, &name, &AncestryQuery::default()).await;
    let (children, parents): (Vec<_>, Vec<_>) =
        relations.map_err(|error| call.failed(error))?.into_iter().partition(|relation| relation.parent.bucket == name);
    let to = |side| href(&address, &call, (&name, None), side);
    let (parents, children) =
        (Relatives::of(&parents, to(AncestrySide::Parents)), Relatives::of(&children, to(AncestrySide::Children)));
    let bucket = Bucket::new(summary, latest.as_ref(), call.location());
    Ok(Json(bucket.with_ancestry(parents, children).into()))
}

/// `PUT …/buckets`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateBucketRequest>,
) -> Result<Json<BucketResponse>, Fault> {
    let (name, description, labels) = request.read().map_err(Fault::invalid)?;
    let created = service.create_bucket(&call.caller, &name, &description, &labels).await;
    one(&service, &call, created.map_err(|error| call.failed(error))?).await
}

/// `PATCH …/buckets/{bucket_name}`.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateBucketRequest>,
) -> Result<Json<BucketResponse>, Fault> {
    let name = call.bucket("bucket_name")?;
    let updated = service.update_bucket(&call.caller, &name, request.description, request.labels).await;
    one(&service, &call, updated.map_err(|error| call.failed(error))?).await
}

/// `DELETE …/buckets/{bucket_name}`: with all that is in it.
pub(super) async fn delete<S: Store>(State(service): State<Arc<Service<S>>>, call: Call) -> Result<Json<Empty>, Fault> {
    let name = call.bucket("bucket_name")?;
    service.delete_bucket(&call.caller, &name).await.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// Buckets as they are answered, with their ids.
pub(super) async fn shown<S: Store>(
    service: &Service<S>,
    call: &Call,
    summaries: Vec<BucketSummary>,
) -> Result<Vec<(String, Bucket)>, Fault> {
    let latest = newest(service, call, &summaries).await?;
    let shown = summaries
        .into_iter()
        .zip(&latest)
        .map(|(summary, latest)| (summary.bucket.id.clone(), Bucket::new(summary, latest.as_ref(), call.location())));
    Ok(shown.collect())
}

async fn one<S: Store>(
    service: &Service<S>,
    call: &Call,
    summary: BucketSummary,
) -> Result<Json<BucketResponse>, Fault> {
    let latest = newest(service, call, std::slice::from_ref(&summary)).await?.pop().flatten();
    Ok(Json(Bucket::new(summary, latest.as_ref(), call.location()).into()))
}

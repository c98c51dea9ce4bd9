use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::ancestry::href;
use crate::api::rest::page::moment;
use crate::api::rest::{Address, Body, Call, Fault, Query, Sorting, newest};
use crate::model::{AncestryQuery, BucketSummary};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Code, Empty, Relatives};
use crate::wire::hcp_2021::{Bucket, BucketResponse, BucketsResponse, CreateBucketRequest, UpdateBucketRequest};

const SORTING: Sorting<BucketSummary> = Sorting {
    fields: &[
        ("slug", |summary| summary.bucket.name.to_string()),
        ("created_at", |summary| moment(summary.bucket.created_at)),
        ("updated_at", |summary| moment(summary.bucket.updated_at)),
    ],
    default: "slug",
    id: |summary| summary.bucket.id.clone(),
};

/// `GET …/images`.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<BucketsResponse>, Fault> {
    let all = service.buckets(&call.caller).await.map_err(|error| call.failed(error))?;
    let (page, pagination) = SORTING.page(&query, all)?;
    let newest = newest(&service, &call, &page).await?;
    let buckets = page.into_iter().zip(&newest);
    let buckets = buckets.map(|(summary, newest)| Bucket::new(summary, newest.as_ref(), call.location()));
    Ok(Json(BucketsResponse::new(buckets.collect(), pagination)))
}

/// `GET …/images/{bucket_slug}`; with `bucket_id`, only where that is its id.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
    address: Address,
) -> Result<Json<BucketResponse>, Fault> {
    let name = call.bucket("bucket_slug")?;
    let summary = service.bucket(&call.caller, &name).await.map_err(|error| call.failed(error))?;
    if query.get("bucket_id").is_some_and(|id| id != summary.bucket.id) {
        let message = format!("bucket {name} has another id than bucket_id says; leave bucket_id out");
        return Err(Fault::new(Code::NotFound, message));
    }
    let relations = service.ancestry(&call.caller, &name, &AncestryQuery::default()).await;
    let (children, parents): (Vec<_>, Vec<_>) =
        relations.map_err(|error| call.failed(error))?.into_iter().partition(|relation| relation.parent.bucket == name);
    let of = |relations: &[_], kind| Relatives::of(relations, href(&address, &call, &name, kind));
    let bucket = shown(&service, &call, summary).await?;
    Ok(Json(bucket.with_ancestry(of(&parents, "parents"), of(&children, "children")).into()))
}

/// `PUT …/images`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateBucketRequest>,
) -> Result<Json<BucketResponse>, Fault> {
    let (name, description, labels) = request.read().map_err(Fault::invalid)?;
    let created = service.create_bucket(&call.caller, &name, &description, &labels).await;
    Ok(Json(shown(&service, &call, created.map_err(|error| call.failed(error))?).await?.into()))
}

/// `PATCH …/images/{bucket_slug}`.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateBucketRequest>,
) -> Result<Json<BucketResponse>, Fault> {
    let name = call.bucket("bucket_slug")?;
    let updated = service.update_bucket(&call.caller, &name, request.description, request.labels).await;
    Ok(Json(shown(&service, &call, updated.map_err(|error| call.failed(error))?).await?.into()))
}

/// `DELETE …/images/{bucket_slug}`: with all that is in it.
pub(super) async fn delete<S: Store>(State(service): State<Arc<Service<S>>>, call: Call) -> Result<Json<Empty>, Fault> {
    let name = call.bucket("bucket_slug")?;
    service.delete_bucket(&call.caller, &name).await.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

async fn shown<S: Store>(service: &Service<S>, call: &Call, summary: BucketSummary) -> Result<Bucket, Fault> {
    let newest = newest(service, call, std::slice::from_ref(&summary)).await?.pop().flatten();
    Ok(Bucket::new(summary, newest.as_ref(), call.location()))
}

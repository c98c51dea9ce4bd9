use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::bucket;
use crate::api::rest::{Body, Call, Fault};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::Empty;
use crate::wire::hcp_2023::{
    CreateEnforcedBlockVersionRequest, EnforcedBlockDetail, EnforcedBlockDetailsResponse, EnforcedBlockLinkedBucket,
    EnforcedBlockVersionResponse, LinkedBucketsResponse, ManageLinkedBucketsRequest, ManageLinkedBucketsResponse,
    UpdateEnforcedBlockVersionRequest,
};

/// `GET …/enforced_blocks/{enforced_block_id}/versions`: all of them, newest first.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<EnforcedBlockDetailsResponse>, Fault> {
    let found = service.enforced_block(&call.caller, call.segment("enforced_block_id")).await;
    let (block, versions) = found.map_err(|error| call.failed(error))?;
    let details = versions.iter().map(|version| EnforcedBlockDetail::new(&block.name, version));
    Ok(Json(details.collect::<Vec<_>>().into()))
}

/// `PUT …/enforced_blocks/{enforced_block_id}/versions`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateEnforcedBlockVersionRequest>,
) -> Result<Json<EnforcedBlockVersionResponse>, Fault> {
    let version = request.read().map_err(Fault::invalid)?;
    let created = service.create_enforced_version(&call.caller, call.segment("enforced_block_id"), version).await;
    Ok(Json((&created.map_err(|error| call.failed(error))?).into()))
}

/// `PATCH …/versions/{enforced_block_version_id}`: describes it otherwise.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateEnforcedBlockVersionRequest>,
) -> Result<Json<EnforcedBlockVersionResponse>, Fault> {
    let description = request.read().map_err(Fault::invalid)?;
    let (block, version) = named(&call);
    let described = service.describe_enforced_version(&call.caller, block, version, description).await;
    Ok(Json((&described.map_err(|error| call.failed(error))?).into()))
}

/// `DELETE …/versions/{enforced_block_version_id}`.
pub(super) async fn delete<S: Store>(State(service): State<Arc<Service<S>>>, call: Call) -> Result<Json<Empty>, Fault> {
    let (block, version) = named(&call);
    let deleted = service.delete_enforced_version(&call.caller, block, version).await;
    deleted.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// `POST …/versions/{enforced_block_version_id}/buckets`: links it to these buckets and to no others.
pub(super) async fn link<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<ManageLinkedBucketsRequest>,
) -> Result<Json<ManageLinkedBucketsResponse>, Fault> {
    let (block, version) = named(&call);
    let buckets = request.read().map_err(Fault::invalid)?;
    let links = service.link_enforced_version(&call.caller, block, version, buckets).await;
    Ok(Json(links.map_err(|error| call.failed(error))?.as_slice().into()))
}

/// `GET …/versions/{enforced_block_version_id}/buckets`.
pub(super) async fn linked<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<LinkedBucketsResponse>, Fault> {
    let (block, version) = named(&call);
    let links = service.linked_buckets(&call.caller, block, version).await.map_err(|error| call.failed(error))?;
    let mut buckets = service.buckets(&call.caller).await.map_err(|error| call.failed(error))?;
    buckets.retain(|summary| links.iter().any(|link| link.bucket_id == summary.bucket.id));
    // One of them may have been deleted in between.
    let shown = bucket::shown(&service, &call, buckets).await?;
    let linked = shown.into_iter().filter_map(|(id, bucket)| {
        let link = links.iter().find(|link| link.bucket_id == id)?;
        Some(EnforcedBlockLinkedBucket::new(link, bucket))
    });
    Ok(Json(linked.collect::<Vec<_>>().into()))
}

/// The ids of the block and of the version that the path names.
fn named(call: &Call) -> (&str, &str) {
    (call.segment("enforced_block_id"), call.segment("enforced_block_version_id"))
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::rest::page::moment;
use crate::api::rest::{Body, Call, Fault, Query, Sorting};
use crate::model;
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::Empty;
use crate::wire::hcp_2023::{
    CreateEnforcedBlockRequest, EnforcedBlock, EnforcedBlockDetail, EnforcedBlockDetailsResponse,
    EnforcedBlockResponse, EnforcedBlocksResponse, UpdateEnforcedBlockRequest,
};

const SORTING: Sorting<model::EnforcedBlock> = Sorting {
    fields: &[
        ("name", |block| block.name.to_string()),
        ("created_at", |block| moment(block.created_at)),
        ("updated_at", |block| moment(block.updated_at)),
    ],
    default: "name",
    id: |block| block.id.clone(),
};

/// `GET …/enforced_blocks`.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<EnforcedBlocksResponse>, Fault> {
    let all = service.enforced_blocks(&call.caller).await.map_err(|error| call.failed(error))?;
    let (page, _) = SORTING.page(&query, all)?;
    let blocks = page.iter().map(|block| EnforcedBlock::new(block, None, call.location()));
    Ok(Json(blocks.collect::<Vec<_>>().into()))
}

/// `PUT …/enforced_blocks`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateEnforcedBlockRequest>,
) -> Result<Json<EnforcedBlockResponse>, Fault> {
    let (name, labels, version) = request.read().map_err(Fault::invalid)?;
    let created = service.create_enforced_block(&call.caller, &name, &labels, version).await;
    let (block, version) = created.map_err(|error| call.failed(error))?;
    Ok(Json(EnforcedBlock::new(&block, Some(&version), call.location()).into()))
}

/// `GET …/enforced_blocks/{enforced_block_id}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<EnforcedBlockResponse>, Fault> {
    let found = service.enforced_block(&call.caller, call.segment("enforced_block_id")).await;
    let (block, versions) = found.map_err(|error| call.failed(error))?;
    Ok(Json(EnforcedBlock::new(&block, versions.first(), call.location()).into()))
}

/// `PATCH …/enforced_blocks/{enforced_block_id}`.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateEnforcedBlockRequest>,
) -> Result<Json<EnforcedBlockResponse>, Fault> {
    let update = request.read().map_err(Fault::invalid)?;
    let updated = service.update_enforced_block(&call.caller, call.segment("enforced_block_id"), update).await;
    Ok(Json(EnforcedBlock::new(&updated.map_err(|error| call.failed(error))?, None, call.location()).into()))
}

/// `DELETE …/enforced_blocks/{enforced_block_id}`: with its versions.
pub(super) async fn delete<S: Store>(State(service): State<Arc<Service<S>>>, call: Call) -> Result<Json<Empty>, Fault> {
    let deleted = service.delete_enforced_block(&call.caller, call.segment("enforced_block_id")).await;
    deleted.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// `GET …/enforced_blocks/bucket/{bucket_name}`: what Packer adds to each build of a bucket.
pub(super) async fn of_bucket<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<EnforcedBlockDetailsResponse>, Fault> {
    let bucket = call.bucket("bucket_name")?;
    let enforced = service.enforced_on(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
    let details = enforced.iter().map(|(name, version)| EnforcedBlockDetail::new(name, version));
    Ok(Json(details.collect::<Vec<_>>().into()))
}

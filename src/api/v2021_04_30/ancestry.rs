use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::iteration::asked;
use crate::api::rest::{Address, Call, Fault, Query, Sorting};
use crate::model::{AncestryQuery, BucketName, ChannelName, Relation};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Invalid, Location};
use crate::wire::hcp_2021::{AncestryResponse, read_ancestry_type};

const SORTING: Sorting<Relation> = Sorting {
    fields: &[
        ("parent", |relation| relation.parent.bucket.to_string()),
        ("child", |relation| relation.child.bucket.to_string()),
    ],
    default: "parent,child",
    id: |Relation { parent, child, channel, .. }| {
        format!("{} {} {}", parent.id, child.id, channel.as_ref().map_or("", ChannelName::as_str))
    },
};

/// Where relations of a bucket are read: `parents` or `children`.
pub(super) fn href(Address(server): &Address, call: &Call, bucket: &BucketName, kind: &str) -> String {
    let Location { organization_id, project_id } = call.location();
    format!(
        "{server}/packer/2021-04-30/organizations/{organization_id}/projects/{project_id}/images/{bucket}/ancestry\
         ?type={kind}"
    )
}

/// `GET …/ancestry`: what iterations of the bucket were built from, and what was built from them.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<AncestryResponse>, Fault> {
    let bucket = call.bucket("bucket_slug")?;
    let channel = query.get("channel").map(ChannelName::parse).transpose();
    let asked = AncestryQuery {
        side: read_ancestry_type(query.get("type")).map_err(Fault::invalid)?,
        iteration: asked(&query)?,
        channel: channel.map_err(Invalid::of("channel")).map_err(Fault::invalid)?,
    };
    let all = service.ancestry(&call.caller, &bucket, &asked).await.map_err(|error| call.failed(error))?;
    let count = all.len();
    let (page, pagination) = SORTING.page(&query, all)?;
    Ok(Json(AncestryResponse::new(page.iter().map(Into::into).collect(), count, pagination)))
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::rest::{Address, Call, Fault, Query, Sorting};
use crate::model::{AncestryQuery, AncestrySide, BucketName, ChannelName, Fingerprint, IterationSelector, Relation};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Invalid, Location};
use crate::wire::hcp_2023::{AncestryResponse, ancestry_type, read_ancestry_type};

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

/// Where relations of a bucket are read: of one of its versions, where `fingerprint` names one.
pub(super) fn href(
    Address(server): &Address,
    call: &Call,
    (bucket, fingerprint): (&BucketName, Option<&Fingerprint>),
    side: AncestrySide,
) -> String {
    let Location { organization_id, project_id } = call.location();
    let kind = ancestry_type(side);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("type", kind);
    if let Some(fingerprint) = fingerprint {
        query.append_pair("version_fingerprint", fingerprint.as_str());
    }
    format!(
        "{server}/packer/2023-01-01/organizations/{organization_id}/projects/{project_id}/buckets/{bucket}/ancestry?{}",
        query.finish()
    )
}

/// `GET …/ancestry`: what versions of the bucket were built from, and what was built from them.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<AncestryResponse>, Fault> {
    let bucket = call.bucket("bucket_name")?;
    let fingerprint = query.get("version_fingerprint").map(Fingerprint::parse).transpose();
    let fingerprint = fingerprint.map_err(Invalid::of("version_fingerprint")).map_err(Fault::invalid)?;
    let channel = query.get("channel_name").map(ChannelName::parse).transpose();
    let asked = AncestryQuery {
        side: read_ancestry_type(query.get("type")).map_err(Fault::invalid)?,
        iteration: fingerprint.map(IterationSelector::Fingerprint),
        channel: channel.map_err(Invalid::of("channel_name")).map_err(Fault::invalid)?,
    };
    let all = service.ancestry(&call.caller, &bucket, &asked).await.map_err(|error| call.failed(error))?;
    let count = all.len();
    let (page, pagination) = SORTING.page(&query, all)?;
    Ok(Json(AncestryResponse::new(page.iter().map(Into::into).collect(), count, pagination)))
}

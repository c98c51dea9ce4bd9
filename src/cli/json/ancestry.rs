use serde::Serialize;

use crate::model::{Relation, Relative};

/// That one iteration was built from another; `null` where no channel is known.
#[derive(Serialize)]
pub(in crate::cli) struct RelationView {
    parent: RelativeView,
    channel: Option<String>,
    channel_points_at: Option<RelativeView>,
    child: RelativeView,
    status: String,
}

/// One end of a relation.
#[derive(Serialize)]
pub(in crate::cli) struct RelativeView {
    bucket: String,
    id: String,
    fingerprint: String,
    version: Option<u32>,
}

impl From<Relation> for RelationView {
    fn from(Relation { parent, channel, channel_points_at, child, status }: Relation) -> Self {
        Self {
            parent: parent.into(),
            channel: channel.map(|channel| channel.to_string()),
            channel_points_at: channel_points_at.map(Into::into),
            child: child.into(),
            status: status.to_string(),
        }
    }
}

impl From<Relative> for RelativeView {
    fn from(Relative { bucket, id, fingerprint, version }: Relative) -> Self {
        Self { bucket: bucket.to_string(), id: id.to_string(), fingerprint: fingerprint.to_string(), version }
    }
}

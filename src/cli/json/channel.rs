use serde::Serialize;

use crate::model::{Channel, ChannelAssignment};

/// A channel; `null` for its iteration where it points at nothing.
#[derive(Serialize)]
pub(in crate::cli) struct ChannelView {
    name: String,
    id: String,
    bucket: String,
    managed: bool,
    restricted: bool,
    author: String,
    assignment: Option<AssignmentView>,
    created_at: String,
    updated_at: String,
}

impl From<Channel> for ChannelView {
    fn from(channel: Channel) -> Self {
        let Channel { id, name, bucket, managed, restricted, author, assignment, created_at, updated_at } = channel;
        Self {
            name: name.to_string(),
            id,
            bucket: bucket.to_string(),
            managed,
            restricted,
            author,
            assignment: assignment.map(AssignmentView::from),
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

/// One entry of a channel's history.
#[derive(Serialize)]
pub(in crate::cli) struct AssignmentView {
    position: u32,
    iteration_id: Option<String>,
    fingerprint: Option<String>,
    version: Option<u32>,
    author: String,
    assigned_at: String,
}

impl From<ChannelAssignment> for AssignmentView {
    fn from(assignment: ChannelAssignment) -> Self {
        let ChannelAssignment { position, iteration_id, fingerprint, version, author, assigned_at } = assignment;
        Self {
            position,
            iteration_id: iteration_id.map(|id| id.to_string()),
            fingerprint: fingerprint.map(|fingerprint| fingerprint.to_string()),
            version,
            author,
            assigned_at: assigned_at.to_rfc3339(),
        }
    }
}

use serde::Serialize;

use crate::model::{AncestrySide, Relation, Relative};
use crate::wire::hcp::{Invalid, Pagination, ancestry_status};

/// A page of relations.
#[derive(Debug, Serialize)]
pub struct AncestryResponse {
    relations: Vec<BucketAncestry>,
    total_count: usize,
    pagination: Pagination,
}

/// That an iteration was built from another one.
#[derive(Debug, Serialize)]
pub struct BucketAncestry {
    parent: Parent,
    child: Named,
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct Parent {
    #[serde(flatten)]
    iteration: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_iteration: Option<ChannelIteration>,
}

#[derive(Debug, Serialize)]
struct Named {
    bucket_slug: String,
    iteration_id: String,
    iteration_fingerprint: String,
    iteration_incremental_version: u32,
}

#[derive(Debug, Serialize)]
struct ChannelIteration {
    id: String,
    fingerprint: String,
    incremental_version: u32,
}

/// The direction that the query parameter `type` names; `None` for both.
///
/// # Errors
/// [`Invalid`].
pub fn read_ancestry_type(text: Option<&str>) -> Result<Option<AncestrySide>, Invalid> {
    match text {
        None => Ok(None),
        Some("parents") => Ok(Some(AncestrySide::Parents)),
        Some("children") => Ok(Some(AncestrySide::Children)),
        Some(other) => Err(Invalid::new("type", format!("{other:?} is not known; use parents or children"))),
    }
}

impl From<&Relation> for BucketAncestry {
    fn from(Relation { parent, channel, channel_points_at, child, status }: &Relation) -> Self {
        Self {
            parent: Parent {
                iteration: parent.into(),
                channel: channel.as_ref().map(ToString::to_string),
                channel_iteration: channel_points_at.as_ref().map(Into::into),
            },
            child: child.into(),
            status: ancestry_status(*status),
        }
    }
}

impl From<&Relative> for Named {
    fn from(Relative { bucket, id, fingerprint, version }: &Relative) -> Self {
        Self {
            bucket_slug: bucket.to_string(),
            iteration_id: id.to_string(),
            iteration_fingerprint: fingerprint.to_string(),
            iteration_incremental_version: version.unwrap_or_default(),
        }
    }
}

impl From<&Relative> for ChannelIteration {
    fn from(Relative { id, fingerprint, version, .. }: &Relative) -> Self {
        Self {
            id: id.to_string(),
            fingerprint: fingerprint.to_string(),
            incremental_version: version.unwrap_or_default(),
        }
    }
}

impl AncestryResponse {
    /// A page of `total_count` relations.
    pub fn new(relations: Vec<BucketAncestry>, total_count: usize, pagination: Pagination) -> Self {
        Self { relations, total_count, pagination }
    }
}

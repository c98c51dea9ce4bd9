use serde::Serialize;

use super::version::name_of;
use crate::model::{AncestrySide, Relation, Relative};
use crate::wire::hcp::{Invalid, Pagination, ancestry_status};

/// A page of relations.
#[derive(Debug, Serialize)]
pub struct AncestryResponse {
    relations: Vec<BucketAncestry>,
    total_count: usize,
    pagination: Pagination,
}

/// That a version was built from another one.
#[derive(Debug, Serialize)]
pub struct BucketAncestry {
    parent: Parent,
    child: Named,
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct Parent {
    #[serde(flatten)]
    version: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_version: Option<ChannelVersion>,
}

#[derive(Debug, Serialize)]
struct Named {
    bucket_name: String,
    version_id: String,
    version_name: String,
    version_fingerprint: String,
}

#[derive(Debug, Serialize)]
struct ChannelVersion {
    id: String,
    name: String,
    fingerprint: String,
}

/// How the query parameter `type` names a direction.
pub fn ancestry_type(side: AncestrySide) -> &'static str {
    match side {
        AncestrySide::Parents => "ANCESTRY_TYPE_PARENTS",
        AncestrySide::Children => "ANCESTRY_TYPE_CHILDREN",
    }
}

/// The direction that the query parameter `type` names; `None` for both.
///
/// # Errors
/// [`Invalid`].
pub fn read_ancestry_type(text: Option<&str>) -> Result<Option<AncestrySide>, Invalid> {
    match text {
        None | Some("ANCESTRY_TYPE_UNSET") => Ok(None),
        Some("ANCESTRY_TYPE_PARENTS") => Ok(Some(AncestrySide::Parents)),
        Some("ANCESTRY_TYPE_CHILDREN") => Ok(Some(AncestrySide::Children)),
        Some(other) => {
            let reason = format!("{other:?} is not known; use ANCESTRY_TYPE_PARENTS or ANCESTRY_TYPE_CHILDREN");
            Err(Invalid::new("type", reason))
        }
    }
}

impl From<&Relation> for BucketAncestry {
    fn from(Relation { parent, channel, channel_points_at, child, status }: &Relation) -> Self {
        Self {
            parent: Parent {
                version: parent.into(),
                channel_name: channel.as_ref().map(ToString::to_string),
                channel_version: channel_points_at.as_ref().map(Into::into),
            },
            child: child.into(),
            status: ancestry_status(*status),
        }
    }
}

impl From<&Relative> for Named {
    fn from(Relative { bucket, id, fingerprint, version }: &Relative) -> Self {
        Self {
            bucket_name: bucket.to_string(),
            version_id: id.to_string(),
            version_name: name_of(*version),
            version_fingerprint: fingerprint.to_string(),
        }
    }
}

impl From<&Relative> for ChannelVersion {
    fn from(Relative { id, fingerprint, version, .. }: &Relative) -> Self {
        Self { id: id.to_string(), name: name_of(*version), fingerprint: fingerprint.to_string() }
    }
}

impl AncestryResponse {
    /// A page of `total_count` relations.
    pub fn new(relations: Vec<BucketAncestry>, total_count: usize, pagination: Pagination) -> Self {
        Self { relations, total_count, pagination }
    }
}

use serde::Serialize;

use super::ChannelView;
use crate::model::{Bucket, BucketSummary, Labels};

/// A bucket.
#[derive(Serialize)]
pub(in crate::cli) struct BucketView {
    name: String,
    id: String,
    description: String,
    labels: Labels,
    iterations: u32,
    latest_version: Option<u32>,
    platforms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channels: Option<Vec<ChannelView>>,
    created_at: String,
    updated_at: String,
}

impl BucketView {
    pub(in crate::cli) fn new(summary: BucketSummary, channels: Option<Vec<ChannelView>>) -> Self {
        let BucketSummary { bucket, iterations, latest_version, platforms } = summary;
        let Bucket { id, name, description, labels, created_at, updated_at } = bucket;
        Self {
            name: name.to_string(),
            id,
            description,
            labels,
            iterations,
            latest_version,
            platforms,
            channels,
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

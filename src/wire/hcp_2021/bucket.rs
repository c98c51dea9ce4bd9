use serde::{Deserialize, Serialize};

use super::Iteration;
use crate::model::{self, BucketName, BucketSummary, Labels};
use crate::wire::hcp::{Invalid, Location, Pagination, Relatives, count};

/// A request to create a bucket.
#[derive(Debug, Deserialize)]
pub struct CreateBucketRequest {
    bucket_slug: Option<String>,
    description: Option<String>,
    labels: Option<Labels>,
}

/// A request to describe a bucket otherwise; its platforms are those of its builds, whatever is said here.
#[derive(Debug, Deserialize)]
pub struct UpdateBucketRequest {
    /// What it is for.
    pub description: Option<String>,
    /// All of its labels.
    pub labels: Option<Labels>,
}

/// A bucket.
#[derive(Debug, Serialize)]
pub struct Bucket {
    id: String,
    slug: String,
    location: Location,
    description: String,
    labels: Labels,
    platforms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_iteration: Option<Iteration>,
    latest_version: u32,
    #[serde(serialize_with = "count::as_text")]
    iteration_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    parents: Option<Relatives>,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Relatives>,
    created_at: String,
    updated_at: String,
}

/// One bucket.
#[derive(Debug, Serialize)]
pub struct BucketResponse {
    bucket: Bucket,
}

/// A page of buckets.
#[derive(Debug, Serialize)]
pub struct BucketsResponse {
    buckets: Vec<Bucket>,
    pagination: Pagination,
}

impl CreateBucketRequest {
    /// The name, the description and the labels.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<(BucketName, String, Labels), Invalid> {
        let Self { bucket_slug, description, labels } = self;
        let name = BucketName::parse(bucket_slug.unwrap_or_default()).map_err(Invalid::of("bucket_slug"))?;
        Ok((name, description.unwrap_or_default(), labels.unwrap_or_default()))
    }
}

impl Bucket {
    /// A bucket of the place `location`; `latest` is its newest iteration in force.
    pub fn new(summary: BucketSummary, latest: Option<&model::Iteration>, location: Location) -> Self {
        let BucketSummary { bucket, iterations, latest_version, platforms: _ } = summary;
        let model::Bucket { id, name, description, labels, created_at, updated_at } = bucket;
        let latest = latest.map(Iteration::in_bucket);
        Self {
            id,
            slug: name.to_string(),
            location,
            description,
            labels,
            platforms: latest.as_ref().map(Iteration::cloud_providers).unwrap_or_default(),
            latest_iteration: latest,
            latest_version: latest_version.unwrap_or_default(),
            iteration_count: iterations.into(),
            parents: None,
            children: None,
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }

    /// The same with what its iterations were built from, and what was built from them.
    #[must_use]
    pub fn with_ancestry(self, parents: Option<Relatives>, children: Option<Relatives>) -> Self {
        Self { parents, children, ..self }
    }
}

impl From<Bucket> for BucketResponse {
    fn from(bucket: Bucket) -> Self {
        Self { bucket }
    }
}

impl BucketsResponse {
    /// A page of them.
    pub fn new(buckets: Vec<Bucket>, pagination: Pagination) -> Self {
        Self { buckets, pagination }
    }
}

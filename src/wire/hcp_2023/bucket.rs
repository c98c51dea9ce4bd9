use serde::{Deserialize, Serialize};

use super::Version;
use crate::model::{self, BucketName, BucketSummary, Iteration, Labels};
use crate::wire::hcp::{Invalid, Location, Pagination, Relatives, count};

/// A request to create a bucket.
#[derive(Debug, Deserialize)]
pub struct CreateBucketRequest {
    name: Option<String>,
    description: Option<String>,
    labels: Option<Labels>,
}

/// A request to describe a bucket otherwise; its platforms are those of its builds, whatever is said here.
#[derive(Debug, Deserialize)]
pub struct UpdateBucketRequest {
    /// What the bucket is for; left out, that stays.
    pub description: Option<String>,
    /// Labels in the place of those that it has; left out, these stay.
    pub labels: Option<Labels>,
}

/// A bucket.
#[derive(Debug, Serialize)]
pub struct Bucket {
    id: String,
    name: String,
    resource_name: String,
    location: Location,
    description: String,
    labels: Labels,
    platforms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_version: Option<Version>,
    #[serde(serialize_with = "count::as_text")]
    version_count: u64,
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
        let Self { name, description, labels } = self;
        let name = BucketName::parse(name.unwrap_or_default()).map_err(Invalid::of("name"))?;
        Ok((name, description.unwrap_or_default(), labels.unwrap_or_default()))
    }
}

impl Bucket {
    /// A bucket of the place `location`, with the iteration that its channel `latest` points at.
    pub fn new(summary: BucketSummary, latest: Option<&Iteration>, location: Location) -> Self {
        let BucketSummary { bucket, iterations, latest_version: _, platforms: _ } = summary;
        let model::Bucket { id, name, description, labels, created_at, updated_at } = bucket;
        let resource_name = format!("packer/project/{}/bucket/{name}", location.project_id);
        let latest = latest.map(Version::new);
        Self {
            id,
            name: name.to_string(),
            resource_name,
            location,
            description,
            labels,
            platforms: latest.as_ref().map(Version::platforms).unwrap_or_default(),
            latest_version: latest,
            version_count: iterations.into(),
            parents: None,
            children: None,
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

impl Bucket {
    /// The same with what its newest version was built from, and what was built from its versions.
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

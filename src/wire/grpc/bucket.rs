use super::malformed::{Malformed, in_field, message};
use super::{moment, v1};
use crate::model::{Bucket, BucketName, BucketSummary};

impl From<Bucket> for v1::Bucket {
    fn from(Bucket { id, name, description, labels, created_at, updated_at }: Bucket) -> Self {
        Self {
            id,
            name: name.to_string(),
            description,
            labels,
            created_at: Some(moment::sent(created_at)),
            updated_at: Some(moment::sent(updated_at)),
        }
    }
}

impl TryFrom<v1::Bucket> for Bucket {
    type Error = Malformed;

    fn try_from(bucket: v1::Bucket) -> Result<Self, Malformed> {
        let v1::Bucket { id, name, description, labels, created_at, updated_at } = bucket;
        Ok(Self {
            id,
            name: BucketName::parse(name).map_err(in_field("name"))?,
            description,
            labels,
            created_at: moment::received("created_at", created_at)?,
            updated_at: moment::received("updated_at", updated_at)?,
        })
    }
}

impl From<BucketSummary> for v1::BucketSummary {
    fn from(BucketSummary { bucket, iterations, latest_version, platforms }: BucketSummary) -> Self {
        Self { bucket: Some(bucket.into()), iterations, latest_version, platforms }
    }
}

impl TryFrom<v1::BucketSummary> for BucketSummary {
    type Error = Malformed;

    fn try_from(summary: v1::BucketSummary) -> Result<Self, Malformed> {
        let v1::BucketSummary { bucket, iterations, latest_version, platforms } = summary;
        Ok(Self { bucket: message("bucket", bucket)?, iterations, latest_version, platforms })
    }
}

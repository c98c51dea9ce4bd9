use super::read::OneBucket;
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, limits};
use crate::model::{BucketName, BucketSummary, Labels};

/// Creates a bucket, with its managed channel.
pub(super) struct CreateBucket {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) description: String,
    pub(super) labels: Labels,
}

impl Op for CreateBucket {
    type Out = BucketSummary;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<BucketSummary, RegistryError> {
        let Self { scope, bucket, description, labels } = self;
        limits::check_bucket(Some(description), Some(labels))?;
        if bucket_row::hold_to_push(tx, scope, bucket).await?.is_some() {
            return Err(RegistryError::Exists(format!("there is a bucket {bucket} already; choose another name")));
        }
        let created = bucket_row::create(tx, scope, bucket).await?;
        bucket_row::describe(tx, scope, &created.id, (Some(description), Some(labels))).await?;
        OneBucket { scope: scope.clone(), bucket: bucket.clone() }.run(tx).await
    }
}

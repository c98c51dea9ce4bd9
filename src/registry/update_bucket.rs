use super::read::OneBucket;
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, limits};
use crate::access::Permission;
use crate::model::{BucketName, BucketSummary, Labels};

/// Gives a bucket another description, or other labels in the place of those that it has.
pub(super) struct UpdateBucket {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) description: Option<String>,
    pub(super) labels: Option<Labels>,
}

impl Op for UpdateBucket {
    type Out = BucketSummary;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<BucketSummary, RegistryError> {
        let Self { scope, bucket, description, labels } = self;
        limits::check_bucket(description.as_ref(), labels.as_ref())?;
        let id = bucket_row::require_held(tx, scope, bucket, Permission::Push).await?;
        bucket_row::describe(tx, scope, &id, (description.as_ref(), labels.as_ref())).await?;
        OneBucket { scope: scope.clone(), bucket: bucket.clone() }.run(tx).await
    }
}

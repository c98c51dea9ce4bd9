use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, enforced, sbom};
use crate::access::Permission;
use crate::model::BucketName;

/// Deletes a bucket with all that is in it: its name is free for another one, which begins anew.
pub(super) struct DeleteBucket {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
}

impl Op for DeleteBucket {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, bucket } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::ManageBuckets).await?;
        delete(tx, scope, &bucket_id).await
    }
}

/// Deletes the bucket with this id.
pub(super) async fn delete<T: Tx>(tx: &mut T, scope: &Scope, bucket_id: &str) -> Result<(), RegistryError> {
    for sql in [
        "UPDATE iterations SET fingerprint = fingerprint || '/' || id, deleted_at = $2, deleted_by = $3
            WHERE bucket_id = $1 AND deleted_at IS NULL",
        "UPDATE channels SET name = name || '/' || id, deleted_at = $2, deleted_by = $3
            WHERE bucket_id = $1 AND deleted_at IS NULL",
        "UPDATE buckets SET name = name || '/' || id, updated_at = $2, deleted_at = $2, deleted_by = $3 WHERE id = $1",
    ] {
        tx.exec(sql, values![bucket_id, scope.now, &scope.caller.name]).await?;
    }
    tx.exec("DELETE FROM role_bindings WHERE bucket_id = $1", values![bucket_id]).await?;
    sbom::delete_of_bucket(tx, bucket_id).await?;
    enforced::unlink_bucket(tx, bucket_id).await
}

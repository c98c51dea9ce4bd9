use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, selection};
use crate::access::Permission;
use crate::model::{BucketName, ChannelName};

/// Deletes a channel with its history: one that is made under its name begins anew.
pub(super) struct DeleteChannel {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) channel: ChannelName,
}

impl Op for DeleteChannel {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, bucket, channel: name } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let channel = selection::require_channel(tx, scope, (&bucket_id, bucket), name).await?;
        if channel.managed {
            return Err(RegistryError::Refused(format!(
                "channel {name} belongs to every bucket and is kept by the registry itself; name another channel"
            )));
        }
        let sql = "UPDATE channels SET name = name || '/' || id, deleted_at = $2, deleted_by = $3 WHERE id = $1";
        tx.exec(sql, values![&channel.id, scope.now, &scope.caller.name]).await?;
        bucket_row::touch(tx, scope, &bucket_id).await
    }
}

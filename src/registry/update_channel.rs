use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, channel, selection};
use crate::access::Permission;
use crate::model::{BucketName, Channel, ChannelName, ChannelUpdate};

/// Hides or shows a channel, points it at a complete iteration, or at nothing.
pub(super) struct UpdateChannel {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) channel: ChannelName,
    pub(super) update: ChannelUpdate,
}

impl Op for UpdateChannel {
    type Out = Channel;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Channel, RegistryError> {
        let Self { scope, bucket, channel: name, update } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let mut row = selection::require_channel(tx, scope, (&bucket_id, bucket), name).await?;
        if let Some(restricted) = update.restricted {
            let sql = "UPDATE channels SET restricted = $2, updated_at = $3 WHERE id = $1";
            tx.exec(sql, values![&row.id, restricted, scope.now]).await?;
        }
        if let Some(assignment) = &update.assignment {
            channel::refuse_managed(name)?;
            let target = match assignment {
                Some(selector) => Some(channel::assignable(tx, scope, (&bucket_id, bucket), selector).await?.id),
                None => None,
            };
            if row.iteration_id() != target.as_ref() {
                let by = (scope.caller.name.as_str(), scope.now);
                row.point(tx, scope, target.as_ref(), by).await?;
            }
        }
        bucket_row::touch(tx, scope, &bucket_id).await?;
        Ok(selection::require_channel(tx, scope, (&bucket_id, bucket), name).await?.into_channel(bucket))
    }
}

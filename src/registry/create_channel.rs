use super::channel_row::{self, NewChannel};
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, channel, selection};
use crate::access::Permission;
use crate::model::{BucketName, Channel, ChannelName, IterationSelector};

/// Creates a channel, and points it at a complete iteration where one is named.
pub(super) struct CreateChannel {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) channel: ChannelName,
    pub(super) restricted: bool,
    pub(super) selector: Option<IterationSelector>,
}

impl Op for CreateChannel {
    type Out = Channel;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Channel, RegistryError> {
        let Self { scope, bucket, channel: name, restricted, selector } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        if channel_row::all(tx, scope, &bucket_id).await?.iter().any(|row| row.name == *name) {
            let message = format!("bucket {bucket} has a channel {name} already; choose another name");
            return Err(RegistryError::Exists(message));
        }
        let new = NewChannel { restricted: *restricted, ..NewChannel::open(name) };
        let mut row = channel_row::create(tx, scope, &bucket_id, new).await?;
        if let Some(selector) = selector {
            let iteration = channel::assignable(tx, scope, (&bucket_id, bucket), selector).await?;
            row.point(tx, scope, Some(&iteration.id), (&scope.caller.name, scope.now)).await?;
        }
        bucket_row::touch(tx, scope, &bucket_id).await?;
        Ok(selection::require_channel(tx, scope, (&bucket_id, bucket), name).await?.into_channel(bucket))
    }
}

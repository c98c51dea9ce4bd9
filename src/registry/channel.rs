use super::channel_row::NewChannel;
use super::iteration_row::IterationRow;
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, channel_row, selection};
use crate::access::Permission;
use crate::model::{BucketName, Channel, ChannelName, IterationSelector};

/// Points a channel at a complete iteration by hand, and creates the channel if it is missing.
pub(super) struct AssignChannel {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) channel: ChannelName,
    pub(super) selector: IterationSelector,
}

impl Op for AssignChannel {
    type Out = Channel;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Channel, RegistryError> {
        let Self { scope, bucket, channel: name, selector } = self;
        refuse_managed(name)?;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let iteration = assignable(tx, scope, (&bucket_id, bucket), selector).await?;
        let existing = channel_row::all(tx, scope, &bucket_id).await?.into_iter().find(|row| row.name == *name);
        let mut row = match existing {
            Some(row) => row,
            None => channel_row::create(tx, scope, &bucket_id, NewChannel::open(name)).await?,
        };
        if row.iteration_id() != Some(&iteration.id) {
            row.point(tx, scope, Some(&iteration.id), (&scope.caller.name, scope.now)).await?;
            bucket_row::touch(tx, scope, &bucket_id).await?;
        }
        Ok(selection::require_channel(tx, scope, (&bucket_id, bucket), name).await?.into_channel(bucket))
    }
}

/// Refuses to move the channel that nobody moves.
pub(super) fn refuse_managed(name: &ChannelName) -> Result<(), RegistryError> {
    if name.is_latest() {
        return refused(format!(
            "channel {name} is moved by the registry itself, to the newest complete iteration; name another channel"
        ));
    }
    Ok(())
}

/// The iteration that `selector` names, which a channel may point at.
pub(super) async fn assignable<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (bucket_id, bucket): (&str, &BucketName),
    selector: &IterationSelector,
) -> Result<IterationRow, RegistryError> {
    let iteration = selection::require(tx, scope, (bucket_id, bucket), selector).await?;
    if !iteration.is_complete() {
        return refused(format!(
            "{selector} of bucket {bucket} is incomplete, and a channel points at complete iterations only; record its \
             missing builds with: PACKER_REGISTRY_FINGERPRINT={} packer build, or complete it without them: iteration \
             complete --allow-partial --reason",
            iteration.fingerprint.as_word()
        ));
    }
    if iteration.is_revoked(scope.now) {
        return refused(format!("{selector} of bucket {bucket} is revoked; name another iteration"));
    }
    Ok(iteration)
}

fn refused<T>(message: String) -> Result<T, RegistryError> {
    Err(RegistryError::Refused(message))
}

use super::OneIteration;
use crate::model::{BucketName, Channel, ChannelAssignment, ChannelName, Iteration, IterationSelector};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx};
use crate::registry::{RegistryError, bucket_row, channel_row, selection};

/// Entries of a history that [`Service::channel_moves`](crate::registry::Service::channel_moves) answers at a time.
pub const MAX_MOVES: u32 = 1000;

/// The channels of a bucket by name.
pub(in crate::registry) struct Channels {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
}

/// What a channel has pointed at, newest first.
pub(in crate::registry) struct ChannelHistory {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) channel: ChannelName,
}

/// One channel.
pub(in crate::registry) struct OneChannel {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) channel: ChannelName,
}

/// One channel, and the iteration that it points at.
pub(in crate::registry) struct ChannelWithIteration {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) channel: ChannelName,
}

/// What a channel has pointed at since a place in its history, oldest first, at most [`MAX_MOVES`] of them.
pub(in crate::registry) struct ChannelMoves {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) channel: ChannelName,
    /// The place; 0 is before the first.
    pub(in crate::registry) after: u32,
}

impl Op for Channels {
    type Out = Vec<Channel>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let rows = channel_row::visible(tx, scope, (&bucket_id, bucket)).await?;
        Ok(rows.into_iter().map(|row| row.into_channel(bucket)).collect())
    }
}

impl Op for ChannelHistory {
    type Out = Vec<ChannelAssignment>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, channel } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let row = selection::require_channel(tx, scope, (&bucket_id, bucket), channel).await?;
        let written = channel_row::history(tx, &row.id).await?;
        Ok(row.into_turns().rev().chain(written).collect())
    }
}

impl Op for OneChannel {
    type Out = Channel;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, channel } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        Ok(selection::require_channel(tx, scope, (&bucket_id, bucket), channel).await?.into_channel(bucket))
    }
}

impl Op for ChannelWithIteration {
    type Out = (Channel, Option<Iteration>);
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, channel } = self;
        let one = OneChannel { scope: scope.clone(), bucket: bucket.clone(), channel: channel.clone() };
        let channel = one.run(tx).await?;
        let assigned = channel.assignment.as_ref().and_then(|assignment| assignment.iteration_id.clone());
        let iteration = match assigned.map(IterationSelector::Id) {
            Some(selector) => {
                Some(OneIteration { scope: scope.clone(), bucket: bucket.clone(), selector }.run(tx).await?)
            }
            None => None,
        };
        Ok((channel, iteration))
    }
}

impl Op for ChannelMoves {
    type Out = Vec<ChannelAssignment>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, channel, after } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let row = selection::require_channel(tx, scope, (&bucket_id, bucket), channel).await?;
        let mut moves = channel_row::moves(tx, &row.id, *after, MAX_MOVES).await?;
        let reaches_the_end = moves.len() < MAX_MOVES as usize;
        if reaches_the_end {
            moves.extend(row.into_turns().filter(|turn| turn.position > *after));
        }
        Ok(moves)
    }
}

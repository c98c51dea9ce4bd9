use super::channel::{assignable, refuse_managed};
use super::scope::Scope;
use super::store::{Op, Row, StoreError, Tx, values};
use super::{RegistryError, bucket_row, selection};
use crate::access::Permission;
use crate::model::{BucketName, ChannelName, Iteration, IterationId, IterationSelector};
use crate::registry::channel::AssignChannel;
use crate::registry::read::OneIteration;

/// Points a channel at an iteration as soon as that is complete: now, if it is already.
pub(super) struct AssignWhenComplete {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) channel: ChannelName,
    pub(super) selector: IterationSelector,
}

impl Op for AssignWhenComplete {
    type Out = Iteration;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Iteration, RegistryError> {
        let Self { scope, bucket, channel, selector } = self;
        refuse_managed(channel)?;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        if iteration.is_complete() {
            assignable(tx, scope, (&bucket_id, bucket), selector).await?;
            let (bucket, channel) = (bucket.clone(), channel.clone());
            AssignChannel { scope: scope.clone(), bucket, channel, selector: selector.clone() }.run(tx).await?;
        } else {
            let sql = "INSERT INTO awaited_assignments (project_id, iteration_id, channel, author, asked_at)
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
            let values = values![&scope.project_id, &iteration.id, channel, &scope.caller.name, scope.now];
            tx.exec(sql, values).await?;
        }
        let selector = IterationSelector::Id(iteration.id);
        OneIteration { scope: scope.clone(), bucket: bucket.clone(), selector }.run(tx).await
    }
}

/// The channels that wait for an iteration to be complete, by name, and who asked for that.
pub(super) async fn awaited<T: Tx>(
    tx: &mut T,
    iteration: &IterationId,
) -> Result<Vec<(ChannelName, String)>, RegistryError> {
    let sql = "SELECT channel, author FROM awaited_assignments WHERE iteration_id = $1 ORDER BY channel";
    let read = |mut row: Row| Ok((row.parsed(ChannelName::parse)?, row.text()?));
    Ok(tx.rows(sql, values![iteration]).await?.into_iter().map(read).collect::<Result<_, StoreError>>()?)
}

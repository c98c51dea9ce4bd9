use super::channel_row::{self, ChannelRow};
use super::iteration_row::{self, IterationRow};
use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, sbom, selection};
use crate::access::Permission;
use crate::model::{BucketName, IterationId, IterationSelector};

/// Deletes an iteration with its builds: it is found no more, its number is not given again, its fingerprint is free.
pub(super) struct DeleteIteration {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    /// Whether channels that point at it turn back to what they pointed at before.
    pub(super) rolls_back: bool,
}

impl Op for DeleteIteration {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, bucket, selector, .. } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        // What a revocation moved by now is written down before the iteration is gone.
        let channels = channel_row::all_written(tx, scope, &bucket_id).await?;
        let channels = self.channels_at(channels, &iteration)?;
        let sql = "UPDATE iterations SET fingerprint = fingerprint || '/' || id, deleted_at = $2, deleted_by = $3
            WHERE id = $1";
        tx.exec(sql, values![&iteration.id, scope.now, &scope.caller.name]).await?;
        sbom::delete_of_iteration(tx, &iteration.id).await?;
        for channel in channels {
            self.turn_back(tx, channel).await?;
        }
        channel_row::all_written(tx, scope, &bucket_id).await?;
        bucket_row::touch(tx, scope, &bucket_id).await
    }
}

impl DeleteIteration {
    /// Those of the channels that people have pointed at it; refuses where these are to stay.
    fn channels_at(
        &self,
        mut channels: Vec<ChannelRow>,
        iteration: &IterationRow,
    ) -> Result<Vec<ChannelRow>, RegistryError> {
        channels.retain(|channel| !channel.managed && channel.iteration_id() == Some(&iteration.id));
        if !self.rolls_back && !channels.is_empty() {
            let names: Vec<&str> = channels.iter().map(|channel| channel.name.as_str()).collect();
            return Err(RegistryError::Refused(format!(
                "{} of bucket {} is what channel {} points at; point it elsewhere first, or let channels roll back",
                self.selector,
                self.bucket,
                names.join(", ")
            )));
        }
        Ok(channels)
    }

    async fn turn_back<T: Tx>(&self, tx: &mut T, mut channel: ChannelRow) -> Result<(), RegistryError> {
        let Self { scope, .. } = self;
        let before = iteration_row::last_in_force(tx, &channel.id, scope.now).await?;
        let target: Option<&IterationId> = before.as_ref().map(|iteration| &iteration.id);
        channel.point(tx, scope, target, (&scope.caller.name, scope.now)).await
    }
}

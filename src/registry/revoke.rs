use super::iteration_row::IterationRow;
use super::read::OneIteration;
use super::revocation_row::{self, RevocationRow};
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{MAX_REASON, RegistryError, bucket_row, channel_row, limits, lineage, selection};
use crate::access::Permission;
use crate::model::{BucketName, Iteration, IterationId, IterationSelector, RevocationOrder};

/// Revokes a complete iteration, now or later, and by default all that was built from it.
pub(super) struct Revoke {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) order: RevocationOrder,
}

impl Op for Revoke {
    type Out = Iteration;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Iteration, RegistryError> {
        let Self { scope, bucket, selector, order } = self;
        let message = order.message.trim();
        if message.chars().count() > MAX_REASON {
            return refused(format!("the reason is longer than {MAX_REASON} characters; shorten it"));
        }
        limits::no_nul(message, "the reason")?;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        lineage::hold_below(tx, scope, &iteration.id).await?;
        // What was used until now was allowed until now.
        let revoke_at = order.revoke_at.unwrap_or(scope.now).max(scope.now);
        let mut row = RevocationRow::new(scope, &iteration.id, revoke_at, message);
        row.descends = order.descends;
        row.rolls_back = order.rolls_back;
        self.check(tx, &iteration, &mut row).await?;
        let mut revoked = vec![iteration.id.clone()];
        if order.descends {
            revoked.extend(revocation_row::descendants(tx, scope, &iteration.id).await?);
        }
        let mut concerned = revocation_row::heirs(tx, &iteration.id).await?;
        concerned.extend_from_slice(&revoked);
        // What other revocations have moved by now is written down before this one counts.
        turn_channels(tx, scope, &concerned).await?;
        revocation_row::lift(tx, &iteration.id).await?;
        for id in &revoked {
            revocation_row::put(tx, scope, id, &row).await?;
        }
        for id in &concerned {
            revocation_row::settle(tx, id).await?;
        }
        turn_channels(tx, scope, &concerned).await?;
        let selector = IterationSelector::Id(iteration.id);
        OneIteration { scope: scope.clone(), bucket: bucket.clone(), selector }.run(tx).await
    }
}

impl Revoke {
    /// Refuses what cannot be revoked; of two times, the earlier one counts.
    async fn check<T: Tx>(
        &self,
        tx: &mut T,
        iteration: &IterationRow,
        row: &mut RevocationRow,
    ) -> Result<(), RegistryError> {
        let Self { scope, bucket, selector, .. } = self;
        if !iteration.is_complete() {
            return refused(format!(
                "{selector} of bucket {bucket} is incomplete, and nobody can use it yet; delete it instead"
            ));
        }
        let known = revocation_row::of(tx, &iteration.id).await?.into_iter().find(|known| known.cause == iteration.id);
        let Some(known) = known else { return Ok(()) };
        if known.revoke_at <= scope.now {
            return refused(format!(
                "{selector} of bucket {bucket} is revoked already; restore it first to change that"
            ));
        }
        row.revoke_at = row.revoke_at.min(known.revoke_at);
        Ok(())
    }
}

/// Lets the channels of the buckets of these iterations follow what is in force at this moment.
pub(super) async fn turn_channels<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    iterations: &[IterationId],
) -> Result<(), RegistryError> {
    for bucket_id in lineage::buckets_of(tx, iterations).await? {
        bucket_row::touch(tx, scope, &bucket_id).await?;
        channel_row::all_written(tx, scope, &bucket_id).await?;
    }
    Ok(())
}

fn refused<T>(message: String) -> Result<T, RegistryError> {
    Err(RegistryError::Refused(message))
}

use super::read::OneIteration;
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, lineage, revocation_row, revoke, selection};
use crate::access::Permission;
use crate::model::{BucketName, Iteration, IterationSelector};

/// Takes back the revocation of an iteration, and of all that inherited it; also one that did not take effect yet. One that
/// comes from an iteration that was deleted since can be taken back by any that inherited it.
pub(super) struct Restore {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    /// Whether only a revocation that did not take effect yet may be taken back.
    pub(super) scheduled_only: bool,
}

impl Op for Restore {
    type Out = Iteration;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Iteration, RegistryError> {
        let Self { scope, bucket, selector, scheduled_only } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        lineage::hold_below(tx, scope, &iteration.id).await?;
        let reasons = revocation_row::of(tx, &iteration.id).await?;
        let Some(first) = reasons.first() else {
            return refused(format!("{selector} of bucket {bucket} is not revoked, and will not be"));
        };
        let cause = first.cause.clone();
        if cause != iteration.id && !revocation_row::is_deleted(tx, &cause).await? {
            return refused(format!(
                "{selector} of bucket {bucket} is revoked through iteration {cause}, which it was built from; restore \
                 that one"
            ));
        }
        if *scheduled_only && first.revoke_at <= scope.now {
            return refused(format!("{selector} of bucket {bucket} is revoked already; restore it instead"));
        }
        let heirs = revocation_row::heirs(tx, &cause).await?;
        // Those that have turned stay where they are: only the managed one goes back.
        revoke::turn_channels(tx, scope, &heirs).await?;
        revocation_row::lift(tx, &cause).await?;
        for heir in &heirs {
            revocation_row::settle(tx, heir).await?;
        }
        revoke::turn_channels(tx, scope, &heirs).await?;
        let selector = IterationSelector::Id(iteration.id);
        OneIteration { scope: scope.clone(), bucket: bucket.clone(), selector }.run(tx).await
    }
}

fn refused<T>(message: String) -> Result<T, RegistryError> {
    Err(RegistryError::Refused(message))
}

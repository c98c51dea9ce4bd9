use super::completion::Progress;
use super::read::OneIteration;
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, selection};
use crate::access::Permission;
use crate::model::{BucketName, Iteration, IterationSelector};

/// Completes an iteration whose builds are all done, after those that were not have been deleted, say; leaves any other as
/// it is.
pub(super) struct CompleteDone {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
}

impl Op for CompleteDone {
    type Out = Iteration;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Iteration, RegistryError> {
        let Self { scope, bucket, selector } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let mut iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        if !iteration.is_complete() {
            let progress = Progress::of(tx, &iteration).await?;
            if progress.is_all_done() && !progress.is_nothing_done() {
                progress.complete(tx, scope, &mut iteration, None).await?;
            }
        }
        let selector = IterationSelector::Id(iteration.id);
        OneIteration { scope: scope.clone(), bucket: bucket.clone(), selector }.run(tx).await
    }
}

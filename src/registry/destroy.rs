use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, build_row, confirm, supersede};
use crate::model::{BuildKey, BuildStatus};

/// Notes that Packer destroyed the artifact of a recorded build, whatever it was before.
///
/// On a complete iteration this is an annotation: the iteration keeps its number and its channels.
pub(super) struct MarkDestroyed {
    pub(super) scope: Scope,
    pub(super) key: BuildKey,
}

impl Op for MarkDestroyed {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, key } = self;
        let (bucket_id, build) = confirm::require(tx, scope, key).await?;
        if build.status != BuildStatus::Destroyed {
            let sql = "UPDATE builds SET status = 'destroyed', destroyed_at = $2, updated_at = $2 WHERE id = $1";
            tx.exec(sql, values![&build.id, scope.now]).await?;
            let iteration = build_row::iteration(tx, &bucket_id, &build).await?;
            if build.status == BuildStatus::Done && !iteration.is_complete() {
                supersede::give_back(tx, &iteration, &key.component_type).await?;
            }
            bucket_row::touch(tx, scope, &bucket_id).await?;
        }
        Ok(())
    }
}

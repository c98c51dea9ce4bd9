use std::collections::BTreeSet;

use super::scope::Scope;
use super::store::{Tx, values};
use super::{RegistryError, revocation_row};
use crate::model::IterationId;

/// Takes the lineage of the project: what was built from what, and what is inherited along it.
///
/// Operations hold the bucket that they write in, and revocations reach into others. So those that change one, and those
/// that may inherit one, write one after the other in a project, and each reads what the one before it committed. Buckets
/// are taken first: who waits for one while holding the lineage could wait for one who waits for the lineage.
pub(super) async fn hold<T: Tx>(tx: &mut T, scope: &Scope) -> Result<(), RegistryError> {
    tx.exec("UPDATE projects SET created_at = created_at WHERE id = $1", values![&scope.project_id]).await?;
    Ok(())
}

/// The same, for changing why `iteration` is revoked, after the buckets of all whom that concerns.
///
/// What is read before the lineage is held may have changed by then, so it only says which buckets to take.
pub(super) async fn hold_below<T: Tx>(tx: &mut T, scope: &Scope, iteration: &IterationId) -> Result<(), RegistryError> {
    let mut concerned = revocation_row::descendants(tx, scope, iteration).await?;
    for reason in revocation_row::of(tx, iteration).await? {
        concerned.extend(revocation_row::heirs(tx, &reason.cause).await?);
    }
    for bucket_id in buckets_of(tx, &concerned).await? {
        tx.exec("UPDATE buckets SET seq = seq WHERE id = $1", values![bucket_id]).await?;
    }
    hold(tx, scope).await
}

/// The ids of the buckets that these iterations are in, sorted.
pub(super) async fn buckets_of<T: Tx>(
    tx: &mut T,
    iterations: &[IterationId],
) -> Result<BTreeSet<String>, RegistryError> {
    let mut buckets = BTreeSet::new();
    for id in iterations {
        for mut row in tx.rows("SELECT bucket_id FROM iterations WHERE id = $1", values![id]).await? {
            buckets.insert(row.text()?);
        }
    }
    Ok(buckets)
}

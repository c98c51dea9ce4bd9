use std::collections::{BTreeMap, BTreeSet};

use super::scope::Scope;
use super::store::{Row, StoreError, Tx, values};
use super::{RegistryError, lineage};
use crate::model::{IterationId, Timestamp};

/// A reason for which an iteration is revoked, or will be.
#[derive(Clone, Debug)]
pub(super) struct RevocationRow {
    /// Where it comes from: the iteration itself, or an ancestor.
    pub(super) cause: IterationId,
    pub(super) revoke_at: Timestamp,
    pub(super) message: String,
    pub(super) author: String,
    /// Whether those that are built from it inherit it.
    pub(super) descends: bool,
    /// Whether channels turn back.
    pub(super) rolls_back: bool,
    made_at: Timestamp,
}

impl RevocationRow {
    pub(super) fn new(scope: &Scope, cause: &IterationId, revoke_at: Timestamp, message: &str) -> Self {
        Self {
            cause: cause.clone(),
            revoke_at,
            message: message.to_owned(),
            author: scope.caller.name.clone(),
            descends: true,
            rolls_back: true,
            made_at: scope.now,
        }
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            cause: row.parsed(IterationId::parse)?,
            revoke_at: row.time()?,
            message: row.text()?,
            author: row.text()?,
            descends: row.integer()? != 0,
            rolls_back: row.integer()? != 0,
            made_at: row.time()?,
        })
    }
}

/// All reasons for which an iteration is revoked, or will be: the one that counts comes first.
///
/// Its own counts before those that it inherits, and among these the earliest.
pub(super) async fn of<T: Tx>(tx: &mut T, iteration: &IterationId) -> Result<Vec<RevocationRow>, RegistryError> {
    let sql = "SELECT cause_id, revoke_at, message, author, descends, rolls_back, made_at FROM revocations
        WHERE iteration_id = $1";
    let rows = tx.rows(sql, values![iteration]).await?;
    let mut rows = rows.into_iter().map(RevocationRow::read).collect::<Result<Vec<_>, _>>()?;
    rows.sort_by_key(|row| (row.cause != *iteration, row.revoke_at, row.made_at, row.cause.clone()));
    Ok(rows)
}

/// Gives an iteration a reason, of whose cause it has none.
pub(super) async fn put<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    iteration: &IterationId,
    row: &RevocationRow,
) -> Result<(), RegistryError> {
    let RevocationRow { cause, revoke_at, message, author, descends, rolls_back, made_at } = row;
    let sql = "INSERT INTO revocations (project_id, iteration_id, cause_id, revoke_at, message, author, descends,
            rolls_back, made_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values =
        values![&scope.project_id, iteration, cause, *revoke_at, message, author, *descends, *rolls_back, *made_at,];
    tx.exec(sql, values).await?;
    Ok(())
}

/// All that are revoked for this cause, itself among them.
pub(super) async fn heirs<T: Tx>(tx: &mut T, cause: &IterationId) -> Result<Vec<IterationId>, RegistryError> {
    let sql = "SELECT iteration_id FROM revocations WHERE cause_id = $1 ORDER BY iteration_id";
    Ok(ids(tx.rows(sql, values![cause]).await?)?)
}

/// Whether the iteration that was revoked was deleted since.
pub(super) async fn is_deleted<T: Tx>(tx: &mut T, cause: &IterationId) -> Result<bool, RegistryError> {
    let sql = "SELECT 1 FROM iterations WHERE id = $1 AND deleted_at IS NOT NULL";
    Ok(!tx.rows(sql, values![cause]).await?.is_empty())
}

/// Takes a cause away from all that have it.
pub(super) async fn lift<T: Tx>(tx: &mut T, cause: &IterationId) -> Result<(), RegistryError> {
    tx.exec("DELETE FROM revocations WHERE cause_id = $1", values![cause]).await?;
    Ok(())
}

/// Writes what counts into an iteration, which is complete.
pub(super) async fn settle<T: Tx>(tx: &mut T, iteration: &IterationId) -> Result<(), RegistryError> {
    let counts = of(tx, iteration).await?.into_iter().next();
    let through = counts.as_ref().map(|row| &row.cause).filter(|cause| *cause != iteration);
    let sql = "UPDATE iterations SET revoke_at = $2, revocation_message = $3, revocation_author = $4,
            revoked_through = $5, revocation_rolls_back = $6 WHERE id = $1";
    let values = values![
        iteration,
        counts.as_ref().map(|row| row.revoke_at),
        counts.as_ref().map(|row| &row.message),
        counts.as_ref().map(|row| &row.author),
        through,
        counts.as_ref().map(|row| row.rolls_back),
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Lets an iteration, which has just become complete, inherit what those that it was built from have.
pub(super) async fn inherit<T: Tx>(tx: &mut T, scope: &Scope, heir: &IterationId) -> Result<(), RegistryError> {
    let sql = "SELECT DISTINCT i.id FROM builds b JOIN parents p ON p.build_id = b.id
        JOIN iterations i ON i.id = p.iteration_id AND i.project_id = $2 WHERE b.iteration_id = $1 ORDER BY i.id";
    let parents = ids(tx.rows(sql, values![heir, &scope.project_id]).await?)?;
    if parents.is_empty() {
        return Ok(());
    }
    lineage::hold(tx, scope).await?;
    let mut causes = BTreeMap::new();
    for parent in parents {
        let inherited = of(tx, &parent).await?.into_iter().filter(|row| row.descends && row.cause != *heir);
        causes.extend(inherited.map(|row| (row.cause.clone(), row)));
    }
    for row in causes.values() {
        put(tx, scope, heir, row).await?;
    }
    if causes.is_empty() { Ok(()) } else { settle(tx, heir).await }
}

/// The complete iterations of the project that were built from this one, and from these, and so on: each once, whatever
/// ways lead to it, and never itself.
pub(super) async fn descendants<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    ancestor: &IterationId,
) -> Result<Vec<IterationId>, RegistryError> {
    let sql = "SELECT DISTINCT i.id FROM parents p JOIN builds b ON b.id = p.build_id
        JOIN iterations i ON i.id = b.iteration_id AND i.version IS NOT NULL AND i.deleted_at IS NULL
        WHERE p.iteration_id = $1 AND i.project_id = $2 ORDER BY i.id";
    let mut known = BTreeSet::from([ancestor.clone()]);
    let (mut found, mut next) = (Vec::new(), vec![ancestor.clone()]);
    while let Some(parent) = next.pop() {
        for child in ids(tx.rows(sql, values![&parent, &scope.project_id]).await?)? {
            if known.insert(child.clone()) {
                found.push(child.clone());
                next.push(child);
            }
        }
    }
    Ok(found)
}

fn ids(rows: Vec<Row>) -> Result<Vec<IterationId>, StoreError> {
    rows.into_iter().map(|mut row| row.parsed(IterationId::parse)).collect()
}

use super::RegistryError;
use super::scope::Scope;
use super::store::{Tx, values};
use crate::model::{BucketName, BuildUpdate, IterationId};

/// Notes the iteration that a build says it was built from, in the place of the one that it said before.
///
/// One that is not there, because it was deleted meanwhile, say, is not noted: a build is worth more than its ancestry.
pub(super) async fn note<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    build_id: &str,
    update: &BuildUpdate,
) -> Result<(), RegistryError> {
    let Some(parent) = &update.parent_iteration else { return Ok(()) };
    let sql = "SELECT k.name, i.fingerprint, i.version FROM iterations i JOIN buckets k ON k.id = i.bucket_id
        WHERE i.project_id = $1 AND i.id = $2 AND i.deleted_at IS NULL";
    let Some(mut row) = tx.rows(sql, values![&scope.project_id, parent]).await?.pop() else { return Ok(()) };
    let bucket = row.parsed(BucketName::parse)?;
    if !scope.caller.may_see(&bucket) {
        return Ok(());
    }
    let (fingerprint, version) = (row.text()?, row.optional_number()?);
    let channel_id = update.parent_channel.as_ref();
    let sql = "SELECT name FROM channels WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL";
    let channel = match channel_id {
        Some(id) => tx.rows(sql, values![&scope.project_id, id]).await?.pop().map(|mut row| row.text()).transpose()?,
        None => None,
    };
    tx.exec("DELETE FROM parents WHERE build_id = $1 AND position = 0", values![build_id]).await?;
    let sql =
        "INSERT INTO parents (project_id, build_id, position, bucket, fingerprint, iteration_id, version, channel,
            channel_id, external_identifier)
        VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9)";
    let identifier = update.source_external_identifier.as_deref().unwrap_or_default();
    let values =
        values![&scope.project_id, build_id, &bucket, fingerprint, parent, version, channel, channel_id, identifier,];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Notes of the builds of an iteration whose clients name no parent what they were built from: the newest complete
/// iteration that has their source image.
pub(super) async fn find_by_source<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    iteration: &IterationId,
) -> Result<(), RegistryError> {
    let sql = "WITH orphans AS (
            SELECT b.id, b.source_external_identifier FROM builds b WHERE b.iteration_id = $1 AND b.status = 'done'
                AND NOT EXISTS (SELECT 1 FROM parents p WHERE p.build_id = b.id)
        ), sources AS (
            SELECT o.id AS build_id, o.source_external_identifier AS identifier FROM orphans o
            UNION SELECT o.id, a.source_external_identifier FROM orphans o JOIN artifacts a ON a.build_id = o.id
        )
        SELECT s.build_id, s.identifier, k.name, i.fingerprint, i.id, i.version FROM sources s
        JOIN artifacts a ON a.external_identifier = s.identifier AND a.project_id = $2
        JOIN builds b ON b.id = a.build_id AND b.status = 'done'
        JOIN iterations i ON i.id = b.iteration_id AND i.version IS NOT NULL AND i.deleted_at IS NULL AND i.id <> $1
        JOIN buckets k ON k.id = i.bucket_id
        WHERE s.identifier <> '' ORDER BY s.build_id, s.identifier, i.completed_at DESC, i.id DESC";
    let mut noted: Option<(String, String)> = None;
    let mut position: i64 = 0;
    for mut row in tx.rows(sql, values![iteration, &scope.project_id]).await? {
        let (build_id, identifier) = (row.text()?, row.text()?);
        match &noted {
            Some((build, source)) if *build == build_id && *source == identifier => continue,
            Some((build, _)) if *build == build_id => position += 1,
            _ => position = 0,
        }
        let (bucket, fingerprint) = (row.text()?, row.text()?);
        let (parent, version) = (row.text()?, row.optional_number()?);
        let sql = "INSERT INTO parents (project_id, build_id, position, bucket, fingerprint, iteration_id, version,
                external_identifier)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = values![&scope.project_id, &build_id, position, bucket, fingerprint, parent, version, &identifier];
        tx.exec(sql, values).await?;
        noted = Some((build_id, identifier));
    }
    Ok(())
}

use super::RegistryError;
use super::iteration_row::{self, IterationRow};
use super::store::{Fault, StoreError, Tx, values};
use crate::model::{BuildKey, BuildStatus, Fingerprint, IterationId, Timestamp};

/// The part of a build that the rules need.
pub(super) struct BuildRow {
    pub(super) id: String,
    pub(super) iteration_id: IterationId,
    pub(super) fresh_fingerprint: Fingerprint,
    pub(super) status: BuildStatus,
    pub(super) recorded_at: Timestamp,
}

/// How statuses are stored.
pub(super) fn parse_status(text: &str) -> Result<BuildStatus, String> {
    match text {
        "unconfirmed" => Ok(BuildStatus::Unconfirmed),
        "done" => Ok(BuildStatus::Done),
        "destroyed" => Ok(BuildStatus::Destroyed),
        "superseded" => Ok(BuildStatus::Superseded),
        _ => Err(format!("build status {text} is not known")),
    }
}

/// The build that a record with this key became.
pub(super) async fn find<T: Tx>(
    tx: &mut T,
    bucket_id: &str,
    key: &BuildKey,
) -> Result<Option<BuildRow>, RegistryError> {
    let sql = "SELECT id, iteration_id, fresh_fingerprint, status, recorded_at FROM builds
        WHERE bucket_id = $1 AND asked_fingerprint = $2 AND component_type = $3 AND run_uuid = $4";
    let values = values![bucket_id, &key.fingerprint, &key.component_type, &key.run_uuid];
    let Some(mut row) = tx.rows(sql, values).await?.pop() else { return Ok(None) };
    Ok(Some(BuildRow {
        id: row.text()?,
        iteration_id: row.parsed(IterationId::parse)?,
        fresh_fingerprint: row.parsed(Fingerprint::parse)?,
        status: row.decoded(parse_status)?,
        recorded_at: row.time()?,
    }))
}

/// The iteration that took a build.
pub(super) async fn iteration<T: Tx>(
    tx: &mut T,
    bucket_id: &str,
    build: &BuildRow,
) -> Result<IterationRow, RegistryError> {
    let found = iteration_row::by_id(tx, bucket_id, &build.iteration_id).await?;
    Ok(found.ok_or_else(|| StoreError::new(Fault::Corrupt(format!("build {} has no iteration", build.id))))?)
}

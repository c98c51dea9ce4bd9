use super::RegistryError;
use super::iteration_row::{self, IterationRow};
use super::scope::Scope;
use super::store::{Fault, StoreError, Tx, values};
use crate::model::{
    BuildKey, BuildStatus, ComponentType, Fingerprint, IterationId, IterationRecord, RunUuid, Timestamp, Warning,
};
use crate::registry::json;

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

/// What a build finds in the iteration that it comes to.
pub(super) enum Room {
    /// No other run's build is in force.
    Free,
    /// An older record's was, and has made way.
    Made {
        /// The build that made way.
        by: String,
        /// What to tell about it.
        warning: Warning,
    },
    /// A newer record's is.
    Taken,
}

/// Makes room for a build in its iteration: of two records of the same build, the newer one is in force.
///
/// The build that makes way learns of its successor by [`name_successor`], once that is stored.
pub(super) async fn make_room<T: Tx>(
    tx: &mut T,
    iteration_id: &IterationId,
    component_type: &ComponentType,
    recorded_at: Timestamp,
) -> Result<Room, RegistryError> {
    let sql = "SELECT id, run_uuid, recorded_at FROM builds
        WHERE iteration_id = $1 AND component_type = $2 AND status IN ('unconfirmed', 'done')";
    let Some(mut row) = tx.rows(sql, values![iteration_id, component_type]).await?.pop() else {
        return Ok(Room::Free);
    };
    let (id, run_uuid, theirs) = (row.text()?, row.parsed(RunUuid::parse)?, row.time()?);
    if theirs > recorded_at {
        return Ok(Room::Taken);
    }
    tx.exec("UPDATE builds SET status = 'superseded' WHERE id = $1", values![&id]).await?;
    let warning = superseded(tx, &id, component_type.clone(), run_uuid).await?;
    Ok(Room::Made { by: id, warning })
}

/// Notes which build took the place of `superseded`.
pub(super) async fn name_successor<T: Tx>(tx: &mut T, superseded: &str, by: &str) -> Result<(), RegistryError> {
    tx.exec("UPDATE builds SET superseded_by = $2 WHERE id = $1", values![superseded, by]).await?;
    Ok(())
}

/// What to tell about the builds that made way for the build `id`.
pub(super) async fn predecessors<T: Tx>(tx: &mut T, id: &str) -> Result<Vec<Warning>, RegistryError> {
    let sql = "SELECT id, component_type, run_uuid FROM builds WHERE superseded_by = $1 ORDER BY id";
    let mut warnings = Vec::new();
    for mut row in tx.rows(sql, values![id]).await? {
        let (id, component_type) = (row.text()?, row.parsed(ComponentType::parse)?);
        warnings.push(superseded(tx, &id, component_type, row.parsed(RunUuid::parse)?).await?);
    }
    Ok(warnings)
}

async fn superseded<T: Tx>(
    tx: &mut T,
    id: &str,
    component_type: ComponentType,
    run_uuid: RunUuid,
) -> Result<Warning, RegistryError> {
    let sql = "SELECT external_identifier FROM artifacts WHERE build_id = $1 ORDER BY region, external_identifier";
    let rows = tx.rows(sql, values![id]).await?;
    let external_identifiers = rows.into_iter().map(|mut row| row.text()).collect::<Result<_, _>>()?;
    Ok(Warning::Superseded { component_type, run_uuid, external_identifiers })
}

/// Stores the build of a record with all that belongs to it; answers its id.
pub(super) async fn insert<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (bucket_id, iteration_id): (&str, &IterationId),
    record: &IterationRecord,
    is_superseded: bool,
) -> Result<String, RegistryError> {
    let id = scope.new_id();
    let status = if is_superseded { "superseded" } else { "unconfirmed" };
    // The record's own build is always expected, whatever its list says.
    let expected = record.expected.iter().chain([&record.component_type]).map(ComponentType::as_str);
    let sql = "INSERT INTO builds (id, project_id, bucket_id, iteration_id, asked_fingerprint, fresh_fingerprint,
            component_type, run_uuid, status, platform, labels, source_external_identifier, metadata,
            expected, channels, started_at, recorded_at, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    let values = values![
        &id,
        &scope.project_id,
        bucket_id,
        iteration_id,
        &record.fingerprint,
        &record.fresh_fingerprint,
        &record.component_type,
        &record.run_uuid,
        status,
        &record.platform,
        json::labels(&record.labels)?,
        record.source_external_identifier.as_ref(),
        json::metadata(&record.metadata)?,
        json::names(expected)?,
        json::names(record.channels.iter().map(|name| name.as_str()))?,
        record.started_at,
        record.recorded_at,
        scope.now,
    ];
    tx.exec(sql, values).await?;
    insert_artifacts(tx, scope, &id, record).await?;
    insert_files(tx, scope, &id, record).await?;
    insert_parents(tx, scope, &id, record).await?;
    Ok(id)
}

async fn insert_artifacts<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    build_id: &str,
    record: &IterationRecord,
) -> Result<(), RegistryError> {
    let sql = "INSERT INTO artifacts (id, project_id, build_id, platform, region, external_identifier,
            source_external_identifier, labels, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    for image in &record.images {
        let values = values![
            scope.new_id(),
            &scope.project_id,
            build_id,
            &image.platform,
            &image.region,
            &image.external_identifier,
            image.source_external_identifier.as_ref(),
            json::labels(&image.labels)?,
            scope.now,
        ];
        tx.exec(sql, values).await?;
    }
    Ok(())
}

async fn insert_files<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    build_id: &str,
    record: &IterationRecord,
) -> Result<(), RegistryError> {
    let sql = "INSERT INTO files (project_id, build_id, position, name, size, sha256) VALUES ($1, $2, $3, $4, $5, $6)";
    for (position, file) in (0_u32..).zip(&record.files) {
        let size = i64::try_from(file.size).unwrap_or(i64::MAX);
        let values = values![&scope.project_id, build_id, position, &file.name, size, file.sha256.as_ref()];
        tx.exec(sql, values).await?;
    }
    Ok(())
}

async fn insert_parents<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    build_id: &str,
    record: &IterationRecord,
) -> Result<(), RegistryError> {
    let sql =
        "INSERT INTO parents (project_id, build_id, position, bucket, fingerprint, iteration_id, version, channel,
            external_identifier)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    for (position, parent) in (0_u32..).zip(&record.parents) {
        let values = values![
            &scope.project_id,
            build_id,
            position,
            &parent.bucket,
            &parent.fingerprint,
            &parent.iteration_id,
            parent.version,
            parent.channel.as_ref(),
            &parent.external_identifier,
        ];
        tx.exec(sql, values).await?;
    }
    Ok(())
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

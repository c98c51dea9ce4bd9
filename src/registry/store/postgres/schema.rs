use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, GenericClient};

use super::tx::WITHOUT_LIMITS;
use crate::model::Timestamp;
use crate::registry::store::migrations::{self, FirstProject};
use crate::registry::store::{Fault, OpenMode, StoreError};

/// "pkrg": what servers that migrate the same database at once take in turn.
const LOCK: i64 = 0x706b_7267;

/// Creates or migrates the registry, one server at a time, unless it is current; answers which version it had before.
pub(super) async fn prepare(client: &mut Client, mode: OpenMode) -> Result<i64, StoreError> {
    let steps = migrations::POSTGRES;
    match (version(client).await?, mode) {
        (Some(found), _) if migrations::is_current(found, steps)? => return Ok(found),
        (None, OpenMode::Existing) => return Err(StoreError::new(Fault::Absent)),
        _ => {}
    }
    let created_at = match mode {
        OpenMode::Create(now) => now,
        OpenMode::Existing => Timestamp::default(),
    };
    // All of it or nothing: PostgreSQL takes back what a failed transaction created.
    let tx = client.transaction().await?;
    tx.execute("SET LOCAL lock_timeout = 0", &[]).await?;
    tx.batch_execute(WITHOUT_LIMITS).await?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    let found = match version(&tx).await? {
        Some(found) => found,
        None => {
            tx.batch_execute(
                "CREATE TABLE packer_registry_schema (version BIGINT NOT NULL);
                 INSERT INTO packer_registry_schema (version) VALUES (0)",
            )
            .await?;
            0
        }
    };
    migrations::check_known(found, steps)?;
    for (done, step) in (0..).zip(steps).skip_while(|(done, _)| *done < found) {
        tx.batch_execute(step).await.map_err(foreign)?;
        if done == 0 {
            let FirstProject { id, organization_id } = FirstProject::new();
            let sql = "INSERT INTO projects (id, organization_id, created_at) VALUES ($1, $2, $3)";
            tx.execute(sql, &[&id, &organization_id, &created_at.0]).await?;
        }
        tx.execute("UPDATE packer_registry_schema SET version = $1", &[&(done + 1)]).await?;
    }
    tx.commit().await?;
    Ok(found)
}

/// How many steps the database has behind it; none at all where there is no registry.
async fn version(client: &impl GenericClient) -> Result<Option<i64>, StoreError> {
    // Not by `to_regclass`, which may remember that there was none.
    let sql = "SELECT 1 FROM pg_catalog.pg_tables
        WHERE schemaname = current_schema() AND tablename = 'packer_registry_schema'";
    if client.query_opt(sql, &[]).await?.is_none() {
        return Ok(None);
    }
    let row = client.query_one("SELECT version FROM packer_registry_schema", &[]).await?;
    Ok(Some(row.try_get(0)?))
}

/// The oldest project.
pub(super) async fn default_project(client: &Client) -> Result<String, StoreError> {
    let row = client.query_one("SELECT id FROM projects ORDER BY created_at, id LIMIT 1", &[]).await?;
    Ok(row.try_get(0)?)
}

/// Tables of the same names, without ours, belong to somebody else.
fn foreign(error: tokio_postgres::Error) -> StoreError {
    match error.code() {
        Some(&SqlState::DUPLICATE_TABLE | &SqlState::DUPLICATE_FUNCTION) => {
            let cause = error.as_db_error().map(|said| said.message().to_owned()).unwrap_or_default();
            StoreError::new(Fault::Foreign(cause))
        }
        _ => error.into(),
    }
}

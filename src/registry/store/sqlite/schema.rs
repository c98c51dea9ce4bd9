use rusqlite::{Connection, TransactionBehavior};

use super::header::APPLICATION_ID;
use crate::model::Timestamp;
use crate::registry::store::migrations::{self, FirstProject};
use crate::registry::store::{Fault, StoreError};

/// Whether a file has all of `steps` behind it.
fn is_current(connection: &Connection, steps: &[&str]) -> Result<bool, StoreError> {
    migrations::is_current(version(connection)?, steps)
}

/// How many of the steps a file has behind it.
pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", (), |row| row.get(0))?)
}

/// Takes the steps that a file lacks, each in a transaction of its own; the first project goes along with the very first.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str], created_at: Timestamp) -> Result<(), StoreError> {
    while !is_current(connection, steps)? {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = version(&tx)?;
        let Some(step) = usize::try_from(done).ok().and_then(|done| steps.get(done)) else {
            return Err(StoreError::new(Fault::Corrupt(format!("schema version {done} is out of range"))));
        };
        tx.execute_batch(step)?;
        if done == 0 {
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            let FirstProject { id, organization_id } = FirstProject::new();
            let sql = "INSERT INTO projects (id, organization_id, created_at) VALUES ($1, $2, $3)";
            tx.execute(sql, (id, organization_id, created_at.0))?;
        }
        tx.pragma_update(None, "user_version", done + 1)?;
        tx.commit()?;
    }
    Ok(())
}

use rusqlite::{Connection, TransactionBehavior};

use super::sqlite::APPLICATION_ID;
use super::{Fault, StoreError};

/// The steps of the schema, oldest first. Append only: a step that was released never changes, and what it does must
/// suit the release before it.
pub(super) const SQLITE: &[&str] = &[include_str!("migrations/sqlite/0001_registry.sql")];

/// How many of the steps a file has behind it.
pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", (), |row| row.get(0))?)
}

/// Whether a file has all of `steps` behind it.
pub(super) fn is_current(connection: &Connection, steps: &[&str]) -> Result<bool, StoreError> {
    let found = version(connection)?;
    check_known(found, steps)?;
    Ok(found == count(steps))
}

/// Refuses a schema that has steps behind it which this version does not know.
pub(super) fn check_known(found: i64, steps: &[&str]) -> Result<(), StoreError> {
    let known = count(steps);
    if found > known { Err(StoreError::new(Fault::Newer { found, known })) } else { Ok(()) }
}

/// Takes the steps that a file lacks, each in a transaction of its own; `first` goes along with the very first.
pub(super) fn migrate(
    connection: &mut Connection,
    steps: &[&str],
    first: impl Fn(&Connection) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    while !is_current(connection, steps)? {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = version(&tx)?;
        let Some(step) = usize::try_from(done).ok().and_then(|done| steps.get(done)) else {
            return Err(StoreError::new(Fault::Corrupt(format!("schema version {done} is out of range"))));
        };
        tx.execute_batch(step)?;
        if done == 0 {
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            first(&tx)?;
        }
        tx.pragma_update(None, "user_version", done + 1)?;
        tx.commit()?;
    }
    Ok(())
}

fn count(steps: &[&str]) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}

use futures::FutureExt;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use super::known::Known;
use crate::registry::RegistryError;
use crate::registry::store::groups::Groups;
use crate::registry::store::{Fault, Op, Row, StoreError, Tx, Value};

/// Runs `op` in the transaction that is open on `connection`.
pub(super) fn run<O: Op>(op: &O, connection: &mut Connection) -> Result<O::Out, RegistryError> {
    run_with(op, connection, None)
}

/// Runs `op`, which reads, on `connection`, as far as its answer is not known already.
pub(super) fn run_knowing<O: Op>(
    op: &O,
    connection: &mut Connection,
    known: &mut Known,
) -> Result<O::Out, RegistryError> {
    known.renew(connection)?;
    run_with(op, connection, Some(known))
}

fn run_with<O: Op>(op: &O, connection: &mut Connection, known: Option<&mut Known>) -> Result<O::Out, RegistryError> {
    let suspended = || Err(StoreError::new(Fault::Internal("an operation was suspended".to_owned())).into());
    op.run(&mut SqliteTx { connection, known }).now_or_never().unwrap_or_else(suspended)
}

/// A transaction, rolled back unless it is committed.
pub(super) struct Transaction<'c> {
    connection: &'c mut Connection,
}

impl<'c> Transaction<'c> {
    pub(super) fn begin(connection: &'c mut Connection, statement: &str) -> Result<Self, StoreError> {
        execute(connection, statement)?;
        Ok(Self { connection })
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        self.connection
    }

    pub(super) fn commit(self) -> Result<(), StoreError> {
        execute(self.connection, "COMMIT")
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.connection.is_autocommit() {
            // Where it fails, the connection is broken, and its next statement says so.
            let _ = execute(self.connection, "ROLLBACK");
        }
    }
}

/// Runs a statement that answers nothing.
pub(super) fn execute(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    connection.prepare_cached(statement)?.raw_execute()?;
    Ok(())
}

/// What an operation sees of a transaction; its futures are always ready.
struct SqliteTx<'c> {
    // Exclusive, so that it is `Send`: rusqlite's own transaction is not.
    connection: &'c mut Connection,
    known: Option<&'c mut Known>,
}

impl SqliteTx<'_> {
    fn prepared(&mut self, sql: &str, values: &[Value]) -> Result<CachedStatement<'_>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        if statement.parameter_count() != values.len() {
            let cause = format!("{} parameters for {} values", statement.parameter_count(), values.len());
            return Err(StoreError::new(Fault::Internal(cause)));
        }
        for index in 1..=values.len() {
            // By name: SQLite numbers `$2 … $1` in their order of appearance.
            let number = statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
            let value = number.and_then(|number| values.get(number.checked_sub(1)?));
            let value = value
                .ok_or_else(|| StoreError::new(Fault::Internal(format!("a parameter without a value in: {sql}"))))?;
            statement.raw_bind_parameter(index, value)?;
        }
        Ok(statement)
    }

    fn rows_now(
        &mut self,
        sql: &'static str,
        values: &[Value],
        groups: &'static [usize],
    ) -> Result<Vec<Row>, StoreError> {
        if let Some(rows) = self.known.as_ref().and_then(|known| known.get(sql, values)) {
            return Ok(rows.clone());
        }
        let rows = self.read_rows(sql, values, groups)?;
        if let Some(known) = &mut self.known {
            known.keep(sql, values, &rows);
        }
        Ok(rows)
    }

    fn read_rows(&mut self, sql: &str, values: &[Value], groups: &'static [usize]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.prepared(sql, values)?;
        let mut groups = Groups::new(groups, statement.column_count());
        let mut found = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            rows.push(groups.row(|column| cell(row.get_ref(column)?))?);
        }
        Ok(rows)
    }

    fn exec_now(&mut self, sql: &str, values: &[Value]) -> Result<usize, StoreError> {
        Ok(self.prepared(sql, values)?.raw_execute()?)
    }
}

impl Tx for SqliteTx<'_> {
    async fn grouped_rows(
        &mut self,
        sql: &'static str,
        values: &[Value],
        groups: &'static [usize],
    ) -> Result<Vec<Row>, StoreError> {
        self.rows_now(sql, values, groups)
    }

    async fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<usize, StoreError> {
        self.exec_now(sql, values)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn cell(value: ValueRef<'_>) -> Result<Value, StoreError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(StoreError::new(Fault::Corrupt("a text is not UTF-8".to_owned()))),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_owned())),
        other @ ValueRef::Real(_) => {
            Err(StoreError::new(Fault::Corrupt(format!("a column holds a {}", other.data_type()))))
        }
    }
}

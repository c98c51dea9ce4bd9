use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use super::{Fault, Op, OpenMode, Patience, Row, Store, StoreError, Tx, Value, migrations, open};
use crate::registry::RegistryError;

/// A registry in a SQLite file, on one connection.
pub struct SqliteStore {
    path: PathBuf,
    project_id: String,
    patience: Patience,
    connection: Mutex<Connection>,
}

impl SqliteStore {
    /// Opens the registry in the file `path`; creates or migrates it if need be.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened; [`Fault::Absent`] where `mode` does not let it be created.
    pub fn open(path: PathBuf, mode: OpenMode, patience: Patience) -> Result<Self, StoreError> {
        let connection = open::open(&path, mode, &patience, migrations::SQLITE)?;
        let project_id = patience
            .attempt(|| {
                let sql = "SELECT id FROM projects ORDER BY created_at, id LIMIT 1";
                Ok(connection.query_row(sql, (), |row| row.get(0))?)
            })
            .map_err(|error| error.at(&path))?;
        Ok(Self { path, project_id, patience, connection: Mutex::new(connection) })
    }

    /// Runs `op`; waits for its turn where other processes write.
    fn execute_now<O: Op>(&self, op: &O) -> Result<O::Out, RegistryError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.patience.start();
        loop {
            let error = match attempt(&mut connection, op) {
                Err(RegistryError::Store(error)) => error,
                result => return result,
            };
            let error = if *error.fault() == Fault::Busy { wait.check().err() } else { Some(error) };
            if let Some(error) = error {
                return Err(error.at(&self.path).into());
            }
        }
    }
}

impl Store for SqliteStore {
    fn project_id(&self) -> &str {
        &self.project_id
    }

    async fn execute<O: Op>(&self, op: &O) -> Result<O::Out, RegistryError> {
        self.execute_now(op)
    }
}

fn attempt<O: Op>(connection: &mut Connection, op: &O) -> Result<O::Out, RegistryError> {
    // A write takes the write lock at once: SQLite does not let a reader that wants to write wait for its turn.
    let mut tx = SqliteTx::begin(connection, if O::WRITES { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
    let suspended = || Err(StoreError::new(Fault::Internal("an operation was suspended".to_owned())).into());
    let out = op.run(&mut tx).now_or_never().unwrap_or_else(suspended)?;
    tx.commit()?;
    Ok(out)
}

/// A transaction on SQLite, whose futures are always ready; rolled back unless it is committed.
struct SqliteTx<'c> {
    // Exclusive, so that it is `Send`: rusqlite's own transaction is not.
    connection: &'c mut Connection,
}

impl<'c> SqliteTx<'c> {
    fn begin(connection: &'c mut Connection, statement: &str) -> Result<Self, StoreError> {
        connection.execute_batch(statement)?;
        Ok(Self { connection })
    }

    fn commit(self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    fn prepared(&mut self, sql: &str, values: &[Value]) -> Result<CachedStatement<'_>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        if statement.parameter_count() != values.len() {
            let cause = format!("{} parameters for {} values", statement.parameter_count(), values.len());
            return Err(StoreError::new(Fault::Internal(cause)));
        }
        for (nth, value) in (1..).zip(values) {
            // By name: SQLite numbers `$2 … $1` in their order of appearance.
            let name = format!("${nth}");
            let index = statement
                .parameter_index(&name)?
                .ok_or_else(|| StoreError::new(Fault::Internal(format!("no parameter {name} in: {sql}"))))?;
            statement.raw_bind_parameter(index, value)?;
        }
        Ok(statement)
    }

    fn rows_now(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.prepared(sql, values)?;
        let columns = statement.column_count();
        let mut found = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let cells = (0..columns).map(|column| cell(row.get_ref(column)?)).collect::<Result<_, StoreError>>()?;
            rows.push(Row::new(cells));
        }
        Ok(rows)
    }

    fn exec_now(&mut self, sql: &str, values: &[Value]) -> Result<usize, StoreError> {
        Ok(self.prepared(sql, values)?.raw_execute()?)
    }
}

impl Drop for SqliteTx<'_> {
    fn drop(&mut self) {
        if !self.connection.is_autocommit() {
            // Where it fails, the connection is broken, and its next statement says so.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

impl Tx for SqliteTx<'_> {
    async fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.rows_now(sql, values)
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
        other => Err(StoreError::new(Fault::Corrupt(format!("a column holds a {}", other.data_type())))),
    }
}

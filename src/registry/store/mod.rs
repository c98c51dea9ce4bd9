//! Where the registry is kept: each operation is written once, and runs in one transaction of whatever engine is there.
//!
//! SQL is written for SQLite and PostgreSQL alike: `$1` parameters, ids as text, times as integers, sequences by
//! `UPDATE … RETURNING`, and nothing that only one of them knows.

mod any;
mod catalog;
mod declared;
mod error;
mod groups;
mod guard;
mod migrations;
mod patience;
mod postgres;
mod sqlite;
mod value;
mod writability;

use std::future::Future;

pub use any::AnyStore;
pub(in crate::registry) use catalog::Catalog;
pub(in crate::registry) use declared::{Key, Reference, keys, references};
pub use error::{Fault, StoreError};
pub use migrations::Migrated;
pub use patience::Patience;
pub use postgres::PostgresStore;
pub use sqlite::{OpenMode, SqliteStore, check_writable, remove_files};
pub(in crate::registry) use value::values;
pub use value::{Row, Value};

use super::RegistryError;

/// One operation of the registry: one transaction, one body, its rules inside.
///
/// It may be run more than once where the engine asks for another attempt; only the last one counts.
pub trait Op: Send + Sync + 'static {
    /// What it answers.
    type Out: Send + 'static;
    /// Whether it writes.
    const WRITES: bool;
    /// Whether it reads by one statement, which needs no transaction around it.
    const ONE_STATEMENT: bool = false;
    /// Whether it goes through whole tables: what the database sets for how long anything may take is not for it.
    const TAKES_LONG: bool = false;

    /// Runs it in a transaction, which is committed when this answers `Ok` and rolled back otherwise.
    fn run<T: Tx>(&self, tx: &mut T) -> impl Future<Output = Result<Self::Out, RegistryError>> + Send;
}

/// A transaction.
pub trait Tx: Send {
    /// The rows that a query, or a statement with `RETURNING`, answers.
    fn rows(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        self.grouped_rows(sql, values, &[])
    }

    /// The same of a join, whose columns from each of `groups` on begin with an id: where that is the one of the row before,
    /// a row lacks the columns of the group.
    fn grouped_rows(
        &mut self,
        sql: &'static str,
        values: &[Value],
        groups: &'static [usize],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// Runs a statement; answers how many rows it changed.
    fn exec(&mut self, sql: &'static str, values: &[Value]) -> impl Future<Output = Result<usize, StoreError>> + Send;
}

/// An engine that runs operations.
pub trait Store: Send + Sync {
    /// The project of callers who name none, which is the oldest one: a UUID.
    fn default_project(&self) -> &str;

    /// Why the last operation that was to write could not, where the disk or rights were in its way.
    fn unwritable(&self) -> Option<StoreError> {
        None
    }

    /// Runs `op` in a transaction of its own, and answers once it is durable.
    ///
    /// Where this future is dropped, the operation is done whole or not at all.
    fn execute<O: Op>(&self, op: O) -> impl Future<Output = Result<O::Out, RegistryError>> + Send;
}

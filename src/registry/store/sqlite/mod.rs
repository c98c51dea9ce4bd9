//! SQLite: one thread writes, a few connections read. See [`writer`] and [`readers`].

mod check;
mod header;
mod job;
mod known;
mod open;
mod readers;
mod schema;
mod tx;
mod writer;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

pub use check::check_writable;
pub use open::{OpenMode, remove_files};

use self::open::Connections;
use self::readers::Readers;
use self::writer::Writer;
use super::writability::Writability;
use super::{Migrated, Op, Patience, Store, StoreError};
use crate::registry::RegistryError;

/// A registry in a SQLite file. Dropping it finishes what was accepted.
pub struct SqliteStore {
    default_project: String,
    connections: Connections,
    /// Started by the first operation that writes.
    writer: Mutex<Option<Writer>>,
    readers: Readers,
    writability: Writability,
}

impl SqliteStore {
    /// Opens the registry in the file `path`; creates or migrates it if need be.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened; [`Fault::Absent`](super::Fault::Absent) where `mode` does not let it be
    /// created.
    pub fn open(path: PathBuf, mode: OpenMode, patience: Patience) -> Result<Self, StoreError> {
        let connections = Connections::open(path, mode, patience)?;
        let default_project = connections.default_project()?;
        let (writer, readers, writability) = (Mutex::default(), Readers::default(), Writability::default());
        Ok(Self { default_project, connections, writer, readers, writability })
    }

    pub(super) fn migrated(&self) -> Migrated {
        self.connections.migrated()
    }

    async fn write<O: Op>(&self, op: O) -> Result<O::Out, RegistryError> {
        let answer = {
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            match &*writer {
                Some(writer) => writer.accept(op)?,
                None => writer.insert(Writer::start(&self.connections)?).accept(op)?,
            }
        };
        answer.await
    }
}

impl Store for SqliteStore {
    fn default_project(&self) -> &str {
        &self.default_project
    }

    async fn execute<O: Op>(&self, op: O) -> Result<O::Out, RegistryError> {
        let result = if O::WRITES { self.write(op).await } else { self.readers.read(&self.connections, &op) };
        let result = result.map_err(|error| match error {
            RegistryError::Store(error) => error.at(self.connections.path()).into(),
            other => other,
        });
        if O::WRITES {
            self.writability.note(&result);
        }
        result
    }

    fn unwritable(&self) -> Option<StoreError> {
        self.writability.obstacle()
    }
}

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
use super::{Migrated, Op, Patience, Store, StoreError};
use crate::registry::RegistryError;

/// A registry in a SQLite file. Dropping it finishes what was accepted.
pub struct SqliteStore {
    default_project: String,
    connections: Connections,
    /// Started by the first operation that writes.
    writer: Mutex<Option<Writer>>,
    readers: Readers,
    /// Why the last operation that was to write could not.
    unwritable: Mutex<Option<StoreError>>,
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
        let (writer, readers, unwritable) = (Mutex::default(), Readers::default(), Mutex::default());
        Ok(Self { default_project, connections, writer, readers, unwritable })
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

    /// Notes whether an operation could write. One that a rule refused has not tried to.
    fn note<T>(&self, result: &Result<T, RegistryError>) {
        let why = match result {
            Ok(_) => None,
            Err(RegistryError::Store(error)) if error.forbids_writing() => Some(error.clone()),
            Err(_) => return,
        };
        *self.unwritable.lock().unwrap_or_else(PoisonError::into_inner) = why;
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
            self.note(&result);
        }
        result
    }

    fn unwritable(&self) -> Option<StoreError> {
        self.unwritable.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

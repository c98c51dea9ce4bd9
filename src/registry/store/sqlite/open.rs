use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::header::Header;
use super::schema;
use crate::model::Timestamp;
use crate::registry::store::{Fault, Migrated, Patience, StoreError, migrations};

/// How long SQLite itself waits for a lock before we look whether to go on waiting.
const BUSY_SLICE: Duration = Duration::from_millis(100);

/// How long to wait between two looks at the lock file.
const LOCK_FILE_PAUSE: Duration = Duration::from_millis(5);

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 128;

/// Pages that the connection which writes keeps, in KiB.
const WRITER_CACHE: i64 = 8 * 1024;

/// Pages that each connection which reads keeps, in KiB. Mapping the file instead would count as memory in use.
const READER_CACHE: i64 = 16 * 1024;

/// What to do where there is no registry yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Create it, made at this time.
    Create(Timestamp),
    /// Answer [`Fault::Absent`].
    Existing,
}

/// Opens connections to a registry's file.
pub(super) struct Connections {
    path: PathBuf,
    patience: Patience,
    migrated: Migrated,
    /// The one that opening took, until somebody needs one.
    first: Mutex<Option<Connection>>,
}

impl Connections {
    pub(super) fn open(path: PathBuf, mode: OpenMode, patience: Patience) -> Result<Self, StoreError> {
        let (connection, found) = open(&path, mode, &patience, migrations::SQLITE)?;
        let migrated = Migrated::from(found, migrations::SQLITE);
        Ok(Self { path, patience, migrated, first: Mutex::new(Some(connection)) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn patience(&self) -> &Patience {
        &self.patience
    }

    pub(super) fn migrated(&self) -> Migrated {
        self.migrated
    }

    /// The oldest project.
    pub(super) fn default_project(&self) -> Result<String, StoreError> {
        let sql = "SELECT id FROM projects ORDER BY created_at, id LIMIT 1";
        let connection = self.next()?;
        let project = self.patience.attempt(|| Ok(connection.query_row(sql, (), |row| row.get(0))?));
        *self.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
        project.map_err(|error| error.at(&self.path))
    }

    /// A connection that writes.
    pub(super) fn writer(&self) -> Result<Connection, StoreError> {
        let connection = self.next()?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE)?;
        Ok(connection)
    }

    /// A connection that cannot write.
    pub(super) fn reader(&self) -> Result<Connection, StoreError> {
        let connection = self.next()?;
        connection.pragma_update(None, "cache_size", -READER_CACHE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    fn next(&self) -> Result<Connection, StoreError> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The file is a registry with the current schema: that was seen when it was opened.
        first.map_or_else(|| self.patience.attempt(|| connect(&self.path)), Ok)
    }
}

/// A connection to the registry in the file `path`, whose schema is current, and which version it had before.
fn open(path: &Path, mode: OpenMode, patience: &Patience, steps: &[&str]) -> Result<(Connection, i64), StoreError> {
    let lock_file = lock_path(path);
    match Header::read(path)? {
        Header::Missing | Header::Empty if mode == OpenMode::Existing => Err(StoreError::at_path(Fault::Absent, path)),
        Header::Registry { wal: true, .. } => {
            let connection = patience.attempt(|| connect(path)).map_err(|error| error.at(path))?;
            let found = patience.attempt(|| schema::version(&connection)).map_err(|error| error.at(path))?;
            if migrations::is_current(found, steps).map_err(|error| error.at(path))? {
                return Ok((connection, found));
            }
            // `prepare` reads the header again, and closing any handle of a file drops the locks on it that this
            // process holds through others.
            drop(connection);
            prepare(path, mode, patience, steps)
        }
        // Whoever creates a registry holds the lock file before there is a file that could be half made.
        foreign @ Header::Foreign(_) if !lock_file.exists() => {
            foreign.accept(path)?;
            prepare(path, mode, patience, steps)
        }
        _ => prepare(path, mode, patience, steps),
    }
}

/// Creates or migrates the file, one process at a time.
///
/// Without the lock file, processes that open a new file at once tell each other that it is locked: neither the
/// switch to write-ahead mode nor the upgrade of a read lock waits for its turn.
fn prepare(path: &Path, mode: OpenMode, patience: &Patience, steps: &[&str]) -> Result<(Connection, i64), StoreError> {
    create_folder(path)?;
    let _lock = lock(path, patience)?;
    let header = Header::read(path)?.accept(path)?;
    if matches!(header, Header::Missing) {
        create_file(path)?;
    }
    let created_at = match mode {
        OpenMode::Create(now) => now,
        OpenMode::Existing => Timestamp::default(),
    };
    let mut connection = patience.attempt(|| connect(path)).map_err(|error| error.at(path))?;
    let found = patience.attempt(|| schema::version(&connection)).map_err(|error| error.at(path))?;
    patience
        .attempt(|| schema::migrate(&mut connection, steps, created_at))
        .and_then(|()| patience.attempt(|| use_write_ahead_log(&connection)))
        .map_err(|error| error.at(path))?;
    Ok((connection, found))
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    // Absolute, because SQLite has names of its own such as ":memory:".
    let file = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let connection =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_SLICE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it, SQLite prepares a cached statement anew whenever a parameter that its plan looked at changes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Savepoints and sorting would open temporary files otherwise.
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;")?;
    Ok(connection)
}

fn use_write_ahead_log(connection: &Connection) -> Result<(), StoreError> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
    if mode == "wal" {
        Ok(())
    } else {
        let cause = format!("its file system has no shared memory, so that the journal stays in mode {mode}");
        Err(StoreError::new(Fault::CannotOpen(cause)))
    }
}

fn create_folder(path: &Path) -> Result<(), StoreError> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) else {
        return Ok(());
    };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| cannot_open(path, &format!("{}: {error}", folder.display())))
}

/// Creates an empty file that only this user may read; SQLite gives the files beside it the same permissions.
fn create_file(path: &Path) -> Result<(), StoreError> {
    private(OpenOptions::new().write(true).create(true))
        .open(path)
        .map(drop)
        .map_err(|error| cannot_open(path, &error.to_string()))
}

fn lock(path: &Path, patience: &Patience) -> Result<File, StoreError> {
    let lock_path = lock_path(path);
    let failed = |error: std::io::Error| cannot_open(path, &format!("{}: {error}", lock_path.display()));
    let file = private(OpenOptions::new().write(true).create(true)).open(&lock_path).map_err(failed)?;
    patience
        .attempt(|| match file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => {
                thread::sleep(LOCK_FILE_PAUSE);
                Err(StoreError::new(Fault::Busy))
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        })
        .map_err(|error| error.at(path))?;
    Ok(file)
}

/// Removes the file of a registry that nobody has open, with all that is beside it; what is not there is no fault.
pub fn remove_files(path: &Path) {
    for file in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm"), lock_path(path)] {
        let _ = fs::remove_file(file);
    }
}

fn lock_path(path: &Path) -> PathBuf {
    beside(path, ".lock")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg_attr(not(unix), expect(clippy::needless_pass_by_ref_mut, reason = "permissions are set on Unix only"))]
fn private(options: &mut OpenOptions) -> &OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn cannot_open(path: &Path, cause: &str) -> StoreError {
    StoreError::at_path(Fault::CannotOpen(cause.to_owned()), path)
}

use std::fmt;
use std::path::Path;

use rusqlite::ErrorCode;

/// The store could not be opened, read or written; the message names the place, the cause and the way out.
#[derive(Clone, Debug)]
pub struct StoreError {
    fault: Fault,
    place: Place,
}

/// Where a store is.
#[derive(Clone, Debug)]
enum Place {
    /// Not said yet.
    Unnamed,
    /// In a file.
    File(String),
    /// In a database on a server.
    Server(String),
}

/// What is wrong with a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing yet.
    Absent,
    /// A newer version of this program wrote it.
    Newer {
        /// The schema version found.
        found: i64,
        /// The newest schema version that this program knows.
        known: i64,
    },
    /// It is not a registry.
    Foreign(String),
    /// Others kept it locked for as long as one waits.
    Busy,
    /// The caller gave up while others kept it locked.
    Cancelled,
    /// The disk is full.
    Full,
    /// It may not be written.
    ReadOnly,
    /// What it holds cannot be understood.
    Corrupt(String),
    /// The system failed to read or write.
    Io(String),
    /// It cannot be opened or created.
    CannotOpen(String),
    /// A database and this program do not agree on TLS.
    Tls(String),
    /// The URL of a database cannot be used.
    InvalidUrl(String),
    /// A database on a server does not answer.
    Unreachable(String),
    /// A database stopped answering while it committed.
    Uncertain(String),
    /// Operations that ran at the same time got in each other's way.
    Conflict(String),
    /// A statement failed for a reason that is a fault of this program.
    Internal(String),
}

impl StoreError {
    pub(in crate::registry) fn new(fault: Fault) -> Self {
        Self { fault, place: Place::Unnamed }
    }

    pub(super) fn at_path(fault: Fault, path: &Path) -> Self {
        Self::new(fault).at(path)
    }

    /// Names the file, unless a place is named already.
    pub(super) fn at(self, path: &Path) -> Self {
        self.at_place(|| Place::File(path.display().to_string()))
    }

    /// Names the database, unless a place is named already.
    pub(super) fn at_server(self, place: &str) -> Self {
        self.at_place(|| Place::Server(place.to_owned()))
    }

    fn at_place(mut self, place: impl FnOnce() -> Place) -> Self {
        if matches!(self.place, Place::Unnamed) {
            self.place = place();
        }
        self
    }

    /// What is wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Whether it will be so for every write until someone makes room, or gives rights.
    pub(super) fn forbids_writing(&self) -> bool {
        matches!(self.fault, Fault::Full | Fault::ReadOnly | Fault::Io(_) | Fault::CannotOpen(_) | Fault::Tls(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let cause = error.to_string();
        let fault = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
                Fault::Busy
            }
            Some(ErrorCode::DiskFull) => Fault::Full,
            Some(ErrorCode::ReadOnly) => Fault::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt) => Fault::Corrupt(cause),
            Some(ErrorCode::NotADatabase) => Fault::Foreign(cause),
            Some(ErrorCode::SystemIoFailure) if is_refused_write(&error) => Fault::Io(REFUSED_WRITE.to_owned()),
            Some(ErrorCode::SystemIoFailure) => Fault::Io(cause),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Fault::CannotOpen(cause),
            _ => Fault::Internal(cause),
        };
        Self::new(fault)
    }
}

/// What SQLite says of a write that fails otherwise than by a full disk.
const REFUSED_WRITE: &str =
    "the system refused to write; a quota or a limit of the size of files is reached, or the disk is broken";

fn is_refused_write(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE)
}

impl Place {
    /// What to do where the place cannot be used.
    fn mend(&self, file: &'static str, server: &'static str) -> &'static str {
        if matches!(self, Self::Server(_)) { server } else { file }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unnamed => Ok(()),
            Self::File(place) | Self::Server(place) => f.write_str(place),
        }
    }
}

const RIGHTS: &str = "let this user write the file and its folder, or name another file: sqlite:PATH";
const CREDENTIALS: &str = "check user, password and database of its URL, and that the user may create tables there";

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        match &self.fault {
            Fault::Absent => {
                let who = place.mend("a build with the post-processor creates it", "create it: serve --database URL");
                write!(f, "no registry at {place} yet; {who}")
            }
            Fault::Newer { found, known } => write!(
                f,
                "{place} was written by a newer version of this program (schema {found}; this one knows {known}); \
                 upgrade this binary"
            ),
            Fault::Foreign(cause) => {
                let other = place.mend("name another file: sqlite:PATH", "name another database");
                write!(f, "{place} is not a registry: {cause}; it was left as it is; {other}")
            }
            Fault::Busy => {
                let others = place.mend("other processes kept it locked", "all of its connections were in use");
                write!(f, "the registry at {place} is busy: {others} all the while; try again once they are done")
            }
            Fault::Conflict(cause) => {
                write!(f, "the registry at {place} is busy: others wrote the same all the while ({cause}); try again")
            }
            Fault::Cancelled => write!(f, "cancelled while other processes kept the registry at {place} locked"),
            Fault::Full => write!(f, "the registry at {place} cannot grow: the disk is full; free some space"),
            Fault::ReadOnly => {
                let mend = place.mend(RIGHTS, "connect to the primary server, as a user who may write");
                write!(f, "the registry at {place} is read-only; {mend}")
            }
            Fault::Corrupt(cause) => {
                let mend = place.mend(
                    "move it away and restore a backup, or name another file: sqlite:PATH",
                    "restore a backup into another database",
                );
                write!(f, "the registry at {place} is damaged: {cause}; {mend}")
            }
            Fault::Io(cause) => {
                let mend = place.mend("check the disk, or name another file: sqlite:PATH", "check the server's log");
                write!(f, "the registry at {place} cannot be read or written: {cause}; {mend}")
            }
            Fault::CannotOpen(cause) => {
                write!(f, "the registry at {place} cannot be opened: {cause}; {}", place.mend(RIGHTS, CREDENTIALS))
            }
            Fault::Tls(cause) => write!(
                f,
                "the registry at {place} cannot be opened: {cause}; check that the server of the database speaks TLS, \
                 and sslmode and sslrootcert of its URL"
            ),
            Fault::InvalidUrl(message) => f.write_str(message),
            Fault::Unreachable(cause) => write!(
                f,
                "the registry at {place} cannot be reached: {cause}; check that the database runs, and that this \
                 machine may connect to it"
            ),
            Fault::Uncertain(cause) => write!(
                f,
                "the registry at {place} was lost while it wrote: {cause}; whether it did is not known; ask again: \
                 what was written is not written twice"
            ),
            Fault::Internal(cause) => {
                write!(f, "the registry at {place} failed: {cause}; this is a fault of this program, please report it")
            }
        }
    }
}

impl std::error::Error for StoreError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(code: i32) -> String {
        let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        StoreError::from(error).at(Path::new("/data/registry.db")).to_string()
    }

    #[test]
    fn each_failure_of_sqlite_names_the_file_the_cause_and_the_way_out() {
        for (code, cause, way_out) in [
            (rusqlite::ffi::SQLITE_BUSY, "is busy", "try again"),
            (rusqlite::ffi::SQLITE_FULL, "the disk is full", "free some space"),
            (rusqlite::ffi::SQLITE_READONLY, "is read-only", "let this user write"),
            (rusqlite::ffi::SQLITE_CORRUPT, "is damaged", "restore a backup"),
            (rusqlite::ffi::SQLITE_NOTADB, "is not a registry", "name another file"),
            (rusqlite::ffi::SQLITE_IOERR, "disk I/O error", "check the disk"),
            (rusqlite::ffi::SQLITE_CANTOPEN, "cannot be opened", "let this user write"),
        ] {
            let message = message(code);
            assert!(message.contains("/data/registry.db"), "{message}");
            assert!(message.contains(cause), "{message}");
            assert!(message.contains(way_out), "{message}");
        }
    }
}

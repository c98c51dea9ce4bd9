use std::fmt;
use std::path::Path;

use rusqlite::ErrorCode;

/// The store could not be opened, read or written; the message names the place, the cause and the way out.
#[derive(Clone, Debug)]
pub struct StoreError {
    fault: Fault,
    place: String,
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
    /// A statement failed for a reason that is a fault of this program.
    Internal(String),
}

impl StoreError {
    pub(in crate::registry) fn new(fault: Fault) -> Self {
        Self { fault, place: String::new() }
    }

    pub(super) fn at_path(fault: Fault, path: &Path) -> Self {
        Self::new(fault).at(path)
    }

    /// Names the place, unless it is named already.
    pub(super) fn at(mut self, path: &Path) -> Self {
        if self.place.is_empty() {
            self.place = path.display().to_string();
        }
        self
    }

    /// What is wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
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
            Some(ErrorCode::SystemIoFailure) => Fault::Io(cause),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Fault::CannotOpen(cause),
            _ => Fault::Internal(cause),
        };
        Self::new(fault)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ELSEWHERE: &str = "or name another file: sqlite:PATH";
        let place = &self.place;
        match &self.fault {
            Fault::Absent => write!(f, "no registry at {place} yet; a build with the post-processor creates it"),
            Fault::Newer { found, known } => write!(
                f,
                "{place} was written by a newer version of this program (schema {found}; this one knows {known}); \
                 upgrade this binary"
            ),
            Fault::Foreign(cause) => {
                write!(f, "{place} is not a registry: {cause}; it was left as it is; name another file: sqlite:PATH")
            }
            Fault::Busy => write!(
                f,
                "the registry at {place} is busy: other processes kept it locked all the while; try again once they \
                 are done"
            ),
            Fault::Cancelled => write!(f, "cancelled while other processes kept the registry at {place} locked"),
            Fault::Full => write!(f, "the registry at {place} cannot grow: the disk is full; free some space"),
            Fault::ReadOnly => {
                write!(
                    f,
                    "the registry at {place} is read-only; let this user write the file and its folder, {ELSEWHERE}"
                )
            }
            Fault::Corrupt(cause) => {
                write!(f, "the registry at {place} is damaged: {cause}; move it away and restore a backup, {ELSEWHERE}")
            }
            Fault::Io(cause) => {
                write!(f, "the registry at {place} cannot be read or written: {cause}; check the disk, {ELSEWHERE}")
            }
            Fault::CannotOpen(cause) => write!(
                f,
                "the registry at {place} cannot be opened: {cause}; let this user write the file and its folder, \
                 {ELSEWHERE}"
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

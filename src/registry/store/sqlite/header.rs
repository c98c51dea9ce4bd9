use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::registry::store::{Fault, StoreError};

/// "pkrg", in the header of every registry's file: the "application ID" of SQLite's file format.
pub(super) const APPLICATION_ID: i32 = 0x706b_7267;

/// What the first bytes of a file say of it; read without SQLite, which would begin by changing what it opens.
///
/// Source: "Database File Format", section 1.3, "The Database Header" (sqlite.org/fileformat2.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// There is no file.
    Missing,
    /// The file has no bytes yet.
    Empty,
    /// A registry.
    Registry {
        /// Whether it is in write-ahead mode.
        wal: bool,
        /// The version of its schema; a change that stands in the write-ahead log alone does not show.
        schema: i64,
    },
    /// Something else, which is to be left alone.
    Foreign(&'static str),
}

const LENGTH: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
const WRITE_VERSION: usize = 18;
const WRITE_VERSION_WAL: u8 = 2;
const USER_VERSION_AT: usize = 60;
const APPLICATION_ID_AT: usize = 68;

impl Header {
    pub(super) fn read(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::at_path(Fault::CannotOpen(error.to_string()), path);
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::Missing),
            Err(error) => return Err(failed(error)),
        };
        let about = file.metadata().map_err(failed)?;
        if about.is_dir() {
            return Ok(Self::Foreign("it is a folder"));
        }
        if !about.is_file() {
            return Ok(Self::Foreign("it is not a regular file"));
        }
        let mut bytes = Vec::with_capacity(LENGTH);
        file.take(LENGTH as u64).read_to_end(&mut bytes).map_err(failed)?;
        Ok(Self::of(&bytes))
    }

    fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Empty;
        }
        if !bytes.starts_with(MAGIC) {
            return Self::Foreign("it is not a SQLite database");
        }
        match bytes.get(APPLICATION_ID_AT..APPLICATION_ID_AT + 4) {
            Some(id) if id == APPLICATION_ID.to_be_bytes() => {
                let mut schema = [0; 4];
                schema.copy_from_slice(&bytes[USER_VERSION_AT..USER_VERSION_AT + 4]);
                Self::Registry {
                    wal: bytes[WRITE_VERSION] == WRITE_VERSION_WAL,
                    schema: i64::from(i32::from_be_bytes(schema)),
                }
            }
            Some(_) => Self::Foreign("it is the SQLite database of another application"),
            None => Self::Foreign("it is the beginning of a SQLite database"),
        }
    }

    /// Refuses what is not a registry and cannot become one.
    pub(super) fn accept(self, path: &Path) -> Result<Self, StoreError> {
        match self {
            Self::Foreign(what) => Err(StoreError::at_path(Fault::Foreign(what.to_owned()), path)),
            other => Ok(other),
        }
    }
}

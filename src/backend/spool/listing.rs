//! What waits in the spool.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Spool, SpoolError, SpoolState, failed, in_state, state_of};
use crate::model::IterationRecord;
use crate::wire::record_file::{self, Destination};

/// The records that wait, and the files that are not records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The records, the oldest first.
    pub records: Vec<SpooledRecord>,
    /// Files that no record could be read from; they stay where they are.
    pub unreadable: Vec<UnreadableFile>,
}

/// A record that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct SpooledRecord {
    /// Its file.
    pub path: PathBuf,
    /// What is known of its image.
    pub state: SpoolState,
    /// The record.
    pub record: IterationRecord,
    /// The URL of the registry that it is meant for, where its file says it.
    pub registry: Option<String>,
    /// The project there, by its name or id, where its file says it.
    pub project: Option<String>,
}

/// A file that no record could be read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    /// The file.
    pub path: PathBuf,
    /// Why not, and what can be done.
    pub cause: String,
}

impl Spool {
    /// What waits in the folder; nothing where there is no folder. Files that are still being written are not shown.
    ///
    /// # Errors
    /// [`SpoolError::Io`] when the folder cannot be read.
    pub fn list(&self) -> Result<Listing, SpoolError> {
        let unreadable = || failed("read the folder", &self.folder);
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Listing::default()),
            Err(error) => return Err(unreadable()(error)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            paths.push(entry.map_err(unreadable())?.path());
        }
        // By name is by time.
        paths.sort();
        let mut listing = Listing::default();
        for path in paths.iter().filter(|path| state_of(path).is_some()) {
            match Self::read(path) {
                Ok(record) => listing.records.push(record),
                // Another process has pushed it, or noted a later state, since the folder was read.
                Err(_) if !path.exists() => {}
                Err(unreadable) => listing.unreadable.push(unreadable),
            }
        }
        Ok(listing)
    }

    /// The file of the record `name`, whatever has become known of its image since it was named so.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        let named = self.folder.join(name);
        SpoolState::ALL.into_iter().map(|state| in_state(&named, state)).find(|path| path.is_file())
    }

    /// The record in one file, in this folder or another one, for example one that a CI job kept.
    ///
    /// # Errors
    /// [`UnreadableFile`] when no record can be read from it.
    pub fn read(path: &Path) -> Result<SpooledRecord, UnreadableFile> {
        let unreadable = |cause| UnreadableFile { path: path.to_owned(), cause };
        let bytes = bytes(path).map_err(|error| unreadable(error.to_string()))?;
        let (record, destination) = record_file::decode(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let state = state_of(path).unwrap_or(SpoolState::Unconfirmed);
        let Destination { registry, project } = destination;
        Ok(SpooledRecord { path: path.to_owned(), state, record, registry, project })
    }
}

/// The bytes of a regular file: to open anything else could take for ever.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    // One byte more than a record may have, so that one that has too many is refused and not cut.
    File::open(path)?.take(record_file::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

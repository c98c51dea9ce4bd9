//! Records that no registry has taken yet: a folder of plain files, one for each record.
//!
//! A file appears whole and synced, or not at all. What happened to its image is in the end of its name
//! ([`SpoolState`]), so that noting it is one rename; a file is removed only after a registry has its record. No locks:
//! whoever pushes and the plugin that still runs may meet at any step, and the worst is that a record is pushed twice,
//! which changes nothing.

mod file_name;
mod listing;
mod push;

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

pub use file_name::SpoolState;
use file_name::{in_state, state_of};
pub use listing::{Listing, SpooledRecord, UnreadableFile};
pub use push::Outcome;

use crate::model::IterationRecord;
use crate::wire::record_file::{self, Destination};

/// Bytes that [`Spool::check_writable`] writes: more than a small record, so that a full disk shows.
const TRIAL: usize = 64 * 1024;

/// The folder of records that wait.
#[derive(Clone, Debug)]
pub struct Spool {
    folder: PathBuf,
    /// Where the records that are written shall go.
    destination: Destination,
}

/// A record that was written to the spool.
#[derive(Clone, Debug)]
pub struct SpooledPath {
    /// Its file as it was written; once its state is noted, the end of its name is another.
    path: PathBuf,
    /// What the file holds: if it was pushed in the meantime, its state has to be pushed after it.
    bytes: Arc<[u8]>,
}

impl SpooledPath {
    /// The folder it waits in. This is what to tell a person: the file's name changes once more is known of the image.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

impl fmt::Display for SpooledPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

/// Why the spool did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The system refuses.
    #[error("cannot {action} {}: {source}{}", path.display(), way_out(source))]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The record has no file form.
    #[error("the record cannot be written: {0}")]
    Record(record_file::DecodeError),
}

/// What to do where there is no room.
fn way_out(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "; free some space there, or let PACKER_REGISTRY_SPOOL name a folder on another disk"
        }
        _ => "",
    }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SpoolError {
    let path = path.to_owned();
    move |source| SpoolError::Io { action, path, source }
}

impl Spool {
    /// The spool in `folder`. Nothing is read or created yet.
    pub fn open(folder: PathBuf) -> Self {
        Self { folder, destination: Destination::default() }
    }

    /// The same spool, for records that the registry with this URL did not take.
    #[must_use]
    pub fn meant_for(self, registry: Option<String>) -> Self {
        Self { destination: Destination { registry, ..self.destination }, ..self }
    }

    /// The same spool, for records that shall go into this project there.
    #[must_use]
    pub fn in_project(self, project: Option<String>) -> Self {
        Self { destination: Destination { project, ..self.destination }, ..self }
    }

    /// Makes the folder if it is missing, and writes a file to it that is removed again.
    ///
    /// # Errors
    /// [`SpoolError::Io`] when a record could not be written either.
    pub fn check_writable(&self) -> Result<(), SpoolError> {
        self.create_folder()?;
        let trial = self.unfinished_path();
        let written = write_synced(&trial, &[b' '; TRIAL]);
        let removed = if trial.exists() { fs::remove_file(&trial) } else { Ok(()) };
        written.and(removed.map_err(failed("remove", &trial)))
    }

    /// Writes `record`, unconfirmed; when this returns, it is on the disk.
    ///
    /// # Errors
    /// [`SpoolError`] when it is not.
    pub fn write(&self, record: &IterationRecord) -> Result<SpooledPath, SpoolError> {
        let reserved = self.reserve(record)?;
        self.place(&reserved.path, &reserved.bytes)?;
        Ok(reserved)
    }

    /// Where `record` would be written; nothing is. What becomes of its image can be noted there all the same.
    ///
    /// # Errors
    /// [`SpoolError::Record`] when it has no file form.
    pub fn reserve(&self, record: &IterationRecord) -> Result<SpooledPath, SpoolError> {
        let bytes = record_file::encode(record, &self.destination).map_err(SpoolError::Record)?;
        let path = self.folder.join(file_name::new(record, SpoolState::Unconfirmed));
        Ok(SpooledPath { path, bytes: bytes.into() })
    }

    /// Removes a record that the registry has, and of which it knows `state`. What was noted later stays.
    ///
    /// # Errors
    /// [`SpoolError::Io`]; to push it again changes nothing.
    pub fn delivered(&self, spooled: &SpooledPath, state: SpoolState) -> Result<bool, SpoolError> {
        self.remove(&in_state(&spooled.path, state))
    }

    /// Notes that Packer took the answer.
    ///
    /// # Errors
    /// [`SpoolError`] when the note cannot be written; the record itself stays as it was.
    pub fn confirm(&self, spooled: &SpooledPath) -> Result<(), SpoolError> {
        self.note(spooled, SpoolState::Confirmed)
    }

    /// Notes that Packer destroyed the artifact.
    ///
    /// # Errors
    /// [`SpoolError`] when the note cannot be written; the record itself stays as it was.
    pub fn mark_destroyed(&self, spooled: &SpooledPath) -> Result<(), SpoolError> {
        self.note(spooled, SpoolState::Destroyed)
    }

    /// Removes a record's file; `false` when it is gone already, for example because another process pushed it.
    ///
    /// # Errors
    /// [`SpoolError::Io`].
    pub fn remove(&self, path: &Path) -> Result<bool, SpoolError> {
        match fs::remove_file(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("remove", path)(error)),
        }
    }

    /// Notes what became of the image, by renaming the file. Where it is gone, the record was pushed in an earlier state:
    /// then it is written anew, so that the next push tells the registry what became of the image.
    ///
    /// # Errors
    /// [`SpoolError`] when the note cannot be written; the record itself stays as it was.
    pub fn note(&self, spooled: &SpooledPath, state: SpoolState) -> Result<(), SpoolError> {
        let target = in_state(&spooled.path, state);
        if SpoolState::ALL.iter().filter(|other| **other >= state).any(|other| in_state(&spooled.path, *other).exists())
        {
            return Ok(());
        }
        for earlier in SpoolState::ALL.iter().filter(|other| **other < state) {
            match fs::rename(in_state(&spooled.path, *earlier), &target) {
                Ok(()) => {
                    sync_names(&self.folder);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed("rename", &target)(error)),
            }
        }
        self.place(&target, &spooled.bytes)
    }

    /// Puts a file into the folder, whole and synced.
    fn place(&self, path: &Path, bytes: &[u8]) -> Result<(), SpoolError> {
        self.create_folder()?;
        let unfinished = self.unfinished_path();
        let placed = write_synced(&unfinished, bytes)
            .and_then(|()| fs::rename(&unfinished, path).map_err(failed("write", path)));
        match placed {
            Ok(()) => sync_names(&self.folder),
            // What is left of it is not a record, and the error that counts is the one before.
            Err(_) => drop(fs::remove_file(&unfinished)),
        }
        placed
    }

    /// Makes the folder, for this user alone; its own name has to be durable too.
    fn create_folder(&self) -> Result<(), SpoolError> {
        if self.folder.is_dir() {
            return Ok(());
        }
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder).map_err(failed("create the folder", &self.folder))?;
        self.folder.parent().map(sync_names);
        Ok(())
    }

    /// A name that no listing shows.
    fn unfinished_path(&self) -> PathBuf {
        self.folder.join(format!("{}{}", file_name::UNFINISHED, Uuid::new_v4().simple()))
    }
}

/// Makes the names in `folder` durable, as far as the system lets us: Windows has no such call, some network file systems
/// refuse it, and a folder that may not be read cannot be opened for it. The file is there all the same, and to call it
/// lost would cost an image.
fn sync_names(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Writes a new file for this user alone.
fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), SpoolError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(failed("write", path))
}

#[cfg(test)]
mod tests;

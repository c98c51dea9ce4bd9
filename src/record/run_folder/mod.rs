//! The folder in which the processes of one run leave notes for each other.
//!
//! Packer starts a process for each build and each data source, and tells them nothing of each other but the run's name
//! in `PACKER_RUN_UUID`. Under `<state>/packer-plugin-registry/runs/<run UUID>/` they note which builds there are
//! ([`claim`]), which fingerprint they share, and what data sources handed out ([`parent`]). Notes appear whole or not
//! at all ([`note`]), so that no process ever waits for another.

mod claim;
mod note;
mod parent;
mod sweep;

use std::io;
use std::path::{Path, PathBuf};

use ulid::Ulid;
use uuid::Uuid;

pub use claim::ClaimError;
pub use parent::HandedOut;

use crate::model::{BucketName, ComponentType, Fingerprint, ParentIteration, RunUuid, Timestamp};

/// The folder of one run. Nothing is created before there is something to note.
#[derive(Clone, Debug)]
pub struct RunFolder {
    runs: PathBuf,
    folder: PathBuf,
    run_uuid: RunUuid,
    /// Which process this is.
    process: u32,
}

impl RunFolder {
    /// The folder of the run `run_uuid` among `runs`.
    pub fn new(runs: &Path, run_uuid: &RunUuid) -> Self {
        let process = std::process::id();
        let folder = runs.join(uuid_of(run_uuid).hyphenated().to_string());
        Self { runs: runs.to_owned(), folder, run_uuid: run_uuid.clone(), process }
    }

    /// Claims the build `component_type` of `bucket` for this process; to claim it again changes nothing.
    ///
    /// # Errors
    /// [`ClaimError::Taken`] when another process of the run has claimed it, [`ClaimError::Unwritable`] when the
    /// folder cannot be written.
    pub fn claim(&self, bucket: &BucketName, component_type: &ComponentType, now: Timestamp) -> Result<(), ClaimError> {
        self.start(now).map_err(|source| ClaimError::Unwritable { folder: self.folder.clone(), source })?;
        claim::claim(&self.folder, self.process, bucket, component_type, now)
    }

    /// The builds of `bucket` that processes of the run have claimed so far, sorted; none where nothing can be read.
    pub fn claims(&self, bucket: &BucketName) -> Vec<ComponentType> {
        claim::claims(&self.folder, bucket)
    }

    /// The fingerprint that all processes of the run use for `bucket`: a ULID, made by the first that asks.
    ///
    /// Where the folder cannot be written it is [`fingerprint_of`] the run, on which processes agree without a note.
    pub fn fingerprint(&self, bucket: &BucketName, now: Timestamp) -> Fingerprint {
        self.shared_fingerprint(bucket, now).unwrap_or_else(|| fingerprint_of(&self.run_uuid))
    }

    fn shared_fingerprint(&self, bucket: &BucketName, now: Timestamp) -> Option<Fingerprint> {
        let path = self.folder.join(format!("fingerprint-{bucket}"));
        let noted = || Fingerprint::parse(note::read(&path).ok()?).ok();
        noted().or_else(|| {
            let random = Uuid::new_v4().as_u128();
            let mine = Ulid::from_parts(u64::try_from(now.0).unwrap_or_default(), random).to_string();
            self.start(now).ok()?;
            // Whether this process came first or not, the note that is there is the one that counts.
            note::publish(&path, &mine).ok()?;
            noted()
        })
    }

    /// Whether this process is the first of the run that asks to do `what`, a file name; only the first is told so.
    pub fn is_first_to(&self, what: &str, now: Timestamp) -> bool {
        let noted = self.start(now).and_then(|()| note::publish(&self.folder.join(what), &self.process.to_string()));
        noted.unwrap_or(false)
    }

    /// Notes what a data source handed out, so that a build from it can name its parent.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn note_parent(&self, handed_out: &HandedOut) -> io::Result<()> {
        parent::note(&self.folder, handed_out)
    }

    /// The iterations that data sources of the run handed out `source` of, sorted; none where nothing can be read.
    pub fn parents_of(&self, source: &str) -> Vec<ParentIteration> {
        parent::parents_of(&self.folder, source)
    }

    /// Removes folders of runs that started two weeks before `now` or earlier, a few at each call.
    pub fn sweep(&self, now: Timestamp) {
        sweep::sweep(&self.runs, &self.folder, now);
    }

    /// Makes the folder, and notes when the run started.
    fn start(&self, now: Timestamp) -> io::Result<()> {
        note::create_folder(&self.folder)?;
        note::publish(&self.folder.join(sweep::STARTED), &now.0.to_string()).map(drop)
    }
}

/// The fingerprint on which all processes of a run agree without talking: the 128 bits of its UUID as a ULID.
pub fn fingerprint_of(run_uuid: &RunUuid) -> Fingerprint {
    let ulid = Ulid::from_bytes(uuid_of(run_uuid).into_bytes()).to_string();
    Fingerprint::parse(ulid).expect("26 letters and digits are a fingerprint")
}

fn uuid_of(run_uuid: &RunUuid) -> Uuid {
    Uuid::parse_str(run_uuid.as_str()).expect("a RunUuid was parsed as a UUID when it was made")
}

#[cfg(test)]
mod tests;

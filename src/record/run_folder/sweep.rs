//! Removal of the folders of runs that are over.

use std::fs::{self, DirEntry};
use std::path::Path;
use std::time::UNIX_EPOCH;

use uuid::Uuid;

use super::note;
use crate::model::Timestamp;

/// The note of when a run started: milliseconds since the Unix epoch.
pub(super) const STARTED: &str = "started";
/// From this age on a run counts as over: two weeks, longer than any build lasts.
const MAX_AGE_MILLISECONDS: i64 = 14 * 24 * 60 * 60 * 1000;
/// Folders that are looked at in one call.
const MAX_LOOKED_AT: usize = 1000;
/// Folders that are removed in one call: builds do not wait for house-keeping.
const MAX_REMOVED: usize = 20;

/// What cannot be read or removed is left to the next run: nothing depends on it.
pub(super) fn sweep(runs: &Path, own: &Path, now: Timestamp) {
    let Ok(entries) = fs::read_dir(runs) else { return };
    let over = entries
        .take(MAX_LOOKED_AT)
        .filter_map(Result::ok)
        .filter(|entry| is_run(entry) && entry.path() != own)
        .filter(|entry| started(entry).is_some_and(|start| now.0.saturating_sub(start.0) > MAX_AGE_MILLISECONDS));
    for entry in over.take(MAX_REMOVED) {
        let _ = fs::remove_dir_all(entry.path());
    }
}

/// Whether we made this folder; links are not followed.
fn is_run(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_dir())
        && entry.file_name().to_str().is_some_and(|name| Uuid::parse_str(name).is_ok())
}

/// When the run noted its start, and where no build did (only data sources ran), when its folder last changed.
fn started(entry: &DirEntry) -> Option<Timestamp> {
    if let Ok(text) = note::read(&entry.path().join(STARTED)) {
        return text.trim().parse().ok().map(Timestamp);
    }
    let changed = entry.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(changed.as_millis()).ok().map(Timestamp)
}

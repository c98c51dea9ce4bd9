//! Names of spooled records: `20261123T025319123Z-learn-packer-amazon-ebs.east-0123456789abcdef.confirmed.json` sorts
//! by time, and says which build it is and what became of its image.

use std::fmt;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::model::IterationRecord;

/// How the names of files begin that are not records yet.
pub(super) const UNFINISHED: char = '.';
/// Characters of the component type in a name; with all else it stays below the 255 bytes that file systems take.
const MAX_COMPONENT: usize = 80;
/// How the names of all records end.
const ENDING: &str = ".json";

/// What is known of the image of a spooled record; a later state replaces an earlier one, never the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpoolState {
    /// Packer was not seen to take the answer.
    Unconfirmed,
    /// Packer took the answer: the image is there to stay.
    Confirmed,
    /// Packer destroyed the image.
    Destroyed,
}

impl SpoolState {
    /// All of them, in their order.
    pub(super) const ALL: [Self; 3] = [Self::Unconfirmed, Self::Confirmed, Self::Destroyed];

    fn ending(self) -> &'static str {
        match self {
            Self::Unconfirmed => ENDING,
            Self::Confirmed => ".confirmed.json",
            Self::Destroyed => ".destroyed.json",
        }
    }
}

impl fmt::Display for SpoolState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Confirmed => "confirmed",
            Self::Destroyed => "destroyed",
        })
    }
}

/// A name that no other record has.
pub(super) fn new(record: &IterationRecord, state: SpoolState) -> String {
    let time: String = record.recorded_at.to_rfc3339().chars().filter(char::is_ascii_alphanumeric).collect();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let component: String =
        record.component_type.as_str().chars().take(MAX_COMPONENT).map(|c| if fits(c) { c } else { '_' }).collect();
    let mut unique = Uuid::new_v4().simple().to_string();
    unique.truncate(16);
    format!("{time}-{}-{component}-{unique}{}", record.bucket, state.ending())
}

/// The state that `path` tells, or `None` where it is not named like a record.
///
/// A component type cannot feign a state: the unique part stands behind it.
pub(super) fn state_of(path: &Path) -> Option<SpoolState> {
    let name = path.file_name()?.to_str()?;
    let later = SpoolState::ALL.into_iter().rev();
    later.into_iter().find(|state| !name.starts_with(UNFINISHED) && name.ends_with(state.ending()))
}

/// The path that the record of `path` has in `state`.
pub(super) fn in_state(path: &Path, state: SpoolState) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = state_of(path).map_or("", SpoolState::ending);
    path.with_file_name(format!("{}{}", name.strip_suffix(ending).unwrap_or(&name), state.ending()))
}

//! What the data sources of a run handed out: the parents of what is built from it.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::note;
use crate::model::{BucketName, ChannelName, Fingerprint, ParentIteration};

/// The folder of the notes.
const PARENTS: &str = "parents";
/// Stands in the place of what is not there.
const NONE: &str = "-";

/// An iteration that a data source handed out, with the identifiers that a template may use of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOut {
    /// Its bucket.
    pub bucket: BucketName,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Its id, a ULID.
    pub iteration_id: String,
    /// Its version number, where it is complete.
    pub version: Option<u32>,
    /// The channel that it was asked for by, if it was.
    pub channel: Option<ChannelName>,
    /// The identifiers of its images, in every region that the template may choose.
    pub external_identifiers: Vec<String>,
}

impl HandedOut {
    /// Five lines (bucket, fingerprint, id, version, channel), then one for each identifier. An identifier that has a
    /// line break is none, and is left out.
    fn to_note(&self) -> String {
        let Self { bucket, fingerprint, iteration_id, version, channel, external_identifiers } = self;
        let version = version.map_or(NONE.to_owned(), |version| version.to_string());
        let channel = channel.as_ref().map_or(NONE, ChannelName::as_str);
        let mut note = format!("{bucket}\n{fingerprint}\n{iteration_id}\n{version}\n{channel}\n");
        for identifier in external_identifiers.iter().filter(|identifier| !identifier.contains(['\n', '\r'])) {
            note.push_str(identifier);
            note.push('\n');
        }
        note
    }

    fn from_note(note: &str) -> Option<Self> {
        let mut lines = note.lines();
        Some(Self {
            bucket: BucketName::parse(lines.next()?).ok()?,
            fingerprint: Fingerprint::parse(lines.next()?).ok()?,
            iteration_id: lines.next()?.to_owned(),
            version: optional(lines.next()?, |text| text.parse().ok())?,
            channel: optional(lines.next()?, |text| ChannelName::parse(text).ok())?,
            external_identifiers: lines.map(str::to_owned).collect(),
        })
    }

    /// The iteration as the parent of what was built from `source`, if it handed that out.
    ///
    /// Azure returns its resource ids in other letter case than it was given, so case does not count.
    fn parent_of(self, source: &str) -> Option<ParentIteration> {
        let Self { bucket, fingerprint, iteration_id, version, channel, external_identifiers } = self;
        let external_identifier =
            external_identifiers.into_iter().find(|identifier| identifier.eq_ignore_ascii_case(source))?;
        Some(ParentIteration { bucket, fingerprint, iteration_id, version, channel, external_identifier })
    }
}

fn optional<T>(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text == NONE { Some(None) } else { parse(text).map(Some) }
}

/// The same hand-out again is the same note: data sources may be read any number of times.
pub(super) fn note(folder: &Path, handed_out: &HandedOut) -> io::Result<()> {
    let parents = folder.join(PARENTS);
    note::create_folder(&parents)?;
    let text = handed_out.to_note();
    let name: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    note::publish(&parents.join(name), &text).map(drop)
}

pub(super) fn parents_of(folder: &Path, source: &str) -> Vec<ParentIteration> {
    if source.is_empty() {
        return Vec::new();
    }
    let mut parents: Vec<ParentIteration> = note::read_all(&folder.join(PARENTS))
        .iter()
        .filter_map(|text| HandedOut::from_note(text)?.parent_of(source))
        .collect();
    let key = |parent: &ParentIteration| {
        (parent.bucket.clone(), parent.fingerprint.clone(), parent.channel.is_none(), parent.channel.clone())
    };
    parents.sort_by_key(key);
    // Asked for twice, by channel and by fingerprint, it is still one parent; the channel tells more.
    parents.dedup_by_key(|parent| (parent.bucket.clone(), parent.fingerprint.clone()));
    parents
}

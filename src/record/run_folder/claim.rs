//! Which builds a run has: each claims its name, and no two may have the same.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::note;
use crate::model::{BucketName, ComponentType, Timestamp};

/// The folder of the claims.
const CLAIMS: &str = "claims";

/// Why a build could not be claimed.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// Another process of the run has the same name.
    #[error(
        "component_type: another build of this run (process {holder}) also records as {component_type} in bucket \
         {bucket}, and the two could not be told apart; give each a name of its own: \
         component_type = \"${{build.name}}.${{source.type}}.${{source.name}}\""
    )]
    Taken {
        /// The bucket.
        bucket: BucketName,
        /// The name that both have.
        component_type: ComponentType,
        /// The process that came first.
        holder: String,
    },
    /// The folder of the run cannot be written.
    #[error(
        "the builds of a run note their names in {}, which cannot be written: {source}; make it writable, or set \
         XDG_STATE_HOME to a folder that is", folder.display()
    )]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// One claim: four lines, namely bucket, component type, process id and milliseconds since the Unix epoch.
struct Claim {
    bucket: String,
    component_type: String,
    process: String,
}

impl Claim {
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::to_owned);
        Some(Self { bucket: lines.next()?, component_type: lines.next()?, process: lines.next()? })
    }
}

pub(super) fn claim(
    folder: &Path,
    process: u32,
    bucket: &BucketName,
    component_type: &ComponentType,
    now: Timestamp,
) -> Result<(), ClaimError> {
    let unwritable = |source| ClaimError::Unwritable { folder: folder.to_owned(), source };
    let claims = folder.join(CLAIMS);
    note::create_folder(&claims).map_err(unwritable)?;
    let path = claims.join(file_name(bucket, component_type));
    let text = format!("{bucket}\n{component_type}\n{process}\n{}\n", now.0);
    if note::publish(&path, &text).map_err(unwritable)? {
        return Ok(());
    }
    let holder = note::read(&path).ok().and_then(|text| Claim::parse(&text)).map(|claim| claim.process);
    if holder.as_deref() == Some(process.to_string().as_str()) {
        return Ok(());
    }
    let holder = holder.unwrap_or_else(|| "unknown".to_owned());
    Err(ClaimError::Taken { bucket: bucket.clone(), component_type: component_type.clone(), holder })
}

pub(super) fn claims(folder: &Path, bucket: &BucketName) -> Vec<ComponentType> {
    let mut claimed: Vec<ComponentType> = note::read_all(&folder.join(CLAIMS))
        .iter()
        .filter_map(|text| Claim::parse(text))
        .filter(|claim| claim.bucket == bucket.as_str())
        .filter_map(|claim| ComponentType::parse(claim.component_type).ok())
        .collect();
    claimed.sort();
    claimed
}

/// A name that every file system takes, and that differs in more than case where the two names do.
fn file_name(bucket: &BucketName, component_type: &ComponentType) -> String {
    let digest = Sha256::digest(format!("{bucket}\n{component_type}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

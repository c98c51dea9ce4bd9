//! An iteration record as a file: JSON, with the number of its format.
//!
//! The rule for older and newer readers:
//!
//! - What an older reader may ignore is added as a field with a default, and [`FORMAT`] stays: unknown fields are passed
//!   over, so both read each other's files.
//! - What an older reader must not ignore raises [`FORMAT`]: it refuses the file, names the way out, and leaves it alone.
//! - A format that was ever released is read for ever. No field is renamed or given another meaning.
//!
//! Times are milliseconds since the Unix epoch, UTC.

mod shape;

use crate::model::{InvalidName, IterationRecord};

/// The number of the format that is written.
pub const FORMAT: u32 = 1;
/// Bytes of a file that are read or written: ten thousand files, the most that are listed, fit with paths of 4 KiB.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Why bytes are not a record that can be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// There is too much of it.
    #[error("it has more than {} MiB, which no record has", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// A newer version wrote it.
    #[error(
        "it was written by a newer version (format {format}; this version reads up to {FORMAT}); update \
         packer-plugin-registry, then try again"
    )]
    Newer {
        /// The number of its format.
        format: u32,
    },
    /// It is something else.
    #[error("it is not a record: {0}")]
    NotARecord(String),
    /// A name in it does not fit the rule.
    #[error("{field}: {fault}")]
    InvalidName {
        /// Where the name stands.
        field: &'static str,
        /// The rule.
        fault: InvalidName,
    },
}

/// Where a record shall go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destination {
    /// The URL of the registry, where it is known.
    pub registry: Option<String>,
    /// The project there, by its name or id, where one was chosen.
    pub project: Option<String>,
}

/// The bytes of a file that holds `record` and where it shall go.
///
/// # Errors
/// [`DecodeError::TooLarge`] for a record that could not be read again.
pub fn encode(record: &IterationRecord, destination: &Destination) -> Result<Vec<u8>, DecodeError> {
    let mut bytes = serde_json::to_vec_pretty(&shape::RecordFile::new(record, destination))
        .map_err(|error| DecodeError::NotARecord(error.to_string()))?;
    bytes.push(b'\n');
    if bytes.len() > MAX_BYTES { Err(DecodeError::TooLarge) } else { Ok(bytes) }
}

/// The record in the bytes of a file, and where it shall go, as far as the file says it.
///
/// # Errors
/// [`DecodeError`] when there is none that this version understands.
pub fn decode(bytes: &[u8]) -> Result<(IterationRecord, Destination), DecodeError> {
    if bytes.len() > MAX_BYTES {
        return Err(DecodeError::TooLarge);
    }
    let not_a_record = |error: serde_json::Error| DecodeError::NotARecord(error.to_string());
    let shape::Head { format, registry, project } = serde_json::from_slice(bytes).map_err(not_a_record)?;
    match format {
        FORMAT => {
            let file = serde_json::from_slice::<shape::RecordFile>(bytes).map_err(not_a_record)?;
            Ok((file.try_into()?, Destination { registry, project }))
        }
        0 => Err(DecodeError::NotARecord("there is no format 0".to_owned())),
        format => Err(DecodeError::Newer { format }),
    }
}

#[cfg(test)]
mod tests;

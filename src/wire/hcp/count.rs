//! Numbers of 64 bits, which are strings in JSON: a client that gets a number instead cannot read the message.

use serde::Serializer;

/// Writes a count as a string.
///
/// # Errors
/// Those of the writer.
pub fn as_text<S: Serializer>(count: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(count)
}

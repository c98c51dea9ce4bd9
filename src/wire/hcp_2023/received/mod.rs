//! Answers as a client reads them: whoever serves the API may leave out what is not set, or say `null`.

mod governed;
mod version;

pub use governed::{ReceivedArtifactMatch, ReceivedRegistry, ReceivedRelation, ReceivedSbom};
pub use version::{ReceivedAssignment, ReceivedBucket, ReceivedBuild, ReceivedChannel, ReceivedVersion};

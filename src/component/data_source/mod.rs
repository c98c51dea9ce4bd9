//! The data sources: what a template reads back from the registry.

mod artifact;
mod iteration;
mod lookup;

pub(super) use artifact::ArtifactSource;
pub(super) use iteration::IterationSource;

use super::Context;
use crate::model::{ArtifactQuery, ChannelName, Iteration};
use crate::record::run_folder::HandedOut;

/// Notes in the run folder what was handed out, so that a build from it can name its parent.
///
/// # Errors
/// When the run folder cannot be written: a build from this image would lose its ancestry.
fn noted_parent(
    context: &Context,
    iteration: &Iteration,
    channel: Option<ChannelName>,
    query: &ArtifactQuery,
) -> Result<(), String> {
    let external_identifiers =
        query.matches(iteration).into_iter().map(|found| found.artifact.external_identifier.clone()).collect();
    context
        .run_folder()?
        .note_parent(&HandedOut {
            bucket: iteration.bucket.clone(),
            fingerprint: iteration.fingerprint.clone(),
            iteration_id: iteration.id.to_string(),
            version: iteration.version,
            channel,
            external_identifiers,
        })
        .map_err(|error| format!("cannot note the parent iteration for this run: {error}"))
}

//! What is told of iterations that are not there, or not complete: clients know these answers by their code and words.

use std::fmt;

use super::{Call, Fault};
use crate::model::{BucketName, Iteration, IterationSelector, IterationStatus};
use crate::registry::store::Store;
use crate::registry::{RegistryError, Service};
use crate::wire::hcp::Code;

/// An iteration that a call asks for.
#[derive(Clone, Copy)]
pub(in crate::api) struct Wanted<'a> {
    /// What this version of the API calls an iteration.
    pub(in crate::api) noun: &'static str,
    pub(in crate::api) bucket: &'a BucketName,
    pub(in crate::api) selector: &'a IterationSelector,
}

/// Why an iteration could not be read. Where the bucket is there and the iteration is not, that is `Aborted`: the only code
/// at which Packer creates the iteration; any other ends the build.
pub(in crate::api) async fn without_iteration<S: Store>(
    service: &Service<S>,
    call: &Call,
    wanted: Wanted<'_>,
    error: RegistryError,
) -> Fault {
    match error {
        RegistryError::NotFound { .. } => match service.bucket(&call.caller, wanted.bucket).await {
            Ok(_) => Fault::new(Code::Aborted, wanted.is_missing()),
            Err(error) => call.failed(error),
        },
        error => call.failed(error),
    }
}

/// Why a channel could not be pointed at an iteration; `doing` is what was done, such as `creating channel`.
pub(in crate::api) async fn unassignable<S: Store>(
    service: &Service<S>,
    call: &Call,
    wanted: Wanted<'_>,
    doing: &str,
    error: RegistryError,
) -> Fault {
    if !matches!(error, RegistryError::NotFound { .. } | RegistryError::Refused(_)) {
        return call.failed(error);
    }
    let asked = vec![(wanted.bucket.clone(), wanted.selector.clone())];
    let found = service.several_iterations(&call.caller, asked).await;
    match (found.map(|mut found| found.pop().flatten()), &error) {
        (Ok(None), RegistryError::NotFound { .. }) => match service.bucket(&call.caller, wanted.bucket).await {
            Ok(_) => Fault::new(Code::NotFound, wanted.is_missing()),
            Err(error) => call.failed(error),
        },
        (Ok(Some(iteration)), RegistryError::Refused(_)) if iteration.status == IterationStatus::Incomplete => {
            Fault::new(Code::FailedPrecondition, incomplete(doing, &iteration))
        }
        (Err(error), _) => call.failed(error),
        _ => call.failed(error),
    }
}

/// An iteration that somebody says is complete. Mostly it is so by itself, once its builds are done; where the others were
/// deleted, it becomes so by being asked for.
pub(in crate::api) async fn completed<S: Store>(
    service: &Service<S>,
    call: &Call,
    wanted: Wanted<'_>,
) -> Result<Iteration, Fault> {
    let completed = service.complete_done_iteration(&call.caller, wanted.bucket, wanted.selector).await;
    match completed.map_err(|error| call.failed(error))? {
        iteration if iteration.version.is_none() => Err(uncompletable(wanted.noun, &iteration)),
        iteration => Ok(iteration),
    }
}

fn uncompletable(noun: &str, iteration: &Iteration) -> Fault {
    let missing: Vec<&str> = iteration.missing.iter().map(|component| component.as_str()).collect();
    let missing =
        if missing.is_empty() { "it has no build".to_owned() } else { format!("it misses {}", missing.join(", ")) };
    let message = format!(
        "{noun} {} cannot be complete: {missing}; it will be once all of its builds are done",
        iteration.fingerprint
    );
    Fault::new(Code::FailedPrecondition, message)
}

impl Wanted<'_> {
    fn is_missing(&self) -> String {
        format!("{self} does not exist; list the {}s to see which there are", self.noun)
    }
}

/// As clients compare it.
impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { noun, selector, .. } = self;
        match selector {
            IterationSelector::Fingerprint(fingerprint) => {
                write!(f, "{noun} with fingerprint (fingerprint: {fingerprint})")
            }
            IterationSelector::Id(id) => write!(f, "{noun} with id (id: {id})"),
            IterationSelector::Version(number) => write!(f, "{noun} with version (version: v{number})"),
            IterationSelector::Channel(name) => write!(f, "{noun} behind channel (channel: {name})"),
        }
    }
}

fn incomplete(doing: &str, iteration: &Iteration) -> String {
    let missing: Vec<&str> = iteration.missing.iter().map(|component| component.as_str()).collect();
    let missing = if missing.is_empty() { "any build".to_owned() } else { missing.join(", ") };
    format!(
        "Error {doing}: iteration is incomplete. It misses {missing}; go on with \
         HCP_PACKER_BUILD_FINGERPRINT={} packer build",
        iteration.fingerprint.as_word()
    )
}

use super::RequestId;
use crate::registry::RegistryError;
use crate::registry::store::{Fault, StoreError};

/// Why the registry did not do what a call asked for, in the words that the caller is told.
///
/// Causes that are ours are logged here, and only the request's id is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    pub(super) message: String,
}

/// What kind of failure it is; each programming interface has a code for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    NotFound,
    Refused,
    Exists,
    Denied,
    /// It was not done, and may be tried again.
    Unavailable,
    /// Whether it was done is not known.
    Uncertain,
    Internal,
}

impl Failure {
    /// What is told of `error` in the request with this id.
    pub(super) fn of(error: &RegistryError, id: &RequestId) -> Self {
        let (kind, message) = match error {
            RegistryError::NotFound { .. } => (FailureKind::NotFound, error.to_string()),
            RegistryError::Refused(message) => (FailureKind::Refused, message.clone()),
            RegistryError::Exists(message) => (FailureKind::Exists, message.clone()),
            RegistryError::Denied(denied) => (FailureKind::Denied, denied.to_string()),
            RegistryError::Store(fault) => of_store(fault, id),
        };
        Self { kind, message }
    }
}

fn of_store(error: &StoreError, id: &RequestId) -> (FailureKind, String) {
    match error.fault() {
        Fault::Busy | Fault::Cancelled | Fault::Conflict(_) => {
            tracing::warn!(request_id = %id, cause = %error, "the store is busy");
            (FailureKind::Unavailable, format!("the registry is busy; try again (request {id})"))
        }
        Fault::Full => {
            tracing::error!(request_id = %id, cause = %error, "the store cannot grow");
            let message = format!(
                "the disk of the registry is full, so nothing can be recorded until whoever runs it makes room (request {id})"
            );
            (FailureKind::Unavailable, message)
        }
        Fault::ReadOnly | Fault::Io(_) | Fault::CannotOpen(_) | Fault::Tls(_) | Fault::Absent => {
            tracing::error!(request_id = %id, cause = %error, "the store cannot be used");
            let message =
                format!("the registry cannot read or write its database now; the server's log says why (request {id})");
            (FailureKind::Unavailable, message)
        }
        Fault::Unreachable(_) => {
            tracing::error!(request_id = %id, cause = %error, "the store cannot be reached");
            let message =
                format!("the registry does not reach its database now; the server's log says why (request {id})");
            (FailureKind::Unavailable, message)
        }
        Fault::Uncertain(_) => {
            tracing::error!(request_id = %id, cause = %error, "the store was lost while it wrote");
            (FailureKind::Uncertain, format!("the registry lost its database while it wrote (request {id})"))
        }
        _ => {
            tracing::error!(request_id = %id, cause = %error, "the store failed");
            (FailureKind::Internal, format!("a fault of the server; its log says more (request {id})"))
        }
    }
}

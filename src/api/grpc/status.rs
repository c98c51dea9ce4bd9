use std::time::Duration;

use tonic::{Code, Status};

use crate::api::RequestId;
use crate::api::failure::{Failure, FailureKind};
use crate::model::NoSingleMatch;
use crate::registry::RegistryError;
use crate::wire::grpc::{Details, encode_details};

/// Bytes of a message: it travels in a header, percent-encoded.
const MAX_MESSAGE: usize = 1024;

/// The one way from an error of the registry to the error of a call.
pub(super) fn of(error: &RegistryError, id: &RequestId) -> Status {
    let Failure { kind, message } = Failure::of(error, id);
    let code = match kind {
        FailureKind::NotFound => Code::NotFound,
        FailureKind::Refused => Code::FailedPrecondition,
        FailureKind::Exists => Code::AlreadyExists,
        FailureKind::Denied => Code::PermissionDenied,
        FailureKind::Unavailable => Code::Unavailable,
        FailureKind::Uncertain => Code::Aborted,
        FailureKind::Internal => Code::Internal,
    };
    match kind {
        FailureKind::Unavailable => try_again(code, &bounded(message), Duration::ZERO),
        _ => Status::new(code, bounded(message)),
    }
}

/// The answer to a request that is not what the API says.
#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
pub(super) fn malformed(fault: impl ToString) -> Status {
    Status::invalid_argument(bounded(fault.to_string()))
}

/// The answer where a query has no single artifact: what there is comes in the details.
pub(super) fn no_single_artifact(fault: NoSingleMatch) -> Status {
    let code = match fault {
        NoSingleMatch::Missing { .. } => Code::NotFound,
        NoSingleMatch::Ambiguous { .. } => Code::FailedPrecondition,
    };
    let message = bounded(fault.to_string());
    let details = Details { no_single_artifact: Some(fault.into()), ..Details::default() };
    let bytes = encode_details(code.into(), "", &details);
    Status::with_details(code, message, bytes.into())
}

/// The answer to what is too much at once.
pub(super) fn too_much(message: &str, retry_after: Duration) -> Status {
    try_again(Code::ResourceExhausted, message, retry_after)
}

/// The answer where nothing was done, and when it may be tried again. Only we say the latter: by that, clients tell us from a
/// proxy that does not know whether anything was done.
fn try_again(code: Code, message: &str, retry_after: Duration) -> Status {
    let details = Details { retry_after: Some(retry_after), ..Details::default() };
    let bytes = encode_details(code.into(), "", &details);
    Status::with_details(code, message, bytes.into())
}

fn bounded(mut message: String) -> String {
    if message.len() > MAX_MESSAGE {
        message.truncate(message.floor_char_boundary(MAX_MESSAGE));
        message.push('…');
    }
    message
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    #[test]
    fn what_a_person_asked_for_and_what_they_may_not_are_told_in_full() {
        let id = RequestId::of(&HeaderMap::new());
        let missing = RegistryError::NotFound { what: "bucket web".to_owned(), way_out: "there are: app".to_owned() };
        let status = of(&missing, &id);
        assert_eq!((status.code(), status.message()), (Code::NotFound, "bucket web does not exist; there are: app"));
        let status = of(&RegistryError::Refused("too long".to_owned()), &id);
        assert_eq!((status.code(), status.message()), (Code::FailedPrecondition, "too long"));
    }

    #[test]
    fn a_message_stays_small_enough_for_a_header() {
        let id = RequestId::of(&HeaderMap::new());
        let status = of(&RegistryError::Refused("ä".repeat(MAX_MESSAGE)), &id);
        assert!(status.message().len() <= MAX_MESSAGE + 3 && status.message().ends_with('…'));
    }
}

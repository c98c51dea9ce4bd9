use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::api::RequestId;
use crate::api::failure::{Failure, FailureKind};
use crate::registry::RegistryError;
use crate::wire::hcp::{Code, Status};

/// Seconds after which it may be tried again what cannot be done now.
const SOON: u64 = 1;

/// The answer to a call that was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::api) struct Fault {
    code: Code,
    message: String,
    /// The status of HTTP: that which goes with the code, mostly.
    status: StatusCode,
    /// Seconds after which it may be tried again, where that helps.
    retry_after: Option<u64>,
}

impl Fault {
    /// A fault of this kind, in words that name the input at fault and the way out.
    pub(in crate::api) fn new(code: Code, message: impl Into<String>) -> Self {
        let retry_after = (code == Code::Unavailable).then_some(SOON);
        let status = StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { code, message: message.into(), status, retry_after }
    }

    /// The body of the request is too large.
    pub(in crate::api) fn too_large(message: impl Into<String>) -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, ..Self::new(Code::InvalidArgument, message) }
    }

    /// It is too much at once, and may be tried again after `wait`.
    pub(in crate::api) fn later(wait: Duration, message: impl Into<String>) -> Self {
        Self { retry_after: Some(wait.as_secs() + 1), ..Self::new(Code::ResourceExhausted, message) }
    }

    /// The request is not what the API says.
    #[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
    pub(in crate::api) fn invalid(fault: impl ToString) -> Self {
        Self::new(Code::InvalidArgument, fault.to_string())
    }

    /// The registry did not do what the request with this id asks for.
    pub(in crate::api) fn of(error: &RegistryError, id: &RequestId) -> Self {
        let Failure { kind, message } = Failure::of(error, id);
        let code = match kind {
            FailureKind::NotFound => Code::NotFound,
            FailureKind::Refused => Code::FailedPrecondition,
            FailureKind::Exists => Code::AlreadyExists,
            FailureKind::Denied => Code::PermissionDenied,
            // What clients do there is to ask again, and what they push can be.
            FailureKind::Unavailable | FailureKind::Uncertain => Code::Unavailable,
            FailureKind::Internal => Code::Internal,
        };
        Self::new(code, message)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let Self { code, message, status, retry_after } = self;
        let mut response = (status, Json(Status::new(code, message))).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if code == Code::Unauthenticated {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

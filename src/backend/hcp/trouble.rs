use std::time::Duration;

use hyper::StatusCode;
use serde::Deserialize;

use crate::backend::BackendError;
use crate::backend::grpc::failure::{Failure, Next};

/// Characters of what a server says that are shown.
const SHOWN: usize = 500;

/// Why an attempt came to nothing.
#[derive(Debug)]
pub(super) enum Trouble {
    /// What stands in the way to the server, or to a token.
    Way(Failure),
    /// The connection broke, or no answer came: it may have been done.
    Broken(String),
    /// The server says so.
    Said {
        /// The code in the body; none where the body is not HCP's.
        code: Option<i64>,
        message: String,
        status: StatusCode,
        retry_after: Option<Duration>,
    },
}

/// A call that came to nothing.
#[derive(Debug)]
pub(super) struct Failed {
    /// The code that the server answered.
    pub(super) code: Option<i64>,
    /// Whether it may have been done nevertheless.
    pub(super) is_in_doubt: bool,
    pub(super) error: BackendError,
}

impl From<BackendError> for Failed {
    fn from(error: BackendError) -> Self {
        Self { code: None, is_in_doubt: false, error }
    }
}

impl From<Failed> for BackendError {
    fn from(failed: Failed) -> Self {
        failed.error
    }
}

/// Codes of gRPC, as HCP's bodies have them.
pub(super) const NOT_FOUND: i64 = 5;
pub(super) const ALREADY_EXISTS: i64 = 6;
pub(super) const FAILED_PRECONDITION: i64 = 9;
/// What HCP answers of a version that is not there.
pub(super) const ABORTED: i64 = 10;

/// `google.rpc.Status`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    code: Option<i64>,
    message: Option<String>,
}

/// What a message says besides the trouble itself.
pub(super) struct Context<'a> {
    pub(super) url: &'a str,
    pub(super) attempts: u32,
    pub(super) is_repeatable: bool,
    /// Where the credentials came from, in words.
    pub(super) credentials: &'a str,
}

impl Trouble {
    /// What an answer says that is not a success.
    pub(super) fn said(status: StatusCode, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let read: Status = serde_json::from_slice(body).unwrap_or_default();
        let message = read.message.filter(|message| !message.is_empty()).unwrap_or_else(|| format!("HTTP {status}"));
        let message = message.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
        Self::Said { code: read.code, message, status, retry_after }
    }

    /// What to do next. A call that is not `repeatable` is made again only where it is known not to have been done.
    pub(super) fn next(&self, is_repeatable: bool) -> Next {
        match self {
            Self::Way(failure) => failure.next(is_repeatable),
            Self::Broken(_) if is_repeatable => Next::Again(None),
            Self::Broken(_) => Next::GiveUp,
            Self::Said { status, retry_after, .. } => match status.as_u16() {
                429 | 503 => Next::Again(*retry_after),
                502 | 504 if is_repeatable => Next::Again(*retry_after),
                401 => Next::NewToken,
                _ => Next::GiveUp,
            },
        }
    }

    /// The trouble for whoever called.
    pub(super) fn into_failed(self, context: &Context<'_>) -> Failed {
        let Context { url, attempts, is_repeatable, credentials } = context;
        let tries = if *attempts > 1 { format!(" (after {attempts} attempts)") } else { String::new() };
        let doubt = if *is_repeatable { "" } else { "; whether it was done is not known: look before you try again" };
        match self {
            Self::Way(failure) => {
                let context = crate::backend::grpc::failure::Context {
                    url,
                    request_id: "",
                    attempts: *attempts,
                    is_repeatable: *is_repeatable,
                    credentials,
                };
                failure.into_error(&context).into()
            }
            Self::Broken(message) => {
                let error = BackendError::Unavailable(format!("{message}{tries}{doubt}"));
                Failed { code: None, is_in_doubt: true, error }
            }
            Self::Said { code, message, status, .. } => {
                let error = match (code, status.as_u16()) {
                    (Some(NOT_FOUND | ABORTED), _) => BackendError::NotFound(format!("{message} (in {url})")),
                    (Some(16), _) | (_, 401) => {
                        BackendError::Refused(format!("{url} does not let {credentials} in: {message}"))
                    }
                    (Some(7), _) | (_, 403) => BackendError::Refused(format!(
                        "{url}: {message}; give {credentials} the role of a contributor in the project, or check \
                         HCP_ORGANIZATION_ID and HCP_PROJECT_ID"
                    )),
                    (Some(12), _) | (_, 501) => BackendError::Refused(format!("{url} does not offer this: {message}")),
                    (Some(3 | ALREADY_EXISTS | FAILED_PRECONDITION | 11), _) => BackendError::Refused(message),
                    (_, 408 | 429 | 502..=504) => {
                        BackendError::Unavailable(format!("{url} cannot answer now: {message}{tries}"))
                    }
                    (None, 404) => BackendError::Refused(format!(
                        "{url} does not know HCP Packer's API: check HCP_API_ADDRESS, or address= in the URL"
                    )),
                    _ => BackendError::Unavailable(format!("{url} failed: {message}{tries}")),
                };
                let is_in_doubt = matches!(status.as_u16(), 500 | 502 | 504) && !is_repeatable;
                Failed { code, is_in_doubt, error }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> Trouble {
        Trouble::said(StatusCode::from_u16(status).unwrap(), None, body.as_bytes())
    }

    fn told(trouble: Trouble, is_repeatable: bool) -> Failed {
        let credentials = "the client of HCP_CLIENT_ID and its secret";
        trouble.into_failed(&Context { url: "https://hcp.test:443", attempts: 2, is_repeatable, credentials })
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for (trouble, repeatable, once) in [
            (said(503, ""), Next::Again(None), Next::Again(None)),
            (said(429, ""), Next::Again(None), Next::Again(None)),
            (said(502, ""), Next::Again(None), Next::GiveUp),
            (said(401, ""), Next::NewToken, Next::NewToken),
            (said(404, ""), Next::GiveUp, Next::GiveUp),
            (said(500, ""), Next::GiveUp, Next::GiveUp),
            (Trouble::Broken(String::new()), Next::Again(None), Next::GiveUp),
        ] {
            assert_eq!((trouble.next(true), trouble.next(false)), (repeatable, once), "{trouble:?}");
        }
    }

    #[test]
    fn the_code_in_the_body_decides_and_the_message_names_what_to_do() {
        let missing = told(said(409, r#"{"code":10,"message":"no version"}"#), true);
        assert_eq!(missing.code, Some(ABORTED));
        assert!(matches!(missing.error, BackendError::NotFound(_)));
        let broken_rule = told(said(400, r#"{"code":9,"message":"iteration is incomplete."}"#), true);
        assert!(matches!(broken_rule.error, BackendError::Refused(text) if text == "iteration is incomplete."));
        let denied = told(said(403, r#"{"code":7,"message":"no"}"#), true).error.to_string();
        assert!(denied.contains("HCP_PROJECT_ID"), "{denied}");
        let unknown = told(said(401, "<html>"), true).error.to_string();
        assert!(unknown.contains("HCP_CLIENT_ID"), "{unknown}");
        let elsewhere = told(said(404, "<html>"), true).error.to_string();
        assert!(elsewhere.contains("HCP_API_ADDRESS"), "{elsewhere}");
    }

    #[test]
    fn what_may_have_been_done_is_said_to_be_in_doubt() {
        let broken = told(Trouble::Broken("it broke".to_owned()), false);
        assert!(broken.is_in_doubt && broken.error.to_string().contains("whether it was done is not known"));
        assert!(!told(said(503, ""), false).is_in_doubt);
    }
}

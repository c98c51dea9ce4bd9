use std::process::ExitCode;

use serde::Serialize;

use super::printable::printable_lines;
use crate::backend::{BackendError, SpoolError};
use crate::model::NoSingleMatch;

/// Why a command did not do what it was asked to; each kind is an exit code that scripts can rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A rule forbids it, or something else stands in the way.
    Refused = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// What was asked for does not exist.
    NotFound = 3,
    /// Several match where one was asked for.
    Ambiguous = 4,
    /// The iteration is revoked.
    Revoked = 5,
    /// The registry cannot be read or written now.
    Unavailable = 6,
}

/// A failure with a message that names the input at fault and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Failure {
    code: Kind,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn new(code: Kind, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code as u8)
    }

    /// The failure for a person, or as one line of JSON.
    pub(super) fn report(&self, json: bool) -> String {
        if json {
            serde_json::json!({ "error": self }).to_string()
        } else {
            format!("error: {}", printable_lines(&self.message))
        }
    }
}

impl From<BackendError> for Failure {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::NotFound(message) => Self::new(Kind::NotFound, message),
            BackendError::Refused(message) => Self::new(Kind::Refused, message),
            BackendError::Unavailable(message) => Self::new(Kind::Unavailable, message),
        }
    }
}

impl From<SpoolError> for Failure {
    fn from(error: SpoolError) -> Self {
        Self::new(Kind::Refused, error.to_string())
    }
}

impl From<NoSingleMatch> for Failure {
    fn from(error: NoSingleMatch) -> Self {
        let kind = match &error {
            NoSingleMatch::Missing { .. } => Kind::NotFound,
            NoSingleMatch::Ambiguous { .. } => Kind::Ambiguous,
        };
        Self::new(kind, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_get_a_code_and_people_a_sentence() {
        let failure = Failure::from(BackendError::NotFound("bucket x does not exist".to_owned()));
        assert_eq!(failure.report(false), "error: bucket x does not exist");
        assert_eq!(failure.report(true), r#"{"error":{"code":"not_found","message":"bucket x does not exist"}}"#);
        assert_eq!(failure.exit_code(), ExitCode::from(3));
    }
}

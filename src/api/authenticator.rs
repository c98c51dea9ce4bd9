use std::fmt;

use axum::http::{HeaderMap, header};
use futures::future::BoxFuture;

use crate::access::Caller;
use crate::registry::RegistryError;

/// Says who is calling.
pub trait Authenticator: Send + Sync + 'static {
    /// The caller with these credentials, with what they may do at this moment in the project that they name.
    ///
    /// # Errors
    /// [`AuthenticationError`]; its message is sent to whoever calls, save what is said of the store.
    fn authenticate<'a>(&'a self, credentials: &'a Credentials) -> BoxFuture<'a, Result<Caller, AuthenticationError>>;
}

/// What a call brings along.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The bearer token, if there is one.
    pub token: Option<String>,
    /// The project that the call is made in, where it names one.
    pub project: Option<String>,
}

impl Credentials {
    /// Those of a request with these headers, made in `project`.
    pub(super) fn of(headers: &HeaderMap, project: Option<String>) -> Self {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
        });
        Self { token, project }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.token.as_ref().map(|_| "<redacted>");
        f.debug_struct("Credentials").field("token", &token).field("project", &self.project).finish()
    }
}

/// Why a call is not let in.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// There is no token, or it is not valid, or no longer.
    #[error("{0}")]
    Unauthenticated(String),
    /// What names the project cannot be one's id.
    #[error("{0}")]
    Project(String),
    /// The registry does not say: the project is not there, or not one that the caller may work in, or the store fails.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

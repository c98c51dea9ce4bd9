use std::time::Duration;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::registry::RegistryError;

/// A token that was granted: RFC 6749, section 5.1.
#[derive(Debug)]
pub(super) struct Granted {
    pub(super) access_token: String,
    pub(super) expires_in: Duration,
    /// Whether it was given for another token: RFC 8693, section 2.2.1.
    pub(super) is_exchanged: bool,
}

impl IntoResponse for Granted {
    fn into_response(self) -> Response {
        let mut body = json!({
            "access_token": self.access_token,
            "token_type": "Bearer",
            "expires_in": self.expires_in.as_secs(),
        });
        if self.is_exchanged {
            body["issued_token_type"] = json!("urn:ietf:params:oauth:token-type:access_token");
        }
        (NOT_KEPT, Json(body)).into_response()
    }
}

/// RFC 6749, section 5.1: whoever stands between must not keep a token.
pub(super) const NOT_KEPT: [(HeaderName, HeaderValue); 2] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
];

/// Why there is no token: RFC 6749, section 5.2.
#[derive(Debug)]
pub(super) enum NoToken {
    /// The request is not what it should be.
    InvalidRequest(String),
    /// No such client, or not its secret: which of the two is not said.
    InvalidClient,
    /// The identity token proves nothing, or not enough.
    InvalidGrant(String),
    /// Another way to ask for a token.
    UnsupportedGrantType,
    /// Too many wrong secrets or tokens; when to come back.
    TooManyGuesses(Duration),
    /// It cannot be said now, and why, for the log.
    Unavailable(String),
}

impl From<RegistryError> for NoToken {
    fn from(error: RegistryError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl IntoResponse for NoToken {
    fn into_response(self) -> Response {
        let (status, error, description) = match &self {
            Self::InvalidRequest(fault) => (StatusCode::BAD_REQUEST, "invalid_request", fault.clone()),
            Self::InvalidClient => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "the client id or its secret is wrong, or the secret has expired".to_owned(),
            ),
            Self::InvalidGrant(fault) => (StatusCode::BAD_REQUEST, "invalid_grant", fault.clone()),
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "use client_credentials, or token exchange with an identity token".to_owned(),
            ),
            Self::TooManyGuesses(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "temporarily_unavailable",
                "too many wrong secrets or identity tokens; try again later".to_owned(),
            ),
            Self::Unavailable(cause) => {
                tracing::error!(cause, "no token can be given");
                let description = "the registry cannot give tokens now; its log says why".to_owned();
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
            }
        };
        let body = Json(json!({ "error": error, "error_description": description }));
        let mut response = (status, NOT_KEPT, body).into_response();
        match self {
            Self::InvalidClient => {
                let value = HeaderValue::from_static("Basic realm=\"registry\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            Self::TooManyGuesses(wait) => {
                let seconds = HeaderValue::from(wait.as_secs() + 1);
                response.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
            _ => {}
        }
        response
    }
}

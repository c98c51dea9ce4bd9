//! Who is calling: tokens for those who prove it, and callers for those who have a token.
//!
//! `POST /oauth2/token` gives a token for a client's credentials (RFC 6749, section 4.4), and for the identity token of
//! a CI job (RFC 8693), which clients of HCP send to `POST /2019-12-10/…/exchange-token`. [`Identity`] is the
//! [`Authenticator`](super::Authenticator) of all other calls.

mod authenticate;
mod callers;
mod exchange;
mod guesses;
mod signing_keys;
mod token_answer;
mod token_endpoint;
mod token_request;
mod workload_endpoint;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

use super::rest::path_unknown;
use crate::access::oidc::{KeyCache, KeyFetcher};
use crate::model::Clock;
use crate::registry::Service;
use crate::registry::store::Store;
use callers::Callers;
use guesses::Guesses;
pub(super) use signing_keys::SigningKeys;

/// Bytes of a request for a token: an identity token has 16 KiB at most.
const MAX_BODY: usize = 64 * 1024;

/// Knows who is calling.
pub struct Identity<S, F> {
    service: Arc<Service<S>>,
    clock: Arc<dyn Clock>,
    token_lifetime: Duration,
    keys: SigningKeys,
    callers: Callers,
    guesses: Guesses,
    issuers: KeyCache<F>,
}

impl<S: Store + 'static, F: KeyFetcher + 'static> Identity<S, F> {
    /// Gives tokens that are valid for `token_lifetime`; `fetcher` gets the keys of issuers of identity tokens.
    pub fn new(service: Arc<Service<S>>, clock: Arc<dyn Clock>, token_lifetime: Duration, fetcher: F) -> Self {
        let issuers = KeyCache::new(fetcher, Arc::clone(&clock));
        Self {
            service,
            clock,
            token_lifetime,
            keys: SigningKeys::default(),
            callers: Callers::default(),
            guesses: Guesses::default(),
            issuers,
        }
    }

    /// The routes, without a fallback.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/oauth2/token", post(token_endpoint::token::<S, F>))
            // Where clients of HCP of 2022 and before ask.
            .route("/oauth/token", post(token_endpoint::token::<S, F>))
            // The name of a provider has slashes, which some clients encode: no pattern of segments fits both.
            .route("/2019-12-10/{*name}", post(workload_endpoint::exchange::<S, F>).fallback(path_unknown))
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(self)
    }
}

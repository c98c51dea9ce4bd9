use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;

use super::Identity;
use super::guesses::Claim;
use super::token_answer::{Granted, NoToken};
use super::token_request::TokenRequest;
use crate::access::oidc::KeyFetcher;
use crate::access::{ClientId, ClientSecret, token};
use crate::model::Principal;
use crate::registry::account::TrustedPrincipal;
use crate::registry::store::Store;

/// `POST /oauth2/token`.
pub(super) async fn token<S: Store + 'static, F: KeyFetcher + 'static>(
    State(identity): State<Arc<Identity<S, F>>>,
    Extension(address): Extension<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Granted, NoToken> {
    match TokenRequest::read(&headers, &body)? {
        TokenRequest::Client(id, secret) => {
            let principal = identity.known_client(address.ip(), &id, &secret).await?;
            identity.grant(&principal, false).await
        }
        TokenRequest::Identity { token, client } => {
            let is_meant = |trusted: &TrustedPrincipal| {
                client.as_ref().is_none_or(|client| trusted.principal.client_id == client.as_str())
            };
            let claim = client.clone().map(Claim::Client);
            let principal = identity.known_workload((address.ip(), claim), &token, is_meant).await?;
            identity.grant(&principal, true).await
        }
    }
}

impl<S: Store, F: KeyFetcher> Identity<S, F> {
    /// The principal with these credentials.
    ///
    /// Those that are right pass, however many wrong ones came from there before: behind a proxy all clients have one
    /// address, and who knows no more than a client's id must not be able to lock it out.
    async fn known_client(&self, from: IpAddr, id: &ClientId, secret: &ClientSecret) -> Result<Principal, NoToken> {
        if let Some(principal) = self.service.authenticate(id, secret).await? {
            return Ok(principal);
        }
        if let Some(wait) = self.guesses.slow_down((from, &Claim::Client(id.clone())), self.clock.now()).await {
            tracing::debug!(client_id = %id, client = %from, "too many wrong secrets");
            return Err(NoToken::TooManyGuesses(wait));
        }
        tracing::warn!(client_id = %id, client = %from, "a wrong client id or secret");
        Err(NoToken::InvalidClient)
    }

    /// A token of ours for a principal.
    pub(super) async fn grant(&self, principal: &Principal, is_exchanged: bool) -> Result<Granted, NoToken> {
        let now = self.clock.now();
        let keys = self.keys.current(&self.service, now).await?;
        let issued = token::issue(&keys, &principal.id, &principal.organization_id, now, self.token_lifetime);
        let (access_token, claims) =
            issued.ok_or_else(|| NoToken::Unavailable("there is no signing key".to_owned()))?;
        let left = u64::try_from(claims.expires_at.0.saturating_sub(now.0)).unwrap_or_default();
        tracing::info!(principal = %principal.name, is_exchanged, "gave a token");
        Ok(Granted { access_token, expires_in: Duration::from_millis(left), is_exchanged })
    }
}

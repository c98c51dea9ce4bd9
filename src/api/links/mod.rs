//! Links that work for some minutes without a token: what they lead to is larger than an answer of an API should be, and is
//! downloaded by programs that know nothing of tokens.
//!
//! They are signed with the keys that all servers of a database share, so that any of them follows the links of another.

mod sbom;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

use super::identity::SigningKeys;
use super::with_request_id;
use crate::access::token::{SignedLink, TokenError};
use crate::registry::store::Store;
use crate::registry::{RegistryError, Service};

/// Makes links, and follows them.
pub struct Links<S> {
    service: Arc<Service<S>>,
    keys: SigningKeys,
}

impl<S: Store + 'static> Links<S> {
    /// Links to what a registry keeps.
    pub fn new(service: Arc<Service<S>>) -> Self {
        Self { service, keys: SigningKeys::default() }
    }

    /// The routes, without a fallback.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new().route("/sboms/{id}", get(sbom::download::<S>)).layer(from_fn(with_request_id)).with_state(self)
    }

    /// The registry.
    pub(super) fn service(&self) -> &Service<S> {
        &self.service
    }

    /// A link to an SBOM: a path with a query. Whoever is given it may read the SBOM.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn to_sbom(&self, id: &str) -> Result<String, RegistryError> {
        let now = self.service.now();
        let keys = self.keys.current(&self.service, now).await?;
        let link = SignedLink::new(&keys, &format!("/sboms/{id}"), now);
        let SignedLink { path, expires_at, key, signature } = link.ok_or_else(|| {
            RegistryError::Refused("the registry has no key to sign links with; start the server anew".to_owned())
        })?;
        Ok(format!("{path}?expires={}&key={key}&signature={signature}", expires_at.0 / 1000))
    }

    /// Whether a link may be followed.
    async fn verify(&self, link: &SignedLink) -> Result<Result<(), TokenError>, RegistryError> {
        let now = self.service.now();
        let keys = self.keys.current(&self.service, now).await?;
        match link.verify(&keys, now) {
            Err(TokenError::UnknownKey) => Ok(link.verify(&*self.keys.newer(&self.service, now).await?, now)),
            verified => Ok(verified),
        }
    }
}

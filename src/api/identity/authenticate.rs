use futures::future::BoxFuture;

use super::Identity;
use crate::access::Caller;
use crate::access::oidc::KeyFetcher;
use crate::access::token::{self, Claims, TokenError};
use crate::api::{AuthenticationError, Authenticator, Credentials};
use crate::model::ProjectId;
use crate::registry::store::Store;

impl<S: Store + 'static, F: KeyFetcher + 'static> Authenticator for Identity<S, F> {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials) -> BoxFuture<'a, Result<Caller, AuthenticationError>> {
        Box::pin(self.caller(credentials))
    }
}

impl<S: Store, F: KeyFetcher> Identity<S, F> {
    async fn caller(&self, Credentials { token, project }: &Credentials) -> Result<Caller, AuthenticationError> {
        let Some(token) = token else {
            let message = "a token is needed: ask /oauth2/token for one, and send it as `authorization: Bearer TOKEN`";
            return Err(AuthenticationError::Unauthenticated(message.to_owned()));
        };
        let project = project.as_ref().map(ProjectId::parse).transpose();
        let project = project.map_err(|error| AuthenticationError::Project(error.to_string()))?;
        let claims = self.claims(token).await?;
        let (key, now) = ((claims.principal_id, project), self.clock.now());
        if let Some(caller) = self.callers.get(&key, now) {
            return Ok(caller);
        }
        match self.service.caller(&key.0, key.1.as_ref()).await? {
            Some(caller) => {
                self.callers.put(key, caller.clone(), now);
                Ok(caller)
            }
            None => {
                let message = "the principal of this token does not exist any more".to_owned();
                Err(AuthenticationError::Unauthenticated(message))
            }
        }
    }

    async fn claims(&self, token: &str) -> Result<Claims, AuthenticationError> {
        let now = self.clock.now();
        let keys = self.keys.current(&self.service, now).await?;
        let claims = match token::verify(&keys, token, now) {
            Err(TokenError::UnknownKey) => {
                let keys = self.keys.newer(&self.service, now).await?;
                token::verify(&keys, token, now)
            }
            verified => verified,
        };
        claims.map_err(|error| AuthenticationError::Unauthenticated(error.to_string()))
    }
}

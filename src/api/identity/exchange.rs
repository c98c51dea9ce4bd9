use std::net::IpAddr;

use super::Identity;
use super::guesses::Claim;
use super::token_answer::NoToken;
use crate::access::oidc::{self, FetchError, IdentityRule, KeyFetcher, OidcError, Unverified};
use crate::model::Principal;
use crate::registry::account::TrustedPrincipal;
use crate::registry::store::Store;

impl<S: Store, F: KeyFetcher> Identity<S, F> {
    /// The principal that the identity token of a workload is for: of those whose rules `is_meant` lets count, the only
    /// one that admits it. It came `from` there, and `claim` is whom it is said to be of, if that is said: nobody guesses
    /// at nobody.
    ///
    /// As with secrets, those that are right pass, however many wrong ones came before.
    pub(super) async fn known_workload(
        &self,
        (from, claim): (IpAddr, Option<Claim>),
        token: &str,
        is_meant: impl Fn(&TrustedPrincipal) -> bool + Send,
    ) -> Result<Principal, NoToken> {
        let known = self.admitted(token, is_meant).await;
        if matches!(known, Err(NoToken::InvalidGrant(_)))
            && let Some(claim) = claim
            && let Some(wait) = self.guesses.slow_down((from, &claim), self.clock.now()).await
        {
            tracing::debug!(client = %from, "too many wrong identity tokens");
            return Err(NoToken::TooManyGuesses(wait));
        }
        known
    }

    async fn admitted(
        &self,
        token: &str,
        is_meant: impl Fn(&TrustedPrincipal) -> bool + Send,
    ) -> Result<Principal, NoToken> {
        let about = Unverified::read(token).map_err(refused)?;
        let mut trusted = self.service.principals_of_issuer(&about.issuer).await?;
        trusted.retain(is_meant);
        let rules: Vec<IdentityRule> = trusted.iter().map(|trusted| trusted.rule.clone()).collect();
        let Some(issuer) = rules.first().map(IdentityRule::issuer) else {
            return Err(refused(OidcError::Issuer(about.issuer.chars().take(200).collect())));
        };
        let keys = self.issuers.keys(issuer, &about).await.map_err(|error| unfetched(&error))?;
        let admitting = oidc::verify(token, &rules, &keys, self.clock.now()).map_err(refused)?;
        only_one(trusted, &admitting)
    }
}

fn only_one(trusted: Vec<TrustedPrincipal>, admitting: &[usize]) -> Result<Principal, NoToken> {
    let mut admitted: Vec<Principal> = Vec::new();
    for (position, TrustedPrincipal { principal, .. }) in trusted.into_iter().enumerate() {
        if admitting.contains(&position) && admitted.iter().all(|known| known.id != principal.id) {
            admitted.push(principal);
        }
    }
    match admitted.len() {
        1 => Ok(admitted.swap_remove(0)),
        count => Err(NoToken::InvalidGrant(format!(
            "{count} principals admit this identity token; name one by its client_id"
        ))),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
fn refused(error: OidcError) -> NoToken {
    tracing::warn!(cause = %error, "an identity token was not taken");
    NoToken::InvalidGrant(error.to_string())
}

fn unfetched(error: &FetchError) -> NoToken {
    NoToken::Unavailable(error.to_string())
}

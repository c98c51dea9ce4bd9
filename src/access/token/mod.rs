//! Our own tokens: short-lived, signed with a key that all servers of a database share, checked without reading it.

mod key;
mod link;

use std::time::Duration;

use ring::hmac;
use serde::Serialize;

pub use key::{KEY_LIFETIME_MS, KeySet, SigningKey};
pub use link::{LINK_LIFETIME_MS, SignedLink};

use super::Malformed;
use super::jws::{Jws, sign};
use crate::model::{OrganizationId, PrincipalId, Timestamp};

/// The longest that a token may be valid: one day.
pub const MAX_TOKEN_LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;

/// How far the clocks of servers may be apart.
pub const CLOCK_LEEWAY_MS: i64 = 60 * 1000;

/// What a token says: who bears it, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who bears it.
    pub principal_id: PrincipalId,
    /// The organization of that principal.
    pub organization_id: OrganizationId,
    /// When it was issued, to the second.
    pub issued_at: Timestamp,
    /// From when on it is not valid.
    pub expires_at: Timestamp,
}

/// Why a token is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no token of ours.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// It is signed with a key that is not in the set: perhaps a newer one, perhaps one that expired.
    #[error("the token is signed with a key that this registry does not know; ask for a new token")]
    UnknownKey,
    /// Somebody made or changed it who does not have the key.
    #[error("the signature of the token is wrong; ask for a new token")]
    BadSignature,
    /// Its time is over.
    #[error("the token has expired; ask for a new one")]
    Expired,
    /// It is from the future.
    #[error("the token is not valid yet; compare the clocks of the servers")]
    NotYetValid,
}

const ALGORITHM: &str = "HS256";

#[derive(Serialize)]
struct HeaderOut<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

#[derive(Serialize)]
struct ClaimsOut<'a> {
    sub: &'a str,
    org: &'a str,
    iat: i64,
    exp: i64,
}

/// A token for a principal, valid for `lifetime` from `now` on, but for [`MAX_TOKEN_LIFETIME_MS`] at most, and what it
/// says; `None` where `keys` is empty.
pub fn issue(
    keys: &KeySet,
    principal_id: &PrincipalId,
    organization_id: &OrganizationId,
    now: Timestamp,
    lifetime: Duration,
) -> Option<(String, Claims)> {
    let key = keys.newest()?;
    let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX).min(MAX_TOKEN_LIFETIME_MS);
    let issued_at = Timestamp(now.0 / 1000 * 1000);
    let claims = Claims {
        principal_id: principal_id.clone(),
        organization_id: organization_id.clone(),
        issued_at,
        expires_at: Timestamp(issued_at.0 + lifetime),
    };
    let header = serde_json::to_string(&HeaderOut { alg: ALGORITHM, typ: "JWT", kid: &key.id }).ok()?;
    let payload = serde_json::to_string(&ClaimsOut {
        sub: principal_id.as_str(),
        org: organization_id.as_str(),
        iat: issued_at.0 / 1000,
        exp: claims.expires_at.0 / 1000,
    })
    .ok()?;
    Some((sign(&header, &payload, |signed| hmac::sign(key.mac(), signed).as_ref().to_vec()), claims))
}

/// What `token` says, if it is one of ours and valid `now`.
///
/// # Errors
/// [`TokenError`]; [`TokenError::UnknownKey`] is worth another attempt with a fresh key set.
pub fn verify(keys: &KeySet, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
    let jws = Jws::parse(token)?;
    if jws.header.alg != ALGORITHM {
        return Err(Malformed("it is not signed with HS256").into());
    }
    let id = jws.header.kid.ok_or(Malformed("its header names no key"))?;
    let key = keys.find(&id).ok_or(TokenError::UnknownKey)?;
    hmac::verify(key.mac(), jws.signed, &jws.signature).map_err(|_| TokenError::BadSignature)?;
    let text = |name| jws.claims.text(name).ok_or(Malformed("a claim is missing"));
    let moment = |name| jws.claims.moment(name)?.ok_or(Malformed("a claim is missing")).map(Timestamp);
    let claims = Claims {
        principal_id: PrincipalId::parse(text("sub")?).map_err(|_| Malformed("it names no principal"))?,
        organization_id: OrganizationId::parse(text("org")?).map_err(|_| Malformed("it names no organization"))?,
        issued_at: moment("iat")?,
        expires_at: moment("exp")?,
    };
    if now >= claims.expires_at {
        return Err(TokenError::Expired);
    }
    if claims.issued_at.0 > now.0.saturating_add(CLOCK_LEEWAY_MS) {
        return Err(TokenError::NotYetValid);
    }
    Ok(claims)
}

#[cfg(test)]
mod tests;

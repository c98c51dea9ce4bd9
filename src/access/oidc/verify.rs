use super::{Condition, IdentityRule, Issuer, Jwks};
use crate::access::jws::{Claims, Jws, Malformed};
use crate::model::Timestamp;

/// How far the clocks of an issuer and of this server may be apart.
pub const CLOCK_LEEWAY_MS: i64 = 60 * 1000;

/// Why an identity token is not accepted.
///
/// The message may be sent to whoever presented it: it speaks of their token, and of rules only as far as names go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// It is no token.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// It is signed in a way that proves nothing, or that we do not know.
    #[error("identity tokens are taken with RS256, ES256 and EdDSA, not with {0:?}")]
    Algorithm(String),
    /// No rule speaks of its issuer.
    #[error("no identity rule trusts the issuer {0:?}; add one to the principal")]
    Issuer(String),
    /// The issuer has no such key.
    #[error("the issuer has no key {kid:?} for {algorithm}")]
    UnknownKey {
        /// The name of the key.
        kid: String,
        /// The algorithm.
        algorithm: String,
    },
    /// Somebody made or changed it who does not have the key.
    #[error("the signature of the identity token is wrong")]
    BadSignature,
    /// Its time is over.
    #[error("the identity token has expired; fetch a new one right before it is exchanged")]
    Expired,
    /// It is from the future.
    #[error("the identity token is not valid yet; compare the clocks of the issuer and of this server")]
    NotYetValid,
    /// It is for somebody else.
    #[error("the identity token is for {0}; ask the CI system for one with the audience that the rule names")]
    Audience(String),
    /// It is somebody else's.
    #[error("no identity rule admits the token: {0}")]
    NoRule(String),
}

/// What a token says of itself before anything is checked: enough to find the rules and keys to check it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// Who is said to have issued it.
    pub issuer: String,
    kid: String,
    algorithm: String,
}

/// The algorithms that are taken. All of them take a public key: with HS256, which `none` and every confusion of keys
/// come down to, the public key would be the secret.
const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];

impl Unverified {
    /// Reads who is said to have issued `token`.
    ///
    /// # Errors
    /// [`OidcError::Malformed`], [`OidcError::Algorithm`].
    pub fn read(token: &str) -> Result<Self, OidcError> {
        Self::of(&Jws::parse(token)?)
    }

    fn of(jws: &Jws<'_>) -> Result<Self, OidcError> {
        let algorithm = jws.header.alg.clone();
        if !ALGORITHMS.contains(&algorithm.as_str()) {
            return Err(OidcError::Algorithm(shortened(&algorithm)));
        }
        let kid = jws.header.kid.clone().ok_or(Malformed("its header names no key"))?;
        let issuer = jws.claims.text("iss").ok_or(Malformed("it names no issuer"))?.to_owned();
        Ok(Self { issuer, kid, algorithm })
    }

    /// Whether `keys` has the key that is said to have signed it: if not, newer keys may.
    pub fn is_signed_with_one_of(&self, keys: &Jwks) -> bool {
        keys.has(&self.kid, &self.algorithm)
    }

    pub(super) fn unknown_key(&self) -> OidcError {
        OidcError::UnknownKey { kid: shortened(&self.kid), algorithm: self.algorithm.clone() }
    }
}

/// Which of `rules` admit `token`: their positions, at least one. `keys` are those of the token's issuer.
///
/// # Errors
/// [`OidcError`].
pub fn verify(token: &str, rules: &[IdentityRule], keys: &Jwks, now: Timestamp) -> Result<Vec<usize>, OidcError> {
    let jws = Jws::parse(token)?;
    let about = Unverified::of(&jws)?;
    let of_issuer = |rule: &IdentityRule| rule.issuer().as_str() == about.issuer;
    if !rules.iter().any(of_issuer) {
        return Err(OidcError::Issuer(shortened(&about.issuer)));
    }
    if !about.is_signed_with_one_of(keys) {
        return Err(about.unknown_key());
    }
    if !keys.verify((&about.kid, &about.algorithm), jws.signed, &jws.signature) {
        return Err(OidcError::BadSignature);
    }
    check_time(&jws.claims, now)?;
    let audiences = jws.claims.texts("aud");
    let mut refusals = Vec::new();
    let mut admitting = Vec::new();
    for (position, rule) in rules.iter().enumerate().filter(|(_, rule)| of_issuer(rule)) {
        if !audiences.contains(&rule.audience()) {
            continue;
        }
        match rule.conditions().iter().find(|condition| !holds(condition, &jws.claims)) {
            None => admitting.push(position),
            Some(Condition { claim, .. }) => refusals.push(match jws.claims.text(claim) {
                Some(value) => format!("its claim {claim} is {:?}", shortened(value)),
                None => format!("it has no claim {claim} that is a text"),
            }),
        }
    }
    if !admitting.is_empty() {
        return Ok(admitting);
    }
    if refusals.is_empty() {
        let audiences: Vec<String> = audiences.iter().take(8).map(|audience| format!("{audience:?}")).collect();
        let audiences = if audiences.is_empty() { "nobody".to_owned() } else { audiences.join(", ") };
        return Err(OidcError::Audience(shortened(&audiences)));
    }
    refusals.dedup();
    refusals.truncate(8);
    Err(OidcError::NoRule(refusals.join("; ")))
}

fn check_time(claims: &Claims, now: Timestamp) -> Result<(), OidcError> {
    let expires_at = claims.moment("exp")?.ok_or(Malformed("it never expires"))?;
    if now.0 >= expires_at.saturating_add(CLOCK_LEEWAY_MS) {
        return Err(OidcError::Expired);
    }
    for name in ["nbf", "iat"] {
        if claims.moment(name)?.is_some_and(|moment| moment > now.0.saturating_add(CLOCK_LEEWAY_MS)) {
            return Err(OidcError::NotYetValid);
        }
    }
    Ok(())
}

fn holds(condition: &Condition, claims: &Claims) -> bool {
    claims.text(&condition.claim).is_some_and(|value| condition.pattern.fits(value))
}

/// For messages: tokens hold what their maker likes.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl Issuer {
    /// Whether `token` is said to be of this issuer.
    pub(super) fn issued(&self, about: &Unverified) -> bool {
        about.issuer == self.as_str()
    }
}

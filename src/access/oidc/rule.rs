use super::pattern::MAX_PATTERN;
use super::{InvalidIssuer, Issuer, Loopback, Pattern, tenant};

/// How many conditions a rule may have.
pub const MAX_CONDITIONS: usize = 16;

/// The longest audience and the longest name of a claim, in bytes.
const MAX_NAME: usize = 256;

/// One claim, and what it must be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The name of a claim that is a text: `repository`, `project_path`, `sub`.
    pub claim: String,
    /// What it must be.
    pub pattern: Pattern,
}

/// Which tokens of an issuer a principal is known by: all conditions must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdentityRule {
    issuer: Issuer,
    audience: String,
    conditions: Vec<Condition>,
}

/// Why something cannot be a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRule {
    /// The issuer has no address.
    #[error(transparent)]
    Issuer(#[from] InvalidIssuer),
    /// What a claim must be says nothing.
    #[error("{0:?} cannot be what the claim {1} must be; use 1 to 512 bytes that are not stars alone")]
    Pattern(String, String),
    /// The audience is missing or endless.
    #[error("an identity rule needs an audience of 1 to 256 bytes: what the job asks its token for")]
    Audience,
    /// A claim has no name, an endless one, or one that is checked anyway.
    #[error("{0:?} cannot be the claim of a condition; name a claim that tells jobs apart, such as sub or repository")]
    Claim(String),
    /// There are too many.
    #[error("an identity rule has at most {MAX_CONDITIONS} conditions")]
    TooMany,
    /// There is none: everybody whom the issuer gives tokens would be let in.
    #[error("an identity rule needs a condition on a claim, such as sub: without one it admits all jobs of {0}")]
    None(Issuer),
    /// The whole world gets tokens from the issuer.
    #[error(
        "everybody can get tokens from {issuer}: the rule must also say whose jobs it means, by one of {claims}, \
         written out at least up to the slash after the owner's name"
    )]
    Anyone {
        /// Who issues them.
        issuer: Issuer,
        /// The claims to choose from.
        claims: String,
    },
}

/// Claims that are always checked, or differ in every token.
const NOT_CONDITIONS: [&str; 7] = ["iss", "aud", "exp", "nbf", "iat", "jti", "azp"];

impl IdentityRule {
    /// A rule that admits tokens of `issuer` for `audience`, all of whose `conditions` hold.
    ///
    /// # Errors
    /// [`InvalidRule`]; among others where the rule would admit strangers.
    pub fn new(issuer: Issuer, audience: impl Into<String>, conditions: Vec<Condition>) -> Result<Self, InvalidRule> {
        let audience = audience.into();
        let is_name = |text: &str| !text.is_empty() && text.len() <= MAX_NAME && !text.contains(char::is_control);
        if !is_name(&audience) {
            return Err(InvalidRule::Audience);
        }
        if conditions.len() > MAX_CONDITIONS {
            return Err(InvalidRule::TooMany);
        }
        for Condition { claim, .. } in &conditions {
            if !is_name(claim) || NOT_CONDITIONS.contains(&claim.as_str()) {
                return Err(InvalidRule::Claim(claim.chars().take(64).collect()));
            }
        }
        if conditions.is_empty() {
            return Err(InvalidRule::None(issuer));
        }
        if let Some(claims) = tenant::lacks_owner(&issuer, &conditions) {
            return Err(InvalidRule::Anyone { issuer, claims });
        }
        Ok(Self { issuer, audience, conditions })
    }

    /// Reads a rule: an issuer behind HTTPS, and the claims with what they must be.
    ///
    /// # Errors
    /// [`InvalidRule`].
    pub fn parse(issuer: &str, audience: &str, conditions: Vec<(String, String)>) -> Result<Self, InvalidRule> {
        let shown = |text: &str| text.chars().take(64).collect();
        let condition = |(claim, pattern): (String, String)| match Pattern::parse(pattern.as_str()) {
            Some(pattern) => Ok(Condition { claim, pattern }),
            None => Err(InvalidRule::Pattern(shown(&pattern), shown(&claim))),
        };
        let conditions = conditions.into_iter().map(condition).collect::<Result<_, _>>()?;
        Self::new(Issuer::parse(issuer, Loopback::Https)?, audience, conditions)
    }

    /// Who signs.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// For whom: one of the `aud` of a token.
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// What must hold besides.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}

// What is stored of a rule stays below 16 KiB.
const _: () = assert!(MAX_CONDITIONS * (MAX_NAME + MAX_PATTERN) < 16 * 1024);

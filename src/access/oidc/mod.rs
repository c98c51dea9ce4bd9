//! Workload identity: a CI job proves who it is with a token that its CI system signed, instead of a secret of ours.
//!
//! A principal has [`IdentityRule`]s; a token that one of them admits is exchanged for one of our own. The keys come
//! from the issuer (OpenID Connect Discovery 1.0): only from issuers that some rule names, so nobody can make a server
//! ask an address of their choice.

mod cache;
mod discovery;
mod issuer;
mod jwks;
mod pattern;
mod rule;
mod tenant;
mod verify;

pub use cache::{FetchError, Fetched, KeyCache, KeyFetcher};
pub use discovery::{InvalidDiscovery, MAX_DISCOVERY_BYTES};
pub use issuer::{InvalidIssuer, Issuer, Loopback};
pub use jwks::{InvalidJwks, Jwks, MAX_JWKS_BYTES, MAX_JWKS_KEYS};
pub use pattern::Pattern;
pub use rule::{Condition, IdentityRule, InvalidRule, MAX_CONDITIONS};
pub use verify::{CLOCK_LEEWAY_MS, OidcError, Unverified, verify};

#[cfg(test)]
mod tests;

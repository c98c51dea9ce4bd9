use serde::Deserialize;

use super::Issuer;

/// The longest discovery document that is read, in bytes.
pub const MAX_DISCOVERY_BYTES: usize = 64 * 1024;

/// What is wrong with the discovery document of an issuer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDiscovery {
    /// It is endless.
    #[error("the discovery document of {0} is longer than 64 KiB")]
    TooLong(Issuer),
    /// It is something else.
    #[error("what {0} answers at /.well-known/openid-configuration is not a discovery document")]
    Malformed(Issuer),
    /// It speaks for somebody else (OpenID Connect Discovery 1.0, section 4.3).
    #[error("{issuer} calls itself {found:?}; use that name in the rule if it is the right one")]
    OtherIssuer {
        /// Who was asked.
        issuer: Issuer,
        /// Who answered.
        found: String,
    },
    /// Its keys would be fetched unsafely.
    #[error("{issuer} refers to keys at an unsafe address: {cause}")]
    Keys {
        /// Who was asked.
        issuer: Issuer,
        /// Why not.
        cause: String,
    },
}

#[derive(Deserialize)]
struct Shape {
    issuer: String,
    jwks_uri: String,
}

/// Where `issuer` says that its keys are.
pub(super) fn jwks_url(issuer: &Issuer, document: &[u8]) -> Result<String, InvalidDiscovery> {
    if document.len() > MAX_DISCOVERY_BYTES {
        return Err(InvalidDiscovery::TooLong(issuer.clone()));
    }
    let Shape { issuer: found, jwks_uri } =
        serde_json::from_slice(document).map_err(|_| InvalidDiscovery::Malformed(issuer.clone()))?;
    if found != issuer.as_str() {
        return Err(InvalidDiscovery::OtherIssuer { issuer: issuer.clone(), found: found.chars().take(512).collect() });
    }
    match issuer.may_refer_to(&jwks_uri) {
        Ok(()) => Ok(jwks_uri),
        Err(cause) => Err(InvalidDiscovery::Keys { issuer: issuer.clone(), cause: cause.to_string() }),
    }
}

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use super::{KeySet, TokenError};
use crate::access::Malformed;
use crate::model::Timestamp;

/// For how long a link leads somewhere: five minutes.
pub const LINK_LIFETIME_MS: i64 = 5 * 60 * 1000;

/// A link that works without a token, for some minutes: a path, and who says that it may be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedLink {
    /// Where it leads to.
    pub path: String,
    /// From when on it leads nowhere, to the second.
    pub expires_at: Timestamp,
    /// The key that it is signed with.
    pub key: String,
    /// The signature, in base64url.
    pub signature: String,
}

impl SignedLink {
    /// A link to `path` that works from `now` on for [`LINK_LIFETIME_MS`]; `None` where `keys` is empty.
    pub fn new(keys: &KeySet, path: &str, now: Timestamp) -> Option<Self> {
        let key = keys.newest()?;
        let expires_at = Timestamp((now.0 + LINK_LIFETIME_MS) / 1000 * 1000);
        let signature = hmac::sign(key.mac(), signed(path, expires_at).as_bytes());
        Some(Self {
            path: path.to_owned(),
            expires_at,
            key: key.id.clone(),
            signature: URL_SAFE_NO_PAD.encode(signature.as_ref()),
        })
    }

    /// Whether one of `keys` has signed this, and it still leads somewhere.
    ///
    /// # Errors
    /// [`TokenError`]; [`TokenError::UnknownKey`] is worth another attempt with a fresh key set.
    pub fn verify(&self, keys: &KeySet, now: Timestamp) -> Result<(), TokenError> {
        let key = keys.find(&self.key).ok_or(TokenError::UnknownKey)?;
        let signature = URL_SAFE_NO_PAD.decode(&self.signature).map_err(|_| Malformed("its signature is no base64"))?;
        let signed = signed(&self.path, self.expires_at);
        hmac::verify(key.mac(), signed.as_bytes(), &signature).map_err(|_| TokenError::BadSignature)?;
        if now >= self.expires_at { Err(TokenError::Expired) } else { Ok(()) }
    }
}

/// What is signed. No token begins like this, which the same keys sign: tokens begin with an object in base64url.
fn signed(path: &str, Timestamp(expires_at): Timestamp) -> String {
    format!("link\n{path}\n{expires_at}")
}

#[cfg(test)]
mod tests {
    use super::super::SigningKey;
    use super::*;

    const NOON: Timestamp = Timestamp(1_000_000_500);

    fn keys() -> KeySet {
        KeySet::new(vec![SigningKey::generate(NOON).unwrap()])
    }

    #[test]
    fn a_link_leads_where_it_was_signed_for_as_long_as_it_says() {
        let keys = keys();
        let link = SignedLink::new(&keys, "/sboms/1", NOON).unwrap();
        assert_eq!(link.expires_at, Timestamp(1_000_300_000));
        assert_eq!(link.verify(&keys, Timestamp(link.expires_at.0 - 1)), Ok(()));
        assert_eq!(link.verify(&keys, link.expires_at), Err(TokenError::Expired));
        let elsewhere = SignedLink { path: "/sboms/2".to_owned(), ..link.clone() };
        let longer = SignedLink { expires_at: Timestamp(link.expires_at.0 + 1000), ..link.clone() };
        let cut = SignedLink { signature: link.signature[..40].to_owned(), ..link.clone() };
        for changed in [elsewhere, longer, cut] {
            assert_eq!(changed.verify(&keys, NOON), Err(TokenError::BadSignature), "{changed:?}");
        }
        let nonsense = SignedLink { signature: "?".to_owned(), ..link.clone() };
        assert!(matches!(nonsense.verify(&keys, NOON), Err(TokenError::Malformed(_))));
        assert_eq!(link.verify(&self::keys(), NOON), Err(TokenError::UnknownKey));
        assert_eq!(SignedLink::new(&KeySet::default(), "/sboms/1", NOON), None);
    }
}

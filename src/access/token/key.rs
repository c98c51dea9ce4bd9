use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use super::super::client::{NoRandomness, hex, random};
use super::{CLOCK_LEEWAY_MS, MAX_TOKEN_LIFETIME_MS};
use crate::model::Timestamp;

/// For how long a key signs: 30 days. It verifies a little longer, until the last token that it signed has expired.
pub const KEY_LIFETIME_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// A key that signs tokens.
#[derive(Clone)]
pub struct SigningKey {
    /// What tokens call it.
    pub id: String,
    /// From when on it signs.
    pub created_at: Timestamp,
    secret: [u8; Self::LENGTH],
    mac: hmac::Key,
}

impl SigningKey {
    /// As many bytes as HMAC-SHA256 can make use of.
    pub(super) const LENGTH: usize = 32;

    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn generate(now: Timestamp) -> Result<Self, NoRandomness> {
        Ok(Self::new(hex(&random::<8>()?), now, random()?))
    }

    /// Reads a key that was kept as [`SigningKey::expose`] wrote it; `None` for anything else.
    pub fn from_kept(id: String, created_at: Timestamp, secret: &str) -> Option<Self> {
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?;
        Some(Self::new(id, created_at, secret.try_into().ok()?))
    }

    /// The key itself, in base64url, to be kept: whoever has it can be anyone.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret)
    }

    pub(super) fn mac(&self) -> &hmac::Key {
        &self.mac
    }

    pub(super) fn new(id: String, created_at: Timestamp, secret: [u8; Self::LENGTH]) -> Self {
        Self { id, created_at, mac: hmac::Key::new(hmac::HMAC_SHA256, &secret), secret }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).field("created_at", &self.created_at).finish_non_exhaustive()
    }
}

/// The keys with which tokens are signed and checked.
#[derive(Clone, Debug, Default)]
pub struct KeySet(Vec<SigningKey>);

impl KeySet {
    /// These keys.
    pub fn new(mut keys: Vec<SigningKey>) -> Self {
        keys.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        Self(keys)
    }

    /// The keys, newest first.
    pub fn keys(&self) -> &[SigningKey] {
        &self.0
    }

    /// The key that signs.
    pub(super) fn newest(&self) -> Option<&SigningKey> {
        self.0.first()
    }

    pub(super) fn find(&self, id: &str) -> Option<&SigningKey> {
        self.0.iter().find(|key| key.id == id)
    }

    /// Whether it is time for a new key: there is none, or it has signed for [`KEY_LIFETIME_MS`].
    pub fn wants_new_key(&self, now: Timestamp) -> bool {
        self.newest().is_none_or(|key| now.0.saturating_sub(key.created_at.0) >= KEY_LIFETIME_MS)
    }

    /// The ids of keys whose tokens have all expired.
    ///
    /// A server may sign with the former key for as long as it has not seen the newer one: it looks at least as often
    /// as a token lives, so two lifetimes are waited for.
    pub fn expired(&self, now: Timestamp) -> Vec<&str> {
        let successors = self.0.iter().map(|key| key.created_at.0);
        let older = self.0.iter().skip(1);
        let is_over = |end: i64| now.0.saturating_sub(end) > 2 * MAX_TOKEN_LIFETIME_MS + CLOCK_LEEWAY_MS;
        older.zip(successors).filter(|(_, end)| is_over(*end)).map(|(key, _)| key.id.as_str()).collect()
    }
}

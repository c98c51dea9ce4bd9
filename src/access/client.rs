use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;

use crate::model::Secret;

/// The public half of a principal's credentials: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(String);

/// A text that cannot be a client id; it is not repeated, because secrets get pasted into the wrong field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client id is not valid: it has 32 hexadecimal digits")]
pub struct InvalidClientId;

/// The system gives no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes, without which no secret can be made")]
pub struct NoRandomness;

const ID_LENGTH: usize = 32;

impl ClientId {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(hex(&random::<{ ID_LENGTH / 2 }>()?)))
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`InvalidClientId`].
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidClientId> {
        let text = text.into();
        if is_hex(&text, ID_LENGTH) { Ok(Self(text)) } else { Err(InvalidClientId) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The secret half of a principal's credentials: 32 random bytes in base64url. It never shows in `Debug`.
#[derive(Clone)]
pub struct ClientSecret(String);

/// The longest secret that is looked at; ours have 43 characters.
const MAX_SECRET: usize = 256;

impl ClientSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random::<32>()?)))
    }

    /// The secret that somebody presents.
    pub fn presented(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, to be shown once.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        let mut hash = [0; SHA256_OUTPUT_LEN];
        hash.copy_from_slice(digest(&SHA256, self.0.as_bytes()).as_ref());
        SecretHash(hash)
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// The SHA-256 of a [`ClientSecret`]. Nothing slower is needed: the secret has 256 random bits, which nobody guesses.
#[derive(Clone)]
pub struct SecretHash([u8; SHA256_OUTPUT_LEN]);

impl SecretHash {
    /// A hash that no secret is known to have: to compare with where there is no such client, so that both answers take
    /// as long.
    pub const NOBODY: Self = Self([0; SHA256_OUTPUT_LEN]);

    /// Whether `secret` is the one; the time that it takes tells nothing about the hash.
    pub fn verify(&self, secret: &ClientSecret) -> bool {
        secret.0.len() <= MAX_SECRET && bool::from(self.0.ct_eq(&secret.hash().0))
    }

    /// 64 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// Reads what [`SecretHash::to_hex`] wrote; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        if !is_hex(text, 2 * SHA256_OUTPUT_LEN) {
            return None;
        }
        let mut hash = [0; SHA256_OUTPUT_LEN];
        for (nth, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * nth..2 * nth + 2)?, 16).ok()?;
        }
        Some(Self(hash))
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// A key that two sides sign with: 64 random bytes in hexadecimal digits.
///
/// # Errors
/// [`NoRandomness`].
pub fn hmac_key() -> Result<Secret, NoRandomness> {
    Ok(Secret::new(hex(&random::<64>()?)))
}

/// `N` bytes that nobody can foretell.
pub(super) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        for digit in [byte >> 4, byte & 0xf] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or_default());
        }
        text
    })
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_verifies_against_its_own_hash_only() {
        let (secret, other) = (ClientSecret::generate().unwrap(), ClientSecret::generate().unwrap());
        let kept = SecretHash::from_hex(&secret.hash().to_hex()).unwrap();
        assert!(kept.verify(&secret) && kept.verify(&ClientSecret::presented(secret.expose())));
        for wrong in ["", "x", other.expose(), &secret.expose()[1..], &format!("{} ", secret.expose())] {
            assert!(!kept.verify(&ClientSecret::presented(wrong)), "{wrong:?}");
        }
        assert!(!SecretHash::NOBODY.verify(&secret));
    }

    #[test]
    fn a_secret_has_32_bytes_and_does_not_show_itself() {
        let secret = ClientSecret::generate().unwrap();
        assert_eq!(URL_SAFE_NO_PAD.decode(secret.expose()).unwrap().len(), 32);
        let shown = format!("{secret:?} {:?}", secret.hash());
        assert!(!shown.contains(secret.expose()) && !shown.contains(&secret.hash().to_hex()), "{shown}");
    }

    #[test]
    fn the_hash_is_sha_256() {
        let hash = ClientSecret::presented("abc").hash().to_hex();
        assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn an_endless_secret_is_not_the_one() {
        let long = ClientSecret::presented("x".repeat(MAX_SECRET + 1));
        assert!(!long.hash().verify(&long));
    }

    #[test]
    fn a_client_id_is_read_as_it_is_written_and_a_wrong_one_is_not_repeated() {
        let id = ClientId::generate().unwrap();
        assert_eq!(ClientId::parse(id.to_string()), Ok(id));
        for wrong in ["", "f", &"F".repeat(32), &"0".repeat(33), &"é".repeat(16)] {
            assert_eq!(ClientId::parse(wrong), Err(InvalidClientId));
        }
        assert!(!ClientId::parse("hunter2").unwrap_err().to_string().contains("hunter2"));
    }

    #[test]
    fn what_is_not_a_hash_is_not_read_as_one() {
        for wrong in ["", &"0".repeat(63), &"0".repeat(66), &"g".repeat(64), &"+1".repeat(32)] {
            assert!(SecretHash::from_hex(wrong).is_none(), "{wrong}");
        }
    }
}

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// The longest key set that is read, in bytes.
pub const MAX_JWKS_BYTES: usize = 256 * 1024;

/// How many keys a set may have.
pub const MAX_JWKS_KEYS: usize = 64;

const MAX_KEY_ID: usize = 256;

/// 2048 to 8192 bits; ring counts them exactly.
const RSA_MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// What is large and odd is what ring takes; more than 8 bytes nobody uses.
const MAX_RSA_EXPONENT_BYTES: usize = 8;

/// The keys of an issuer (RFC 7517, RFC 7518 section 6, RFC 8037).
#[derive(Clone, Debug, Default)]
pub struct Jwks(Vec<Key>);

/// Something is no key set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJwks {
    /// It is endless.
    #[error("the key set of the issuer is longer than 256 KiB")]
    TooLong,
    /// It has too many keys.
    #[error("the key set of the issuer has more than {MAX_JWKS_KEYS} keys")]
    TooMany,
    /// It is something else.
    #[error("what the issuer answers is not a key set: an object with an array named keys")]
    Malformed,
}

#[derive(Clone, Debug)]
struct Key {
    id: String,
    material: Material,
}

/// A key of one kind, which verifies by one algorithm: the token does not choose.
#[derive(Clone, Debug)]
enum Material {
    /// RS256.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// ES256: an uncompressed point on P-256.
    P256(Vec<u8>),
    /// EdDSA.
    Ed25519(Vec<u8>),
}

/// The fields of a key that are looked at.
#[derive(Deserialize)]
struct Shape {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct SetShape {
    keys: Vec<Value>,
}

impl Jwks {
    /// Reads a key set. Keys that cannot check a signature that we know are left out: of another kind or use, without
    /// an id, too weak, broken.
    ///
    /// # Errors
    /// [`InvalidJwks`].
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidJwks> {
        if bytes.len() > MAX_JWKS_BYTES {
            return Err(InvalidJwks::TooLong);
        }
        let SetShape { keys } = serde_json::from_slice(bytes).map_err(|_| InvalidJwks::Malformed)?;
        if keys.len() > MAX_JWKS_KEYS {
            return Err(InvalidJwks::TooMany);
        }
        Ok(Self(keys.into_iter().filter_map(Key::read).collect()))
    }

    /// Whether there is a key of this name that verifies by this algorithm.
    pub(super) fn has(&self, id: &str, algorithm: &str) -> bool {
        self.candidates(id, algorithm).next().is_some()
    }

    /// Whether a key of this name, and of the kind that the algorithm asks for, made the signature.
    pub(super) fn verify(&self, (id, algorithm): (&str, &str), signed: &[u8], signature: &[u8]) -> bool {
        self.candidates(id, algorithm).any(|key| key.material.verify(signed, signature))
    }

    fn candidates<'a>(&'a self, id: &'a str, algorithm: &'a str) -> impl Iterator<Item = &'a Key> {
        self.0.iter().filter(move |key| key.id == id && key.material.algorithm() == algorithm)
    }
}

impl Key {
    fn read(value: Value) -> Option<Self> {
        let shape: Shape = serde_json::from_value(value).ok()?;
        let id = shape.kid.filter(|id| !id.is_empty() && id.len() <= MAX_KEY_ID)?;
        if shape.purpose.is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        if shape.key_ops.is_some_and(|operations| !operations.iter().any(|operation| operation == "verify")) {
            return None;
        }
        let bytes = |text: Option<String>| URL_SAFE_NO_PAD.decode(text?).ok();
        let material = match (shape.kty.as_str(), shape.crv.as_deref()) {
            ("RSA", _) => {
                let (n, e) = (without_zeros(bytes(shape.n)?), without_zeros(bytes(shape.e)?));
                if !RSA_MODULUS_BYTES.contains(&n.len()) || e.len() > MAX_RSA_EXPONENT_BYTES {
                    return None;
                }
                Material::Rsa { n, e }
            }
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes(shape.x)?, bytes(shape.y)?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                Material::P256([&[4], x.as_slice(), y.as_slice()].concat())
            }
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes(shape.x).filter(|x| x.len() == 32)?),
            _ => return None,
        };
        if shape.alg.is_some_and(|algorithm| algorithm != material.algorithm()) {
            return None;
        }
        Some(Self { id, material })
    }
}

/// Some issuers put a zero byte before a number, against RFC 7518, section 2; ring takes none.
fn without_zeros(bytes: Vec<u8>) -> Vec<u8> {
    bytes.into_iter().skip_while(|byte| *byte == 0).collect()
}

impl Material {
    /// The name of the algorithm (RFC 7518, section 3.1; RFC 8037, section 3.1).
    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
            }
            Self::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature),
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(signed, signature),
        }
        .is_ok()
    }
}

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};

use crate::access::jws;

/// An RSA key of 2048 bits, made for these tests: PKCS #8, in base64.
const RSA_KEY: &str = concat!(
    "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQChst/gLYdn6R1hMfV87KRLbddqMym752yq4LpMub5q46OAqwqde0Kc",
    "gVZy1MiFBksplEQi7PJsyWxnyKN/EgtaoQb4iPA68uwaDJdZ63y/xQs/Uo3GZTYU+jdrAoDE30uy46PiVl7VdsEeFRuCzEf5dMSjxDq+",
    "0Faq2zEQLxCQtVayJqYanQ2cdpdjdAgI1jQy8xfPz9RGro3TsDDug21eXzJCjwK5sgoNC/JQOirCFgFPfMB4g8tZDUlPI75/QNtm2JAN",
    "vq+OPyqLVukbqMOTK7yaSb2pgLz/ndqXsx39fIi5CBtQIJPDvEmoJSWakiuHgX4IF6QPfR14u3xeHQuNAgMBAAECggEASjyt9SXiA05u",
    "6yc9LkAVA/5nhn373KWY6fDoB37Fkhx1/gZJBtlG0US+NFVFxHEJxAqqp6BCgriNOS7QBXB63v6MDUINjPrnc+Qw/psTeJXWHpnftmTU",
    "ShhApjQNe5WLExPZM3p06qstaYrGSSxRpRE7kHZwhBdxmtqscWIySEUF/7hx90EMt/wpD2RmszWArBOZG6dfTAHLk1AxsIXriVIn4IbI",
    "iE1+q6uHMR8Ilm466aYuGl8Fe7IefrXzW72cUkdBvz88svugZN3lnP2dLegjmk9KcH7MP8EzW+M7ZGsnuDcTST/r/kGHNwqY2LeM3Re4",
    "kJ7yeuwewFbtyJvrLwKBgQDVrMjmaaLeMceC36yRGByJMFU0BaD6RL/BZ1tp0eM1/2bUmXn9blGDmx3iESPNVjc1iBcz1kuOGO9GbhdZ",
    "lRLHYBIgYUH4ImiMUUCEPMKG6JFSpYxvxABTTJr+EFGOyOYA+XajoC2Ge8szeuY6CM1xM3ZMiHkJm0xJ5TkqL55F0wKBgQDBum9GMBK6",
    "OnBh8HJX29tqu+2UorJLtEB4/ZGU9DTgO1pjNeaJEtBniIE9dTpDfiof/6ksxnSHo+5C7AmKAlBZT1mGv4HpRfuBrozKX/i6aedjRwlI",
    "8k8Jm1iQXMROzilGXRdndZb06XQQCIAU2lpkKPHNrmbnQBOycgtuH1GtHwKBgQCJlZs6ufRULCtyOsIsHyFouMV0HNe9rnzmdL3o0mwB",
    "/fVhmX1yURGNs1i3kx/BfO1Ju9ps12SJF8ciS4sfdJzF4jdpwBYxRz6Yc00emN0M7z17wPs/kC5BdMcsJqfNT9DB+d+Jln8Z5CZAfLc3",
    "0Skv5dobh5igNe4WetGnN0grXwKBgQCeESEzsovFOWNy9f5F45Se/OE3spwpmtQ0JCkB0VPHVYZFhrgoRZqXr1BMNfcpFKsIWtDNQMvZ",
    "1I7WOcL6wTKP/Gd+w4kbLcetox8rDK1kZH6wiUhxJYwJuZ/EgnyGFD6nM9Ohzdcy07yoTFc9LIAuUx4ghVle+/BWXCkpXBKHXwKBgECU",
    "HBA8RdmzwbPfvj57GYYnT5ymycdRbpPsCCxPmf8WB/kwvgPDwUWT5In8YvbXcr4L1E9A7+ici43cog2wnsTQBE4AD/fsIpO4wmAfEXt3",
    "9yBXWpjQqpYjNGypjtBzrUqMvoCh+KIXXNd40inRwYVp5qlSVXbqKUZcHM5WmaeM",
);

/// Its modulus.
const RSA_MODULUS: &str = concat!(
    "obLf4C2HZ-kdYTH1fOykS23XajMpu-dsquC6TLm-auOjgKsKnXtCnIFWctTIhQZLKZREIuzybMlsZ8ijfxILWqEG-IjwOvLsGgyXWet8",
    "v8ULP1KNxmU2FPo3awKAxN9LsuOj4lZe1XbBHhUbgsxH-XTEo8Q6vtBWqtsxEC8QkLVWsiamGp0NnHaXY3QICNY0MvMXz8_URq6N07Aw",
    "7oNtXl8yQo8CubIKDQvyUDoqwhYBT3zAeIPLWQ1JTyO-f0DbZtiQDb6vjj8qi1bpG6jDkyu8mkm9qYC8_53al7Md_XyIuQgbUCCTw7xJ",
    "qCUlmpIrh4F-CBekD30deLt8Xh0LjQ",
);

/// The modulus of a key of 1024 bits.
pub(super) const WEAK_MODULUS: &str = concat!(
    "yYG40v3aJfeBk57TlBDO3I7MlQWwe0pHb8jWEmnIzTWvHgaAdhkc_4qoZT6I4tXSU5VGhIvm10lwuolt5DEwlLloR7lHuxyx5RDoZuZ3",
    "nV8Pv98g9CfLmrGcllx6aLiU2pkda_J_2MGfewVZ2UPB5utuDC8f51jSKrndrgEvJAU",
);

/// An issuer's key.
pub(super) enum Signer {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    pub(super) fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::from_pkcs8(&STANDARD.decode(RSA_KEY).unwrap()).unwrap()))
    }

    pub(super) fn p256() -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap())
    }

    pub(super) fn ed25519() -> Self {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed25519(Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap())
    }

    pub(super) fn all() -> [Self; 3] {
        [Self::rsa(), Self::p256(), Self::ed25519()]
    }

    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    /// The public half, as the issuer publishes it.
    pub(super) fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa(_) => {
                json!({"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": RSA_MODULUS, "e": "AQAB"})
            }
            Self::P256(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": text(x), "y": text(y)})
            }
            Self::Ed25519(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": text(key.public_key().as_ref())})
            }
        }
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature).unwrap();
                signature
            }
            Self::P256(key) => key.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Self::Ed25519(key) => key.sign(bytes).as_ref().to_vec(),
        }
    }

    /// A token with a header of the usual kind.
    pub(super) fn token(&self, kid: &str, claims: &Value) -> String {
        self.token_with(&json!({"alg": self.algorithm(), "typ": "JWT", "kid": kid}), &claims.to_string())
    }

    pub(super) fn token_with(&self, header: &Value, claims: &str) -> String {
        jws::sign(&header.to_string(), claims, |signed| self.sign(signed))
    }
}

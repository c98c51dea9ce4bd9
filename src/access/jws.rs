use std::collections::HashSet;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The longest token that is looked at, in bytes. CI systems issue 1 to 4 KiB.
pub(super) const MAX_TOKEN: usize = 16 * 1024;

/// A signed token in the compact serialization of RFC 7515, section 7.1, taken apart but not yet believed:
///
/// ```text
/// base64url(header) "." base64url(payload) "." base64url(signature)
///           {"alg":"ES256","kid":"…","typ":"JWT"}
/// ```
///
/// One parser for our own tokens and those of others. There are crates for this, but they come with a cryptography of
/// their own or a provider for the whole process, take the last of two claims with the same name, and support
/// algorithms and header fields (`jwk`, `jku`, `x5c`) that are best not understood at all.
#[derive(Debug)]
pub(super) struct Jws<'t> {
    pub(super) header: Header,
    pub(super) claims: Claims,
    /// What is signed.
    pub(super) signed: &'t [u8],
    pub(super) signature: Vec<u8>,
}

/// The fields of a header that are looked at; every other one is skipped, except `crit`.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) kid: Option<String>,
}

/// Something is no token. It does not say of which text: tokens do not belong into logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is malformed: {0}")]
pub struct Malformed(pub(super) &'static str);

impl<'t> Jws<'t> {
    pub(super) fn parse(token: &'t str) -> Result<Self, Malformed> {
        if token.len() > MAX_TOKEN {
            return Err(Malformed("it is longer than 16 KiB"));
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Malformed("it does not have three parts"));
        };
        let signed = &token.as_bytes()[..header.len() + 1 + payload.len()];
        let mut header = object(header)?;
        if header.contains_key("crit") {
            return Err(Malformed("its header demands an extension"));
        }
        let Some(Value::String(alg)) = header.remove("alg") else {
            return Err(Malformed("its header names no algorithm"));
        };
        let kid = match header.remove("kid") {
            None => None,
            Some(Value::String(kid)) => Some(kid),
            Some(_) => return Err(Malformed("its key id is not a text")),
        };
        let claims = Claims(object(payload)?);
        Ok(Self { header: Header { alg, kid }, claims, signed, signature: decode(signature)? })
    }
}

/// Joins and signs; `header` and `claims` are JSON.
pub(super) fn sign(header: &str, claims: &str, signature: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = signature(token.as_bytes());
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(signature));
    token
}

fn decode(part: &str) -> Result<Vec<u8>, Malformed> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Malformed("a part of it is not base64url"))
}

fn object(part: &str) -> Result<Map<String, Value>, Malformed> {
    let UniqueKeys(object) =
        serde_json::from_slice(&decode(part)?).map_err(|_| Malformed("a part of it is not a JSON object"))?;
    Ok(object)
}

/// What a token says, with the types that are asked for.
#[derive(Debug)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// The texts of a claim that is one text or an array of texts.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// A claim in seconds since the epoch, in milliseconds; a fraction is cut off, and what is out of any range is an
    /// error rather than a surprise.
    pub(super) fn moment(&self, name: &'static str) -> Result<Option<i64>, Malformed> {
        /// The end of the year 9999.
        const LATEST: i64 = 253_402_300_799;
        let Some(value) = self.0.get(name) else { return Ok(None) };
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and the range is checked below")]
        let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
        match seconds {
            Some(seconds) if (0..=LATEST).contains(&seconds) => Ok(Some(seconds * 1000)),
            _ => Err(Malformed("a time in it is not a number of seconds since 1970")),
        }
    }
}

/// A JSON object, none of whose members (nor theirs) is there twice: two readers could each take another one.
struct UniqueKeys(Map<String, Value>);

/// A value inside of [`UniqueKeys`].
struct Unambiguous(Value);

/// How many members an object of a token may have.
const MAX_MEMBERS: usize = 256;

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Unambiguous::deserialize(deserializer)? {
            Unambiguous(Value::Object(object)) => Ok(Self(object)),
            Unambiguous(_) => Err(D::Error::custom("not an object")),
        }
    }
}

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UnambiguousVisitor).map(Self)
    }
}

struct UnambiguousVisitor;

impl<'de> Visitor<'de> for UnambiguousVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Unambiguous(value)) = values.next_element()? {
            array.push(value);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut names = HashSet::new();
        while let Some((name, Unambiguous(value))) = members.next_entry::<String, Unambiguous>()? {
            if !names.insert(name.clone()) || names.len() > MAX_MEMBERS {
                return Err(A::Error::custom("a repeated member, or too many"));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        sign(header, claims, |_| b"signature".to_vec())
    }

    const HEADER: &str = r#"{"alg":"HS256","kid":"k1"}"#;

    #[test]
    fn a_token_is_taken_apart() {
        let token = token(HEADER, r#"{"sub":"me","aud":["a","b"],"exp":12.7,"iat":3}"#);
        let jws = Jws::parse(&token).unwrap();
        assert_eq!((jws.header.alg.as_str(), jws.header.kid.as_deref()), ("HS256", Some("k1")));
        assert_eq!(jws.signature, b"signature");
        assert_eq!(jws.signed, token.rsplit_once('.').unwrap().0.as_bytes());
        assert_eq!((jws.claims.text("sub"), jws.claims.texts("aud")), (Some("me"), vec!["a", "b"]));
        assert_eq!((jws.claims.moment("exp"), jws.claims.moment("iat")), (Ok(Some(12_000)), Ok(Some(3000))));
        assert_eq!((jws.claims.text("exp"), jws.claims.moment("nbf")), (None, Ok(None)));
    }

    #[test]
    fn what_is_not_a_token_is_refused() {
        let good = token(HEADER, "{}");
        let (signed, signature) = good.rsplit_once('.').unwrap();
        for wrong in [
            String::new(),
            "..".to_owned(),
            signed.to_owned(),
            format!("{good}.x"),
            format!("{good}="),
            format!(" {good}"),
            format!("{signed}.{}", &signature[..signature.len() - 3]),
            format!("{signed}.c2lnbmF0dXJl+/"),
            token("[]", "{}"),
            token(HEADER, "[]"),
            token(HEADER, "{"),
            token(HEADER, "{} {}"),
            token(r#"{"kid":"k1"}"#, "{}"),
            token(r#"{"alg":5}"#, "{}"),
            token(r#"{"alg":"HS256","kid":5}"#, "{}"),
            token(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, "{}"),
            token(HEADER, &format!(r#"{{"x":"{}"}}"#, "x".repeat(MAX_TOKEN))),
            token(HEADER, &format!("{}{}", r#"{"x":"#.repeat(1000), "}".repeat(1000))),
            token(HEADER, &"[".repeat(2000)),
        ] {
            assert!(Jws::parse(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_claim_that_is_there_twice_is_refused_at_any_depth() {
        for claims in [r#"{"sub":"a","sub":"b"}"#, r#"{"a":{"b":1,"b":1}}"#, r#"{"a":[{"b":1,"\u0062":1}]}"#] {
            assert_eq!(
                Jws::parse(&token(HEADER, claims)).err(),
                Some(Malformed("a part of it is not a JSON object")),
                "{claims}"
            );
        }
        assert!(Jws::parse(&token(r#"{"alg":"none","alg":"HS256"}"#, "{}")).is_err());
    }

    #[test]
    fn a_time_out_of_range_is_refused() {
        for time in ["-1", "1e300", "253402300800", "18446744073709551615", "\"12\"", "null", "[]", "true"] {
            let token = token(HEADER, &format!(r#"{{"exp":{time}}}"#));
            assert!(Jws::parse(&token).unwrap().claims.moment("exp").is_err(), "{time}");
        }
    }
}

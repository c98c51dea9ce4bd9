mod attacks;
mod caching;
mod keys;
mod rules;
mod signer;

use serde_json::{Value, json};
use signer::Signer;

use super::*;
use crate::model::Timestamp;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const ISSUER: &str = "https://gitlab.example.com";
const AUDIENCE: &str = "https://registry.example.com";
const KID: &str = "2026-11";

fn issuer(address: &str) -> Issuer {
    Issuer::parse(address, Loopback::Https).unwrap()
}

fn condition(claim: &str, pattern: &str) -> Condition {
    Condition { claim: claim.to_owned(), pattern: Pattern::parse(pattern).unwrap() }
}

/// A rule for the jobs of acme/web on release branches.
fn rule() -> IdentityRule {
    let conditions = vec![condition("project_path", "acme/web"), condition("ref", "release/*")];
    IdentityRule::new(issuer(ISSUER), AUDIENCE, conditions).unwrap()
}

/// What the token of such a job says.
fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "project_path:acme/web:ref_type:branch:ref:release/1",
        "iat": 1_800_000_000, "nbf": 1_799_999_995, "exp": 1_800_000_300, "jti": "7f1c",
        "project_path": "acme/web", "ref": "release/1", "ref_protected": "true", "nested": {"deep": [1, 2.5, null]},
    })
}

/// The same, with some claims replaced, or left out where they are null.
fn claims_with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

fn jwks(keys: &[Value]) -> Jwks {
    Jwks::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

/// What becomes of a token of `signer` with `claims`.
fn verified(signer: &Signer, claims: &Value) -> Result<Vec<usize>, OidcError> {
    verify(&signer.token(KID, claims), &[rule()], &jwks(&[signer.jwk(KID)]), NOW)
}

use super::signer::WEAK_MODULUS;
use super::*;

#[test]
fn a_job_proves_who_it_is_by_each_algorithm() {
    for signer in Signer::all() {
        assert_eq!(verified(&signer, &claims()), Ok(vec![0]), "{}", signer.algorithm());
    }
}

#[test]
fn a_key_is_found_among_others_by_its_name_and_kind() {
    let [rsa, p256, ed25519] = Signer::all();
    let other = Signer::p256();
    let keys = jwks(&[other.jwk("old"), rsa.jwk(KID), other.jwk(KID), p256.jwk(KID), ed25519.jwk(KID)]);
    for signer in [rsa, p256, ed25519] {
        assert_eq!(verify(&signer.token(KID, &claims()), &[rule()], &keys, NOW), Ok(vec![0]), "{}", signer.algorithm());
    }
}

#[test]
fn a_key_that_is_weak_broken_or_for_something_else_is_left_out() {
    let good = Signer::rsa().jwk(KID);
    let p256 = Signer::p256().jwk(KID);
    let ed25519 = Signer::ed25519().jwk(KID);
    let with = |key: &Value, name: &str, value: Value| {
        let mut key = key.clone();
        key[name] = value;
        key
    };
    let long = "A".repeat(2000);
    for (what, key, algorithm) in [
        ("1024 bits", with(&good, "n", json!(WEAK_MODULUS)), "RS256"),
        ("zeros before 1024 bits", with(&good, "n", json!(format!("{}{WEAK_MODULUS}", "AAAA".repeat(100)))), "RS256"),
        ("more than 8192 bits", with(&good, "n", json!(format!("_{long}"))), "RS256"),
        ("an endless exponent", with(&good, "e", json!(format!("_{}", &long[..99]))), "RS256"),
        ("for encryption", with(&good, "use", json!("enc")), "RS256"),
        ("not for verification", with(&good, "key_ops", json!(["encrypt"])), "RS256"),
        ("for another algorithm", with(&good, "alg", json!("PS256")), "RS256"),
        ("for HMAC", with(&good, "alg", json!("HS256")), "RS256"),
        ("without a name", with(&good, "kid", Value::Null), "RS256"),
        ("with an empty name", with(&good, "kid", json!("")), "RS256"),
        ("with a number for a name", with(&good, "kid", json!(5)), "RS256"),
        ("a secret", json!({"kty": "oct", "kid": KID, "k": "c2VjcmV0"}), "RS256"),
        ("not base64url", with(&good, "n", json!("+++=")), "RS256"),
        ("without a modulus", with(&good, "n", Value::Null), "RS256"),
        ("another curve", with(&p256, "crv", json!("P-384")), "ES256"),
        ("half a point", with(&p256, "x", json!("AAAA")), "ES256"),
        ("another Edwards curve", with(&ed25519, "crv", json!("Ed448")), "EdDSA"),
        ("a short key", with(&ed25519, "x", json!("AAAA")), "EdDSA"),
    ] {
        assert!(!jwks(&[key]).has(KID, algorithm), "{what}");
    }
    assert!(jwks(&[json!(5), json!(null), json!({}), good]).has(KID, "RS256"), "the others are used");
}

#[test]
fn a_point_off_the_curve_verifies_nothing() {
    let signer = Signer::p256();
    let mut key = signer.jwk(KID);
    key["y"] = key["x"].clone();
    let result = verify(&signer.token(KID, &claims()), &[rule()], &jwks(&[key]), NOW);
    assert_eq!(result, Err(OidcError::BadSignature));
}

#[test]
fn a_modulus_with_a_zero_before_it_is_the_same_number() {
    let signer = Signer::rsa();
    let mut key = signer.jwk(KID);
    // Three bytes more, so that the rest keeps its notation.
    key["n"] = json!(format!("AAAA{}", key["n"].as_str().unwrap()));
    assert_eq!(verify(&signer.token(KID, &claims()), &[rule()], &jwks(&[key]), NOW), Ok(vec![0]));
}

#[test]
fn a_key_set_is_bounded() {
    let keys = |count| json!({ "keys": vec![json!({}); count] }).to_string().into_bytes();
    assert!(Jwks::parse(&keys(MAX_JWKS_KEYS)).is_ok());
    assert_eq!(Jwks::parse(&keys(MAX_JWKS_KEYS + 1)).err(), Some(InvalidJwks::TooMany));
    assert_eq!(Jwks::parse(&vec![b' '; MAX_JWKS_BYTES + 1]).err(), Some(InvalidJwks::TooLong));
    for wrong in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[]"#, r#"{"keys":[],"keys":[]}"#, "<html>"] {
        assert_eq!(Jwks::parse(wrong.as_bytes()).err(), Some(InvalidJwks::Malformed), "{wrong}");
    }
}

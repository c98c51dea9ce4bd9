use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use super::*;
use crate::access::jws;

#[test]
fn no_algorithm_that_proves_nothing_is_taken() {
    let signer = Signer::rsa();
    let keys = jwks(&[signer.jwk(KID)]);
    for algorithm in ["none", "None", "NONE", "", "HS256", "HS384", "HS512", "PS256", "RS1", "RS512", "rs256", "dir"] {
        let header = json!({"alg": algorithm, "kid": KID});
        for token in [
            jws::sign(&header.to_string(), &claims().to_string(), |_| Vec::new()),
            signer.token_with(&header, &claims().to_string()),
        ] {
            let result = verify(&token, &[rule()], &keys, NOW);
            assert_eq!(result, Err(OidcError::Algorithm(algorithm.to_owned())), "{algorithm}");
        }
    }
}

/// The classic: the public key, which everybody knows, used as the secret of an HMAC.
#[test]
fn a_public_key_is_not_a_secret() {
    let signer = Signer::rsa();
    let public = signer.jwk(KID);
    for secret in [public["n"].as_str().unwrap().as_bytes().to_vec(), public.to_string().into_bytes()] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        for algorithm in ["HS256", "RS256", "ES256", "EdDSA"] {
            let header = json!({"alg": algorithm, "kid": KID}).to_string();
            let token = jws::sign(&header, &claims().to_string(), |signed| hmac::sign(&key, signed).as_ref().to_vec());
            assert!(verify(&token, &[rule()], &jwks(std::slice::from_ref(&public)), NOW).is_err(), "{algorithm}");
        }
    }
}

#[test]
fn the_key_and_not_the_token_chooses_the_algorithm() {
    for signer in Signer::all() {
        for algorithm in ["RS256", "ES256", "EdDSA"].into_iter().filter(|name| *name != signer.algorithm()) {
            let token = signer.token_with(&json!({"alg": algorithm, "kid": KID}), &claims().to_string());
            let result = verify(&token, &[rule()], &jwks(&[signer.jwk(KID)]), NOW);
            assert!(matches!(result, Err(OidcError::UnknownKey { .. })), "{algorithm}: {result:?}");
        }
    }
}

#[test]
fn a_key_that_the_token_brings_along_is_not_looked_at() {
    let (issuers, mine) = (Signer::p256(), Signer::p256());
    let keys = jwks(&[issuers.jwk(KID)]);
    let header = json!({
        "alg": "ES256", "kid": KID, "jwk": mine.jwk(KID), "jku": "https://evil.example.com/keys", "x5u": "https://evil.example.com",
        "x5c": ["AAAA"],
    });
    let token = mine.token_with(&header, &claims().to_string());
    assert_eq!(verify(&token, &[rule()], &keys, NOW), Err(OidcError::BadSignature));
}

#[test]
fn the_name_of_a_key_is_only_a_name() {
    let signer = Signer::p256();
    let keys = jwks(&[signer.jwk(KID)]);
    for kid in ["", " ", "../../../../dev/null", "2026-11\0", "2026-11 ", "' OR 1=1 --", "%32026-11", "*"] {
        let result = verify(&signer.token(kid, &claims()), &[rule()], &keys, NOW);
        assert!(matches!(result, Err(OidcError::UnknownKey { .. })), "{kid}: {result:?}");
    }
    for kid in [json!(null), json!(5), json!([KID]), json!({"kid": KID})] {
        let token = signer.token_with(&json!({"alg": "ES256", "kid": kid}), &claims().to_string());
        assert!(matches!(verify(&token, &[rule()], &keys, NOW), Err(OidcError::Malformed(_))), "{kid}");
    }
    let without = signer.token_with(&json!({"alg": "ES256"}), &claims().to_string());
    assert!(matches!(verify(&without, &[rule()], &keys, NOW), Err(OidcError::Malformed(_))));
}

#[test]
fn the_key_of_another_issuer_does_not_help() {
    let (ours, theirs) = (Signer::ed25519(), Signer::ed25519());
    let token = theirs.token(KID, &claims());
    assert_eq!(verify(&token, &[rule()], &jwks(&[ours.jwk(KID)]), NOW), Err(OidcError::BadSignature));
}

#[test]
fn a_token_is_taken_in_its_time_only() {
    let signer = Signer::ed25519();
    let token = signer.token(KID, &claims());
    let keys = jwks(&[signer.jwk(KID)]);
    let at = |seconds: i64| verify(&token, &[rule()], &keys, Timestamp(seconds * 1000));
    let leeway = CLOCK_LEEWAY_MS / 1000;
    for good in [1_800_000_000, 1_800_000_000 - leeway, 1_800_000_299 + leeway] {
        assert_eq!(at(good), Ok(vec![0]), "{good}");
    }
    assert_eq!(at(1_800_000_300 + leeway), Err(OidcError::Expired));
    assert_eq!(at(1_800_000_000 - leeway - 1), Err(OidcError::NotYetValid));
    for (changes, expected) in [
        (json!({"exp": 1_799_999_000}), OidcError::Expired),
        (json!({"exp": 0}), OidcError::Expired),
        (json!({"nbf": 1_800_000_100}), OidcError::NotYetValid),
        (json!({"iat": 1_800_000_100}), OidcError::NotYetValid),
    ] {
        assert_eq!(verified(&signer, &claims_with(&changes)), Err(expected), "{changes}");
    }
    assert_eq!(verified(&signer, &claims_with(&json!({"nbf": null, "iat": null}))), Ok(vec![0]), "both are optional");
}

#[test]
fn a_time_that_is_no_time_is_refused() {
    let signer = Signer::ed25519();
    for name in ["exp", "nbf", "iat"] {
        for time in
            [json!("1800000300"), json!(-1), json!(u64::MAX), json!(i64::MAX), json!(1e300), json!([]), json!(true)]
        {
            let result = verified(&signer, &claims_with(&json!({ name: time })));
            assert!(matches!(result, Err(OidcError::Malformed(_))), "{name} {time}: {result:?}");
        }
        let text =
            claims().to_string().replacen(&format!("\"{name}\":1"), &format!("\"{name}\":1{}", "0".repeat(400)), 1);
        let token = signer.token_with(&json!({"alg": "EdDSA", "kid": KID}), &text);
        assert!(verify(&token, &[rule()], &jwks(&[signer.jwk(KID)]), NOW).is_err(), "{name} of 410 digits");
    }
    let endless = verified(&signer, &claims_with(&json!({"exp": null})));
    assert!(matches!(endless, Err(OidcError::Malformed(_))), "{endless:?}");
}

#[test]
fn a_claim_that_is_there_twice_is_refused() {
    let signer = Signer::ed25519();
    let twice = claims().to_string().replacen('{', r#"{"project_path":"evil/web","#, 1);
    let token = signer.token_with(&json!({"alg": "EdDSA", "kid": KID}), &twice);
    let result = verify(&token, &[rule()], &jwks(&[signer.jwk(KID)]), NOW);
    assert!(matches!(result, Err(OidcError::Malformed(_))), "{result:?}");
}

#[test]
fn no_prefix_of_a_token_is_taken_and_nothing_panics() {
    let signer = Signer::p256();
    let token = signer.token(KID, &claims());
    let keys = jwks(&[signer.jwk(KID)]);
    for end in 0..token.len() {
        assert!(verify(&token[..end], &[rule()], &keys, NOW).is_err(), "{end}");
    }
    for wrong in [
        format!("{token}."),
        format!("{token}A"),
        format!("{token}=="),
        format!("\u{feff}{token}"),
        token.replace('.', ".."),
    ] {
        assert!(verify(&wrong, &[rule()], &keys, NOW).is_err());
    }
}

#[test]
fn no_bit_of_a_signature_can_be_changed() {
    for signer in Signer::all() {
        let token = signer.token(KID, &claims());
        let keys = jwks(&[signer.jwk(KID)]);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        for at in 0..signature.len() {
            let mut changed = signature.clone();
            changed[at] ^= 1 << (at % 8);
            let wrong = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(changed));
            assert_eq!(verify(&wrong, &[rule()], &keys, NOW), Err(OidcError::BadSignature), "{}", signer.algorithm());
        }
        for changed in [vec![], vec![0; 64], signature[1..].to_vec(), [signature.as_slice(), &[0]].concat()] {
            let wrong = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(changed));
            assert_eq!(verify(&wrong, &[rule()], &keys, NOW), Err(OidcError::BadSignature), "{}", signer.algorithm());
        }
    }
}

#[test]
fn a_token_of_more_than_16_kib_is_refused_unread() {
    let signer = Signer::ed25519();
    let result = verified(&signer, &claims_with(&json!({"padding": "x".repeat(16 * 1024)})));
    assert_eq!(result.unwrap_err().to_string(), "the token is malformed: it is longer than 16 KiB");
    assert_eq!(verified(&signer, &claims_with(&json!({"padding": "x".repeat(10 * 1024)}))), Ok(vec![0]));
}

#[test]
fn messages_repeat_little_of_what_a_stranger_sent() {
    let signer = Signer::ed25519();
    let long = "x".repeat(5000);
    for changes in
        [json!({"iss": long}), json!({"aud": long}), json!({"ref": long}), json!({"aud": vec![long.clone(); 2]})]
    {
        assert!(verified(&signer, &claims_with(&changes)).unwrap_err().to_string().len() < 500);
    }
    let token = signer.token(&long, &claims());
    assert!(verify(&token, &[rule()], &Jwks::default(), NOW).unwrap_err().to_string().len() < 500);
}

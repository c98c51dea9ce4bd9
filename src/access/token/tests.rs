use super::*;

const NOON: Timestamp = Timestamp(1_800_000_000_000);

const HOUR: Duration = Duration::from_secs(3600);
const HOUR_MS: i64 = 3600 * 1000;

fn later(milliseconds: i64) -> Timestamp {
    Timestamp(NOON.0 + milliseconds)
}

fn key(id: &str, created_at: Timestamp) -> SigningKey {
    let mut secret = [7; 32];
    secret[0] = id.bytes().last().unwrap();
    SigningKey::new(id.to_owned(), created_at, secret)
}

fn keys() -> KeySet {
    KeySet::new(vec![key("k1", NOON)])
}

fn principal() -> PrincipalId {
    PrincipalId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap()
}

fn organization() -> OrganizationId {
    OrganizationId::parse("6b4f1f0e-58a1-4e3d-9a55-0c1a4f0d9e11").unwrap()
}

fn token() -> String {
    issue(&keys(), &principal(), &organization(), NOON, HOUR).unwrap().0
}

/// A token with this header and these claims, signed with the right key.
fn signed(header: &str, claims: &str) -> String {
    sign(header, claims, |signed| hmac::sign(keys().newest().unwrap().mac(), signed).as_ref().to_vec())
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT","kid":"k1"}"#;

#[test]
fn a_token_says_who_bears_it_for_as_long_as_it_was_made_for() {
    let (token, claims) = issue(&keys(), &principal(), &organization(), later(789), HOUR).unwrap();
    assert_eq!(claims.principal_id, principal());
    assert_eq!(claims.organization_id, organization());
    assert_eq!((claims.issued_at, claims.expires_at), (NOON, later(HOUR_MS)));
    for moment in [later(789), later(HOUR_MS - 1), later(-CLOCK_LEEWAY_MS)] {
        assert_eq!(verify(&keys(), &token, moment), Ok(claims.clone()));
    }
    for moment in [later(HOUR_MS), Timestamp(i64::MAX)] {
        assert_eq!(verify(&keys(), &token, moment), Err(TokenError::Expired));
    }
    for moment in [later(-CLOCK_LEEWAY_MS - 1), Timestamp(i64::MIN)] {
        assert_eq!(verify(&keys(), &token, moment), Err(TokenError::NotYetValid));
    }
}

#[test]
fn no_token_is_valid_for_longer_than_a_day() {
    let (_, claims) = issue(&keys(), &principal(), &organization(), NOON, Duration::MAX).unwrap();
    assert_eq!(claims.expires_at, later(MAX_TOKEN_LIFETIME_MS));
}

#[test]
fn a_token_is_plain_hs256_that_others_can_read() {
    // Made with Python's hmac and base64, from the same key and claims.
    let expected = concat!(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0",
        ".eyJzdWIiOiIwMUtBUFJBOFFKNVcxTjlKN1owRlEySzhWRCIsIm9yZyI6IjZiNGYxZjBlLTU4YTEtNGUzZC05YTU1LTBjMWE0ZjBk",
        "OWUxMSIsImlhdCI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAzNjAwfQ",
        ".bmIiGN4gLBvw4GVBgxRUEvrg10HAYHttayxwp4dCb-8",
    );
    assert_eq!(token(), expected);
}

#[test]
fn no_byte_of_a_token_can_be_changed() {
    let good = token();
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let wrong = String::from_utf8(bytes).unwrap();
        if wrong != good {
            assert!(verify(&keys(), &wrong, NOON).is_err(), "byte {at}");
        }
    }
}

#[test]
fn only_the_algorithm_that_we_sign_with_is_accepted() {
    let claims = token().split('.').nth(1).unwrap().to_owned();
    let claims = {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    for algorithm in ["none", "None", "HS384", "HS512", "RS256", "hs256", "", "HS256 "] {
        let header = format!(r#"{{"alg":"{algorithm}","typ":"JWT","kid":"k1"}}"#);
        let refused = Err(TokenError::Malformed(Malformed("it is not signed with HS256")));
        assert_eq!(verify(&keys(), &signed(&header, &claims), NOON), refused, "{algorithm:?}");
        let unsigned = sign(&header, &claims, |_| Vec::new());
        assert_eq!(verify(&keys(), &unsigned, NOON), refused, "{algorithm:?}");
    }
    let unsigned = sign(HEADER, &claims, |_| Vec::new());
    assert_eq!(verify(&keys(), &unsigned, NOON), Err(TokenError::BadSignature));
}

#[test]
fn a_token_of_another_registry_is_refused() {
    let other = SigningKey::new("k1".to_owned(), NOON, [9; 32]);
    let forged = issue(&KeySet::new(vec![other]), &principal(), &organization(), NOON, HOUR).unwrap().0;
    assert_eq!(verify(&keys(), &forged, NOON), Err(TokenError::BadSignature));
    let foreign = issue(&KeySet::new(vec![key("k2", NOON)]), &principal(), &organization(), NOON, HOUR).unwrap().0;
    assert_eq!(verify(&keys(), &foreign, NOON), Err(TokenError::UnknownKey));
    assert_eq!(verify(&KeySet::default(), &token(), NOON), Err(TokenError::UnknownKey));
}

#[test]
fn a_token_that_lacks_something_is_refused_even_if_we_signed_it() {
    let (sub, org) = (principal(), organization());
    for claims in [
        "{}".to_owned(),
        format!(r#"{{"sub":"{sub}","org":"{org}","iat":1800000000}}"#),
        format!(r#"{{"sub":"{sub}","org":"{org}","exp":1800003600}}"#),
        format!(r#"{{"sub":"{sub}","iat":1800000000,"exp":1800003600}}"#),
        format!(r#"{{"sub":"","org":"{org}","iat":1800000000,"exp":1800003600}}"#),
        format!(r#"{{"sub":"{sub}","org":"{org}","iat":1800000000,"exp":"1800003600"}}"#),
        format!(r#"{{"sub":"{sub}","org":"{org}","iat":1800000000,"exp":1e99}}"#),
    ] {
        let result = verify(&keys(), &signed(HEADER, &claims), NOON);
        assert!(matches!(result, Err(TokenError::Malformed(_))), "{claims}: {result:?}");
    }
    let without_key = r#"{"alg":"HS256","typ":"JWT"}"#;
    assert!(matches!(verify(&keys(), &signed(without_key, "{}"), NOON), Err(TokenError::Malformed(_))));
}

#[test]
fn a_new_key_signs_while_tokens_of_the_old_one_are_still_taken() {
    let old = token();
    let rotated = later(KEY_LIFETIME_MS);
    assert!(!keys().wants_new_key(Timestamp(rotated.0 - 1)) && keys().wants_new_key(rotated));
    let both = KeySet::new(vec![key("k1", NOON), key("k2", rotated)]);
    let new = issue(&both, &principal(), &organization(), rotated, HOUR).unwrap().0;
    assert!(verify(&both, &old, NOON).is_ok() && verify(&both, &new, rotated).is_ok());
    assert_eq!(verify(&keys(), &new, rotated), Err(TokenError::UnknownKey), "of a server that lags behind");
}

#[test]
fn a_key_is_dropped_once_no_token_of_it_can_be_valid() {
    let rotated = later(KEY_LIFETIME_MS);
    let both = KeySet::new(vec![key("k1", NOON), key("k2", rotated)]);
    let end = rotated.0 + 2 * MAX_TOKEN_LIFETIME_MS + CLOCK_LEEWAY_MS;
    assert!(both.expired(Timestamp(end)).is_empty());
    assert_eq!(both.expired(Timestamp(end + 1)), ["k1"]);
    assert!(keys().expired(Timestamp(i64::MAX)).is_empty(), "the newest one stays, however old");
}

#[test]
fn without_a_key_there_are_no_tokens() {
    assert!(issue(&KeySet::default(), &principal(), &organization(), NOON, HOUR).is_none());
    assert!(KeySet::default().wants_new_key(NOON));
}

#[test]
fn keys_do_not_show_themselves_and_have_256_bits() {
    let key = SigningKey::generate(NOON).unwrap();
    let kept = key.expose();
    assert_ne!(kept, SigningKey::generate(NOON).unwrap().expose());
    assert_eq!(SigningKey::from_kept(key.id.clone(), NOON, &kept).unwrap().expose(), kept);
    let shown = format!("{:?}", KeySet::new(vec![key.clone()]));
    assert!(shown.contains(&key.id) && !shown.contains(&kept), "{shown}");
    for wrong in ["", "AAAA", &kept[1..], &format!("{kept}AAAA")] {
        assert!(SigningKey::from_kept("k".to_owned(), NOON, wrong).is_none(), "{wrong}");
    }
}

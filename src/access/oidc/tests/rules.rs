use super::*;

#[test]
fn all_conditions_of_a_rule_must_hold() {
    let signer = Signer::ed25519();
    for (changes, message) in [
        (json!({"ref": "main"}), "no identity rule admits the token: its claim ref is \"main\""),
        (
            json!({"project_path": "acme/web2"}),
            "no identity rule admits the token: its claim project_path is \"acme/web2\"",
        ),
        (json!({"ref": null}), "no identity rule admits the token: it has no claim ref that is a text"),
        (json!({"ref": ["release/1"]}), "no identity rule admits the token: it has no claim ref that is a text"),
        (
            json!({"ref": {"release/1": "release/1"}}),
            "no identity rule admits the token: it has no claim ref that is a text",
        ),
    ] {
        assert_eq!(verified(&signer, &claims_with(&changes)).unwrap_err().to_string(), message);
    }
}

#[test]
fn the_audience_must_be_the_one_of_the_rule() {
    let signer = Signer::ed25519();
    let with = |audience: Value| verified(&signer, &claims_with(&json!({"aud": audience})));
    assert_eq!(with(json!(["sts.amazonaws.com", AUDIENCE])), Ok(vec![0]));
    for (audience, listed) in [
        (json!("sts.amazonaws.com"), r#""sts.amazonaws.com""#),
        (json!(["a", "b"]), r#""a", "b""#),
        (json!([]), "nobody"),
        (json!([5, [AUDIENCE]]), "nobody"),
        (json!({"x": AUDIENCE}), "nobody"),
        (json!(format!("{AUDIENCE}/")), r#""https://registry.example.com/""#),
    ] {
        assert_eq!(with(audience), Err(OidcError::Audience(listed.to_owned())));
    }
    assert_eq!(with(Value::Null), Err(OidcError::Audience("nobody".to_owned())));
}

#[test]
fn every_rule_that_admits_a_token_is_named() {
    let signer = Signer::ed25519();
    let other =
        |project: &str| IdentityRule::new(issuer(ISSUER), AUDIENCE, vec![condition("project_path", project)]).unwrap();
    let foreign =
        IdentityRule::new(issuer("https://other.example.com"), AUDIENCE, vec![condition("project_path", "acme/web")]);
    let rules = [other("acme/db"), foreign.unwrap(), other("acme/*"), rule()];
    let token = signer.token(KID, &claims());
    assert_eq!(verify(&token, &rules, &jwks(&[signer.jwk(KID)]), NOW), Ok(vec![2, 3]));
}

#[test]
fn a_token_of_an_issuer_that_no_rule_names_is_refused_before_any_key_is_looked_at() {
    let signer = Signer::ed25519();
    let keys = jwks(&[signer.jwk(KID)]);
    for name in ["https://gitlab.example.com/", "https://evil.example.com", "", "gitlab.example.com"] {
        let token = signer.token(KID, &claims_with(&json!({"iss": name})));
        assert_eq!(verify(&token, &[rule()], &keys, NOW), Err(OidcError::Issuer(name.to_owned())));
        assert_eq!(verify(&token, &[], &Jwks::default(), NOW), Err(OidcError::Issuer(name.to_owned())));
    }
}

#[test]
fn a_rule_says_whom_it_means() {
    let rule = |audience: &str, conditions| IdentityRule::new(issuer(ISSUER), audience, conditions);
    let sub = || condition("sub", "system:serviceaccount:ci:packer");
    assert!(rule(AUDIENCE, vec![sub()]).is_ok());
    assert_eq!(rule("", vec![sub()]), Err(InvalidRule::Audience));
    assert_eq!(rule(&"a".repeat(300), vec![sub()]), Err(InvalidRule::Audience));
    assert_eq!(rule(AUDIENCE, Vec::new()), Err(InvalidRule::None(issuer(ISSUER))));
    assert_eq!(rule(AUDIENCE, vec![sub(); MAX_CONDITIONS + 1]), Err(InvalidRule::TooMany));
    for claim in ["", "iss", "aud", "exp", &"x".repeat(300)] {
        assert!(matches!(rule(AUDIENCE, vec![condition(claim, "x")]), Err(InvalidRule::Claim(_))), "{claim}");
    }
}

#[test]
fn a_rule_for_an_issuer_that_everybody_shares_names_an_owner() {
    const GITHUB: &str = "https://token.actions.githubusercontent.com";
    const GITLAB: &str = "https://gitlab.com";
    let rule = |address: &str, claim: &str, pattern: &str| {
        IdentityRule::new(
            issuer(address),
            AUDIENCE,
            vec![condition("ref", "refs/heads/main"), condition(claim, pattern)],
        )
    };
    for (address, claim, pattern) in [
        (GITHUB, "repository", "acme/web"),
        (GITHUB, "repository", "acme/*"),
        (GITHUB, "repository_owner", "acme"),
        (GITHUB, "sub", "repo:acme/web:environment:production"),
        (GITHUB, "sub", "repo:acme/*:ref:refs/heads/main"),
        (GITLAB, "project_path", "acme/*"),
        (GITLAB, "namespace_id", "72"),
        (GITLAB, "sub", "project_path:acme/web:*"),
        (ISSUER, "sub", "*:ref:main"),
    ] {
        assert!(rule(address, claim, pattern).is_ok(), "{address} {claim} {pattern}");
    }
    for (address, claim, pattern) in [
        (GITHUB, "environment", "production"),
        (GITHUB, "repository", "*/web"),
        (GITHUB, "repository", "acme*"),
        (GITHUB, "repository", "/*"),
        (GITHUB, "repository_owner", "acme*"),
        (GITHUB, "repository_id", "1*"),
        (GITHUB, "sub", "repo:*"),
        (GITHUB, "sub", "repo:/*"),
        (GITHUB, "sub", "repo:acme*/web:*"),
        ("https://token.actions.githubusercontent.com/", "sub", "repo:*"),
        (GITLAB, "sub", "project_path:*/web:*"),
        (GITLAB, "repository", "acme/web"),
    ] {
        let error = rule(address, claim, pattern).unwrap_err();
        assert!(matches!(error, InvalidRule::Anyone { .. }), "{address} {claim} {pattern}");
        assert!(error.to_string().contains("sub, "), "{error}");
    }
}

use serde_json::{Value, json};

use super::door::Door;
use super::issuer::{Issuer, SigningKey};
use crate::support::ran::Ran;
use crate::support::server::Server;

/// A server that trusts an issuer, and knows its jobs of `acme` on `main` as the principal `ci`.
struct Shop {
    issuer: Issuer,
    door: Door,
}

impl Shop {
    fn open() -> Self {
        let issuer = Issuer::start();
        let trust = vec![("SSL_CERT_FILE", issuer.authority.file().display().to_string())];
        let door = Door::of(Server::start_with(None, trust));
        door.run("principal create ci").exits(0);
        door.run("role grant viewer --principal ci --project default").exits(0);
        let rule = format!(
            "principal identity add ci --issuer {} --audience https://registry.example --claim repository=acme/* \
             --claim ref=refs/heads/main",
            issuer.url
        );
        door.run(&rule).exits(0);
        Self { issuer, door }
    }

    /// A command of a job that has `token` in a file, as a cluster mounts it, and no secret.
    fn ask(&self, token: &str, line: &str) -> Ran {
        let file = self.door.path("token");
        std::fs::write(&file, token).unwrap();
        let file = file.display().to_string();
        let variables = [
            ("PACKER_REGISTRY_OIDC_TOKEN_FILE", file.as_str()),
            ("PACKER_REGISTRY_CLIENT_ID", ""),
            ("PACKER_REGISTRY_CLIENT_SECRET", ""),
        ];
        self.door.run_with(&variables, line)
    }

    /// The claims of a job, with others in their place; what is null is left out.
    fn claims(&self, others: &Value) -> Value {
        let mut claims = self.issuer.claims();
        for (name, value) in others.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    fn token(&self, others: &Value) -> String {
        self.issuer.key.token(&self.claims(others))
    }
}

#[test]
fn a_job_of_a_ci_system_needs_no_secret() {
    let shop = Shop::open();
    shop.ask(&shop.token(&json!({})), "bucket list").exits(0).says("web-server");
    shop.ask(&shop.token(&json!({"repository": "acme/other"})), "principal show").exits(0).says("ci");
    shop.ask(&shop.token(&json!({})), "principal show ci").exits(0).says("viewer");
    shop.ask(&shop.token(&json!({})), "principal show owner").exits(1).says("ci may not");
    let audiences = json!({"aud": ["https://elsewhere.example", "https://registry.example"]});
    shop.ask(&shop.token(&audiences), "bucket list").exits(0);
    shop.ask(&shop.token(&json!({})), "channel assign --bucket web-server --channel production --version 1")
        .exits(1)
        .says("ci may not");
    assert_eq!(shop.issuer.fetches(), 2, "who it is and its keys were asked for once, and kept");
}

#[test]
fn a_token_that_does_not_fit_is_refused_with_the_condition_that_failed() {
    let shop = Shop::open();
    let now = shop.issuer.claims()["iat"].as_i64().unwrap();
    let forged = |key: &SigningKey| key.token(&shop.issuer.claims());
    let cut = shop.token(&json!({})).rsplit_once('.').unwrap().0.to_owned();
    for (token, expected) in [
        (shop.token(&json!({"repository": "evil/images"})), r#"its claim repository is "evil/images""#),
        (shop.token(&json!({"ref": "refs/heads/feature"})), r#"its claim ref is "refs/heads/feature""#),
        (shop.token(&json!({"ref": null})), "it has no claim ref"),
        (shop.token(&json!({"aud": "https://other.example"})), "the identity token is for \"https://other.example\""),
        (shop.token(&json!({"exp": now - 120})), "the identity token has expired"),
        (shop.token(&json!({"nbf": now + 600})), "is not valid yet"),
        (shop.token(&json!({"exp": null})), "it never expires"),
        (shop.token(&json!({"iss": "https://elsewhere.example"})), "no identity rule trusts the issuer"),
        (forged(&SigningKey::new("key-2")), "the issuer has no key \"key-2\""),
        (forged(&SigningKey::new("key-1")), "the signature of the identity token is wrong"),
        (cut, "token"),
    ] {
        let ran = shop.ask(&token, "bucket list").exits(1).says(expected);
        assert_eq!(ran.stdout, "", "{expected}");
        assert!(!ran.text.contains(&token), "{}", ran.text);
    }
    assert_eq!(shop.issuer.fetches(), 2, "strangers cannot make the server ask again and again");
    let log = shop.door.server.as_ref().unwrap().log();
    assert!(log.contains("an identity token was not taken"), "{log}");
}

#[test]
fn a_rule_that_was_deleted_admits_nobody() {
    let shop = Shop::open();
    shop.ask(&shop.token(&json!({})), "bucket list").exits(0);
    let rule = shop.door.json("principal identity list ci")[0]["id"].as_str().unwrap().to_owned();
    shop.door.run(&format!("principal identity delete ci {rule} --yes")).exits(0);
    shop.ask(&shop.token(&json!({})), "bucket list").exits(1).says("no identity rule trusts the issuer");
}

#[test]
fn a_token_that_stands_for_two_principals_needs_to_say_for_which() {
    let shop = Shop::open();
    shop.door.run("principal create other").exits(0);
    let rule =
        format!("--issuer {} --audience https://registry.example --claim repository=acme/images", shop.issuer.url);
    shop.door.run(&format!("principal identity add other {rule}")).exits(0);
    let token = shop.token(&json!({}));
    shop.ask(&token, "bucket list").exits(1).says("2 principals admit this identity token");
    let client = shop.door.text("principal show ci", "client_id");
    let variables = [
        ("PACKER_REGISTRY_OIDC_TOKEN", token.as_str()),
        ("PACKER_REGISTRY_CLIENT_ID", client.as_str()),
        ("PACKER_REGISTRY_CLIENT_SECRET", ""),
    ];
    shop.door.run_with(&variables, "principal show").exits(0).says("ci");
}

#[test]
fn an_issuer_whose_certificate_nobody_vouches_for_is_not_asked_for_keys() {
    let (issuer, door) = (Issuer::start(), Door::server());
    door.run("principal create ci").exits(0);
    let rule =
        format!("principal identity add ci --issuer {} --audience https://registry.example --claim sub=*", issuer.url);
    door.run(&rule.replace("sub=*", "repository=acme/*")).exits(0);
    let token = issuer.key.token(&issuer.claims());
    let variables = [
        ("PACKER_REGISTRY_OIDC_TOKEN", token.as_str()),
        ("PACKER_REGISTRY_CLIENT_ID", ""),
        ("PACKER_REGISTRY_CLIENT_SECRET", ""),
    ];
    door.run_with(&variables, "bucket list").exits(6).says("gives no tokens now");
    assert_eq!(issuer.fetches(), 0);
    let log = door.server.as_ref().unwrap().log();
    assert!(log.contains("cannot be fetched"), "{log}");
}

use axum::http::Method;
use serde_json::{Value, json};

use super::door::Door;
use super::hcp::{read, send, status};
use crate::support::issuer::{Issuer, SigningKey};
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

    /// What HCP calls the only rule of a principal of the organization.
    fn provider(&self, principal: &str) -> String {
        let organization = self.door.text(&format!("principal show {principal}"), "organization_id");
        let rule = self.door.json(&format!("principal identity list {principal}"))[0]["id"].clone();
        let rule = rule.as_str().unwrap();
        format!("iam/organization/{organization}/service-principal/{principal}/workload-identity-provider/{rule}")
    }

    /// What is answered to a client of HCP that wants a token of `provider`.
    fn exchange(&self, provider: &str, body: &Value) -> (u16, Value) {
        let path = format!("/2019-12-10/{provider}/exchange-token");
        read(&send(&self.door, &path, Method::POST, &[("content-type", "application/json")], &body.to_string()))
    }

    /// What is answered to a call with the token that an exchange gave.
    fn with_token(&self, exchanged: &Value, path: &str) -> (u16, Value) {
        let bearer = format!("Bearer {}", exchanged["access_token"].as_str().unwrap());
        read(&send(&self.door, path, Method::GET, &[("authorization", &bearer)], ""))
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

#[test]
fn a_workload_with_a_client_of_hcp_gets_a_token_of_the_provider_that_it_names() {
    let shop = Shop::open();
    let provider = shop.provider("ci");
    let token = json!({"jwt_token": shop.token(&json!({}))});
    for name in [&provider, &provider.replace('/', "%2F")] {
        let (code, answer) = shop.exchange(name, &token);
        assert_eq!(code, 200, "{answer}");
        assert!(answer["expires_in"].is_u64(), "{answer}");
        let (code, projects) = shop.with_token(&answer, "/resource-manager/2019-12-10/projects");
        assert_eq!((code, &projects["projects"][0]["name"]), (200, &json!("default")), "{projects}");
    }
    let id = shop.door.text("principal show ci", "id");
    assert_eq!(shop.exchange(&provider.replace("/ci/", &format!("/{id}/")), &token).0, 200, "by its id, too");
}

#[test]
fn a_provider_of_a_project_is_named_by_that_and_speaks_for_no_other_principal() {
    let shop = Shop::open();
    let rule = format!("--issuer {} --audience https://registry.example --claim repository=acme/*", shop.issuer.url);
    let of_organization = shop.provider("ci");
    // By its id: the one of the organization has the same name.
    let id = shop.door.text("principal create ci --project default", "id");
    shop.door.run(&format!("role grant contributor --principal {id} --project default")).exits(0);
    shop.door.run(&format!("principal identity add {id} --project default {rule}")).exits(0);
    let project = shop.door.text(&format!("principal show {id} --project default"), "project_id");
    let rules = shop.door.json(&format!("principal identity list {id} --project default"));
    let of_project = format!(
        "iam/project/{project}/service-principal/ci/workload-identity-provider/{}",
        rules[0]["id"].as_str().unwrap()
    );
    let token = json!({"jwt_token": shop.token(&json!({}))});
    let (code, answer) = shop.exchange(&of_project, &token);
    assert_eq!(code, 200, "{answer}");
    let (_, projects) = shop.with_token(&answer, "/resource-manager/2019-12-10/projects");
    assert_eq!(projects["code"], 7, "a principal of a project cannot list projects: {projects}");
    let (code, answer) = shop.exchange(&of_organization, &token);
    assert_eq!(code, 200, "the principal of the organization has the same name: {answer}");

    let (home, rule) = of_project.split_once("/workload-identity-provider/").unwrap();
    let other = of_organization.split_once("/workload-identity-provider/").unwrap().1;
    let mixed = [
        format!("{home}/workload-identity-provider/{other}"),
        of_project.replace(&project, "11111111-2222-4333-8444-555555555555"),
        of_project.replace("/ci/", "/cd/"),
        of_organization.replace(other, rule),
    ];
    for provider in mixed {
        let (code, answer) = shop.exchange(&provider, &token);
        let message =
            format!("{provider}: no identity rule trusts the issuer {:?}; add one to the principal", shop.issuer.url);
        assert_eq!((code, answer), (401, status(16, &message)));
    }
}

#[test]
fn a_client_of_hcp_is_told_as_a_status_why_it_gets_no_token() {
    let shop = Shop::open();
    let provider = shop.provider("ci");
    let feature = json!({"jwt_token": shop.token(&json!({"ref": "refs/heads/feature"}))});
    let aws = json!({"aws_get_caller_id_token": {"url": "https://sts.amazonaws.com/", "method": "POST"}});
    let malformed = provider.replace("service-principal", "principal");
    for (provider, body, code, number, message) in [
        (&provider, &feature, 401, 16, r#"its claim ref is "refs/heads/feature""#),
        (&provider, &json!({"jwt_token": "nonsense"}), 401, 16, "the token is malformed"),
        (&provider, &aws, 501, 12, "identities of AWS are not taken"),
        (&provider, &json!({}), 400, 3, "jwt_token is missing"),
        (&provider, &json!({"jwt_token": null}), 400, 3, "jwt_token is missing"),
        (&provider, &json!({"jwt_token": 1}), 400, 3, "the body is not the JSON"),
        (&provider, &json!({"jwt_token": "x".repeat(70_000)}), 413, 3, "too large"),
        (&malformed, &feature, 400, 3, "workload-identity-provider/RULE_ID"),
        (&"%ff".to_owned(), &feature, 400, 3, "UTF-8"),
    ] {
        let (status, answer) = shop.exchange(provider, body);
        assert_eq!((status, &answer["code"]), (code, &json!(number)), "{answer}");
        assert!(answer["message"].as_str().unwrap().contains(message), "{message}: {answer}");
    }
    let path = format!("/2019-12-10/{provider}/exchange-token");
    for (method, path) in [(Method::GET, path.as_str()), (Method::POST, path.trim_end_matches("/exchange-token"))] {
        let (code, answer) = read(&send(&shop.door, path, method.clone(), &[], ""));
        assert_eq!((code, answer), (404, status(5, &format!("there is nothing at {method} {path}"))));
    }
}

#[test]
fn who_guesses_tokens_of_a_provider_has_to_wait_and_who_has_a_right_one_does_not() {
    let shop = Shop::open();
    let provider = shop.provider("ci");
    let wrong = json!({"jwt_token": shop.token(&json!({"aud": "https://other.example"}))});
    for _ in 0..10 {
        assert_eq!(shop.exchange(&provider, &wrong).0, 401);
    }
    let path = format!("/2019-12-10/{provider}/exchange-token");
    let answer = send(&shop.door, &path, Method::POST, &[], &wrong.to_string());
    assert!(answer.header("retry-after").parse::<u64>().unwrap() <= 61, "{answer:?}");
    let (code, answer) = read(&answer);
    assert_eq!((code, &answer["code"]), (429, &json!(8)), "{answer}");
    let right = json!({"jwt_token": shop.token(&json!({}))});
    assert_eq!(shop.exchange(&provider, &right).0, 200);
}

#[test]
fn who_guesses_identity_tokens_of_a_principal_has_to_wait_and_who_has_a_right_one_does_not() {
    let shop = Shop::open();
    let wrong = shop.token(&json!({"aud": "https://other.example"}));
    let client = shop.door.text("principal show ci", "client_id");
    let form = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&client_id={client}&subject_token={wrong}\
         &subject_token_type=urn:ietf:params:oauth:token-type:jwt"
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let ask = || read(&send(&shop.door, "/oauth2/token", Method::POST, &headers, &form));
    for _ in 0..10 {
        let (code, answer) = ask();
        assert_eq!((code, &answer["error"]), (400, &json!("invalid_grant")), "{answer}");
    }
    let (code, answer) = ask();
    assert_eq!((code, &answer["error"]), (429, &json!("temporarily_unavailable")), "{answer}");
    shop.ask(&shop.token(&json!({})), "bucket list").exits(0);
}

use std::fs;

use axum::body::Bytes;
use axum::http::{Request, StatusCode, Version};
use http_body_util::Full;
use serde_json::Value;

use super::process::{ServerMachine, ServerProcess};
use crate::support::http_client::{Answer, ask_plainly};

fn ask_for_token(server: &ServerProcess, client_id: &str, secret: &str) -> Answer {
    let form = format!("grant_type=client_credentials&client_id={client_id}&client_secret={secret}");
    let request = Request::post("/oauth2/token")
        .header("host", "localhost")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(form)))
        .unwrap();
    ask_plainly(server.address(), Version::HTTP_11, request)
}

#[test]
fn whoever_guesses_secrets_has_to_wait_and_others_do_not() {
    let machine = ServerMachine::new();
    let server = machine.start(&["--tls", "off"]);
    let owner: Value = serde_json::from_slice(&fs::read(machine.path("data/owner.json")).unwrap()).unwrap();
    let (id, secret) = (owner["client_id"].as_str().unwrap(), owner["client_secret"].as_str().unwrap());
    assert_eq!(ask_for_token(&server, id, secret).status, StatusCode::OK);

    let guessed = "0123456789abcdef0123456789abcdef";
    for _ in 0..10 {
        assert_eq!(ask_for_token(&server, guessed, "wrong").status, StatusCode::UNAUTHORIZED);
    }
    let answer = ask_for_token(&server, guessed, "wrong");
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text);
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(ask_for_token(&server, id, secret).status, StatusCode::OK, "another client of the same address");

    for _ in 0..10 {
        assert_eq!(ask_for_token(&server, id, "wrong").status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(ask_for_token(&server, id, "wrong").status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        ask_for_token(&server, id, secret).status,
        StatusCode::OK,
        "others cannot lock out who knows the secret"
    );
    assert_eq!(ask_for_token(&server, id, "wrong").status, StatusCode::TOO_MANY_REQUESTS, "which helps no guesser");
    assert!(!server.log().contains(secret));
}

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use packer_plugin_registry::backend::{Backend as _, BackendError};
use packer_plugin_registry::config::{ClientCredentials, CredentialSource, IdentityToken, ServerAccess};
use packer_plugin_registry::model::Secret;

use super::{client, client_with, patience};
use crate::support::record::build;
use crate::support::socket_server::SocketServer;

/// A token endpoint that is a fake: it gives one token for each form that a test expects, whatever it says.
struct FakeTokens {
    forms: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<(u16, &'static str)>>>,
}

const GRANTED: (u16, &str) = (200, r#"{"access_token":"good","token_type":"Bearer","expires_in":3600}"#);
const OUTDATED: (u16, &str) = (200, r#"{"access_token":"outdated","token_type":"Bearer","expires_in":3600}"#);

impl FakeTokens {
    /// Gives `answers` in this order, the last one again and again.
    fn giving(answers: &[(u16, &'static str)]) -> Self {
        let answers = answers.iter().rev().copied().collect();
        Self { forms: Arc::default(), answers: Arc::new(Mutex::new(answers)) }
    }

    fn routes(&self) -> Router {
        let (forms, answers) = (Arc::clone(&self.forms), Arc::clone(&self.answers));
        let answer = move |form: String| async move {
            forms.lock().unwrap().push(form);
            let mut answers = answers.lock().unwrap();
            let (status, body) = if answers.len() > 1 { answers.pop().unwrap() } else { answers[0] };
            let status = StatusCode::from_u16(status).unwrap();
            (status, [(CONTENT_TYPE, "application/json")], body).into_response()
        };
        let github = || async { r#"{"value":"a job's token"}"# };
        Router::new().route("/oauth2/token", post(answer)).route("/github", get(github))
    }

    fn server(&self) -> SocketServer {
        SocketServer::start(Some("good"), None, self.routes())
    }

    fn forms(&self) -> Vec<String> {
        self.forms.lock().unwrap().clone()
    }
}

fn push(server: &SocketServer, credentials: CredentialSource) -> Result<(), BackendError> {
    let access = ServerAccess { credentials, ..ServerAccess::default() };
    client_with(&server.url(), access, patience()).ingest(&build(1, "amazon-ebs.east")).map(drop)
}

fn ci() -> CredentialSource {
    CredentialSource::Client(ClientCredentials { id: "ci".to_owned(), secret: Secret::new("a&b") })
}

#[test]
fn a_client_and_its_secret_are_exchanged_for_a_token_once() {
    let tokens = FakeTokens::giving(&[GRANTED]);
    let server = tokens.server();
    let access = ServerAccess {
        credentials: ci(),
        project: Some("6f2b3a52-4f8e-4b8a-9b1f-6a1a0b8f1c11".to_owned()),
        ..ServerAccess::default()
    };
    let registry = client_with(&server.url(), access, patience());
    registry.ingest(&build(1, "amazon-ebs.east")).unwrap();
    registry.confirm(&build(1, "amazon-ebs.east").key()).unwrap();
    assert_eq!(tokens.forms(), ["grant_type=client_credentials&client_id=ci&client_secret=a%26b"]);
    let seen = server.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].token.as_deref(), Some("good"));
    assert_eq!(seen[1].project.as_deref(), Some("6f2b3a52-4f8e-4b8a-9b1f-6a1a0b8f1c11"));
}

#[test]
fn a_token_that_is_not_taken_any_more_is_replaced_once() {
    let tokens = FakeTokens::giving(&[OUTDATED, GRANTED]);
    push(&tokens.server(), ci()).unwrap();
    assert_eq!(tokens.forms().len(), 2);

    let useless = FakeTokens::giving(&[OUTDATED]);
    let error = push(&useless.server(), ci()).unwrap_err();
    assert!(matches!(&error, BackendError::Refused(text) if text.contains("PACKER_REGISTRY_CLIENT_ID")), "{error}");
    assert_eq!(useless.forms().len(), 2);
}

#[test]
fn wrong_credentials_are_named_with_where_they_came_from() {
    let refusal = (401, r#"{"error":"invalid_client","error_description":"there is no such client"}"#);
    let tokens = FakeTokens::giving(&[refusal]);
    let error = push(&tokens.server(), ci()).unwrap_err();
    let BackendError::Refused(message) = error else { panic!("{error}") };
    assert!(message.contains("PACKER_REGISTRY_CLIENT_ID") && message.contains("no such client"), "{message}");
    assert!(!message.contains("a&b"), "{message}");
    assert_eq!(tokens.forms().len(), 1, "what is wrong stays wrong");
}

#[test]
fn a_token_endpoint_that_says_later_is_asked_again() {
    let tokens = FakeTokens::giving(&[(503, ""), (429, ""), GRANTED]);
    push(&tokens.server(), ci()).unwrap();
    assert_eq!(tokens.forms().len(), 3);
}

#[test]
fn without_credentials_the_server_says_that_it_wants_some() {
    let tokens = FakeTokens::giving(&[GRANTED]);
    let server = tokens.server();
    let error = client(&server.url()).ingest(&build(1, "amazon-ebs.east")).unwrap_err();
    let BackendError::Refused(message) = error else { panic!("{error}") };
    assert!(message.contains("set PACKER_REGISTRY_CLIENT_ID and PACKER_REGISTRY_CLIENT_SECRET"), "{message}");
    assert_eq!(tokens.forms().len(), 0);
}

#[test]
fn a_token_of_a_ci_system_is_exchanged() {
    const EXCHANGE: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange";
    const TYPE: &str = "subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt";
    let identity = |token| CredentialSource::Identity { token, client_id: Some("ci".to_owned()) };
    let tokens = FakeTokens::giving(&[GRANTED]);
    let server = tokens.server();
    push(&server, identity(IdentityToken::Value(Secret::new("a.b.c")))).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "d.e.f\n").unwrap();
    push(&server, identity(IdentityToken::File(file.path().to_owned()))).unwrap();
    let url = format!("{}/github?x=1", server.url());
    let github = IdentityToken::GitHubActions { url, bearer: Secret::new("job"), audience: None };
    push(&server, identity(github)).unwrap();
    let expected = |token: &str| format!("{EXCHANGE}&subject_token={token}&{TYPE}&client_id=ci");
    assert_eq!(tokens.forms(), [expected("a.b.c"), expected("d.e.f"), expected("a%20job%27s%20token")]);
}

#[test]
fn half_of_a_pair_is_refused_before_anything_is_sent() {
    let incomplete = CredentialSource::Incomplete("PACKER_REGISTRY_CLIENT_SECRET is not set".to_owned());
    let tokens = FakeTokens::giving(&[GRANTED]);
    let error = push(&tokens.server(), incomplete).unwrap_err();
    assert_eq!(error.to_string(), "PACKER_REGISTRY_CLIENT_SECRET is not set");
}

#[test]
fn an_answer_that_is_no_token_is_refused() {
    for answer in [(200, "welcome"), (200, r#"{"access_token":""}"#), (404, "")] {
        let tokens = FakeTokens::giving(&[answer]);
        let error = push(&tokens.server(), ci()).unwrap_err();
        assert!(matches!(&error, BackendError::Refused(_)), "{answer:?}: {error}");
    }
}

//! HCP's APIs, as a test speaks them with a server.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use axum::body::Bytes;
use axum::http::{Method, Request, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use serde_json::{Value, json};

use super::description;
use super::http_client::{Answer, ask, ask_plainly};
use super::server::Server;

/// A client of HCP: HTTP with a token.
pub(crate) struct Hcp<'a> {
    server: &'a Server,
    token: String,
}

impl<'a> Hcp<'a> {
    /// As the owner.
    pub(crate) fn owner(server: &'a Server) -> Self {
        let [_, (_, id), (_, secret), _] = server.variables();
        Self::with(server, &id, &secret)
    }

    /// As whoever has these credentials.
    pub(crate) fn with(server: &'a Server, id: &str, secret: &str) -> Self {
        let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        let form = "grant_type=client_credentials&audience=https%3A%2F%2Fapi.hashicorp.cloud";
        let kind = "application/x-www-form-urlencoded";
        let answer =
            send(server, "/oauth2/token", Method::POST, &[("authorization", &basic), ("content-type", kind)], form);
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        Self { server, token: body["access_token"].as_str().unwrap().to_owned() }
    }

    /// With the same token, at another server.
    pub(crate) fn at(&self, server: &'a Server) -> Self {
        Self { server, token: self.token.clone() }
    }

    /// What requests are sent with.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, "")
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::PUT, path, &body.to_string())
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers name one")]
    pub(crate) fn call(&self, method: Method, path: &str, body: &str) -> (u16, Value) {
        let bearer = format!("Bearer {}", self.token);
        let (status, answer) = read(&send(self.server, path, method.clone(), &[("authorization", &bearer)], body));
        description::check(&method, path, body, (status, &answer));
        (status, answer)
    }
}

/// Asks without a token.
pub(crate) fn send(server: &Server, path: &str, method: Method, headers: &[(&str, &str)], body: &str) -> Answer {
    let [_, _, _, (_, ca)] = server.variables();
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
    let url = server.url();
    match url.strip_prefix("http://") {
        Some(address) => ask_plainly(address, Version::HTTP_11, request),
        None => ask(url.trim_start_matches("https://"), ca.as_ref(), Version::HTTP_11, request),
    }
}

/// The status, and the body, which is JSON by its content type.
pub(crate) fn read(answer: &Answer) -> (u16, Value) {
    assert_eq!(answer.header("content-type"), "application/json", "{}", answer.text);
    (answer.status.as_u16(), serde_json::from_str(&answer.text).unwrap())
}

/// An error as HCP's clients want it.
pub(crate) fn status(code: i32, message: &str) -> Value {
    json!({"code": code, "message": message, "details": [], "error": message})
}

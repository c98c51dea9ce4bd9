//! The little of HTTP/1.1 that tokens and HCP need: one request, one answer, one connection.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::address::Address;
use super::connect::{Trust, connect};
use super::connect_error::ConnectError;
use super::patience::Patience;
use crate::model::Secret;

/// Bytes of an answer about tokens.
const MAX_ANSWER: usize = 64 * 1024;

/// What this program calls itself.
pub(in crate::backend) const AGENT: &str = concat!("packer-plugin-registry/", env!("CARGO_PKG_VERSION"));

/// What is asked.
pub(in crate::backend) struct Question {
    pub(in crate::backend) method: Method,
    /// A path with its query.
    pub(in crate::backend) path: String,
    pub(in crate::backend) body: Option<Body>,
    /// What proves that one may ask.
    pub(in crate::backend) bearer: Option<Secret>,
    /// Bytes of an answer at most.
    pub(in crate::backend) most: usize,
}

/// What goes along with a question.
pub(in crate::backend) struct Body {
    /// Its media type.
    pub(in crate::backend) kind: &'static str,
    pub(in crate::backend) text: String,
}

impl Question {
    /// What is there.
    pub(in crate::backend) fn get(path: String, bearer: Option<Secret>) -> Self {
        Self { method: Method::GET, path, body: None, bearer, most: MAX_ANSWER }
    }

    /// A form to post.
    pub(in crate::backend) fn form(path: String, text: String) -> Self {
        let body = Body { kind: "application/x-www-form-urlencoded", text };
        Self { method: Method::POST, path, body: Some(body), bearer: None, most: MAX_ANSWER }
    }
}

/// What was answered.
pub(in crate::backend) struct Answer {
    pub(in crate::backend) status: StatusCode,
    pub(in crate::backend) retry_after: Option<Duration>,
    pub(in crate::backend) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::backend) enum NoAnswer {
    /// There is no connection.
    Connect(ConnectError),
    /// There was one.
    Broken(String),
}

/// Asks one question.
pub(in crate::backend) async fn ask(
    address: &Address,
    trust: Option<&Trust>,
    question: Question,
    patience: &Patience,
) -> Result<Answer, NoAnswer> {
    let stream = connect(address, trust, patience.connect).await.map_err(NoAnswer::Connect)?;
    match timeout(patience.attempt, exchange(address, stream, question)).await {
        Ok(answer) => answer.map_err(|cause| NoAnswer::Broken(format!("{address} did not answer: {cause}"))),
        Err(_) => Err(NoAnswer::Broken(format!("{address} did not answer in time"))),
    }
}

async fn exchange(
    address: &Address,
    stream: Box<dyn super::connect::Stream>,
    question: Question,
) -> Result<Answer, String> {
    let most = question.most;
    let request = request(address, question)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let driver = tokio::spawn(connection);
    let answered = async {
        let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
        let (status, retry_after) = (response.status(), retry_after(response.headers().get(RETRY_AFTER)));
        let body = Limited::new(response.into_body(), most).collect().await.map_err(|error| error.to_string())?;
        Ok(Answer { status, retry_after, body: body.to_bytes() })
    };
    let answer = answered.await;
    driver.abort();
    answer
}

fn request(address: &Address, question: Question) -> Result<Request<Full<Bytes>>, String> {
    let Question { method, path, body, bearer, most: _ } = question;
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, address.authority())
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, "application/json");
    if let Some(Body { kind, .. }) = body {
        request = request.header(CONTENT_TYPE, kind);
    }
    if let Some(bearer) = bearer {
        let value = HeaderValue::from_str(&format!("Bearer {}", bearer.expose()));
        let mut value =
            value.map_err(|_| "the token that proves who asks has characters that no token has".to_owned())?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    request.body(Full::from(body.map(|body| body.text).unwrap_or_default())).map_err(|error| error.to_string())
}

/// The header in seconds; nobody sends the other form, a date, to programs that ask for tokens.
fn retry_after(header: Option<&HeaderValue>) -> Option<Duration> {
    header?.to_str().ok()?.parse().ok().map(Duration::from_secs)
}

/// A form: `application/x-www-form-urlencoded`, as the URL standard has it.
pub(in crate::backend) fn form(fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    fields.join("&")
}

/// A value of a form or of a query.
pub(in crate::backend) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => escaped.push(char::from(byte)),
            byte => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_survives_whatever_a_secret_is_made_of() {
        assert_eq!(form(&[("id", "a b"), ("secret", "ü&=+%/")]), "id=a%20b&secret=%C3%BC%26%3D%2B%25%2F");
    }

    #[test]
    fn a_server_may_say_when_to_come_back() {
        assert_eq!(retry_after(Some(&HeaderValue::from_static("7"))), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(Some(&HeaderValue::from_static("soon"))), None);
        assert_eq!(retry_after(None), None);
    }
}

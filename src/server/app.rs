use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Json, Router};
use http_body::Body as HttpBody;
use tower::ServiceExt as _;
use tracing::Instrument as _;

use super::exchange::Exchange;
use super::limits::{MAX_REQUEST_BODY, MAX_REQUEST_HEAD};
use super::{Metrics, Readiness, Shutdown, body_end, health, request_body};
use crate::api::{RequestId, rest};

/// The header that carries the id of a request, to the server and back.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// All routes of a server, and what happens to every request on its way to them.
#[derive(Clone, Debug)]
pub struct App {
    rest: Router,
    grpc: Router,
    metrics: Metrics,
}

/// Puts the routes of HTTP and of gRPC together behind one door, and adds those that tell of the server's health.
///
/// A request is one of gRPC if its content type says so. Neither router has a fallback of its own. Handlers find the id of a
/// request in its header `x-request-id`, whoever made it, and the client as a `SocketAddr` among its extensions, beside the
/// `Scheme` of its connection.
pub fn compose(rest: Router, grpc: Router, readiness: Readiness, metrics: Metrics, shutdown: Shutdown) -> App {
    let grpc = grpc.fallback(no_such_method);
    let rest = health::routes(rest, readiness, metrics.clone(), shutdown)
        .fallback(nothing_there)
        // Bodies are limited before they get here.
        .layer(DefaultBodyLimit::disable())
        .route_layer(from_fn(note_route));
    App { rest, grpc, metrics }
}

impl App {
    /// Answers a request of `client`.
    pub async fn answer<B>(&self, request: Request<B>, client: SocketAddr) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<BoxError>,
    {
        let id = RequestId::of(request.headers());
        let mut exchange = Exchange::begin(&request, id.clone(), client, self.metrics.clone());
        let mut request = request.map(request_body::guarded);
        request.headers_mut().insert(X_REQUEST_ID, id.header());
        request.extensions_mut().insert(id.clone());
        request.extensions_mut().insert(client);
        // On the level of errors, so that it is there whatever is logged.
        let span = tracing::error_span!("request", id = %id);
        let mut response = self.route(request).instrument(span).await;
        response.headers_mut().insert(X_REQUEST_ID, id.header());
        exchange.answered(&response);
        response.map(|body| Body::new(body_end::Observed::new(body, exchange)))
    }

    async fn route(&self, request: Request) -> Response {
        let is_grpc = is_grpc(request.headers());
        let router = if has_too_large_a_head(&request) {
            return head_too_large(is_grpc, request.headers());
        } else if is_grpc {
            &self.grpc
        } else if is_too_large(request.headers()) {
            return too_large(&request);
        } else {
            &self.rest
        };
        match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Whether a request is one of gRPC; gRPC-Web is another protocol, with a content type that also begins like this.
pub(super) fn is_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes()).unwrap_or_default();
    kind.strip_prefix(b"application/grpc").is_some_and(|rest| matches!(rest.first(), None | Some(b'+' | b';')))
}

/// Whether the head of a request has more than [`MAX_REQUEST_HEAD`] bytes: over HTTP/1, that was refused before.
fn has_too_large_a_head(request: &Request) -> bool {
    let uri = request.uri();
    let uri =
        uri.path_and_query().map_or(0, |path| path.as_str().len()) + uri.authority().map_or(0, |a| a.as_str().len());
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    uri.saturating_add(fields.sum()) > MAX_REQUEST_HEAD
}

fn head_too_large(is_grpc: bool, headers: &HeaderMap) -> Response {
    if is_grpc {
        return grpc_failure("8", "the head of the request is too large").into_response();
    }
    let message = format!("the head of the request has more than {MAX_REQUEST_HEAD} bytes");
    failure(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "too_large", &message, headers)
}

/// Whether a request announces a body that is too large to be worth reading.
fn is_too_large(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    length.is_some_and(|length| length > MAX_REQUEST_BODY)
}

fn too_large(request: &Request) -> Response {
    if let Some(response) = rest::too_large(request.uri().path(), MAX_REQUEST_BODY) {
        return response;
    }
    let message = format!("the body of the request has more than {MAX_REQUEST_BODY} bytes");
    failure(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &message, request.headers())
}

async fn nothing_there(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let message = format!("there is nothing at {method} {}", uri.path());
    failure(StatusCode::NOT_FOUND, "not_found", &message, &headers)
}

async fn no_such_method() -> impl IntoResponse {
    grpc_failure("12", "this server has no such service")
}

/// An answer of the server itself to a call of gRPC, with a status of gRPC.
///
/// Source: "gRPC over HTTP2" of gRPC's documentation, "Trailers-Only".
fn grpc_failure(status: &'static str, message: &'static str) -> impl IntoResponse {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/grpc")),
        (HeaderName::from_static("grpc-status"), HeaderValue::from_static(status)),
        (HeaderName::from_static("grpc-message"), HeaderValue::from_static(message)),
    ]
}

/// An answer of the server itself, which no route of a programming interface gives.
fn failure(status: StatusCode, code: &str, message: &str, headers: &HeaderMap) -> Response {
    let id = headers.get(X_REQUEST_ID).and_then(|id| id.to_str().ok());
    (status, Json(serde_json::json!({ "error": { "code": code, "message": message, "request_id": id } })))
        .into_response()
}

/// The route that a request took, among the extensions of its response.
#[derive(Clone, Debug)]
pub(super) struct Taken(pub(super) Arc<str>);

async fn note_route(matched: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(matched) = matched {
        response.extensions_mut().insert(Taken(Arc::from(matched.as_str())));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grpc_is_told_from_all_else_by_its_content_type() {
        for (kind, grpc) in [
            ("application/grpc", true),
            ("application/grpc+proto", true),
            ("application/grpc; charset=utf-8", true),
            ("application/grpc-web", false),
            ("application/grpc-web+proto", false),
            ("application/json", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
            assert_eq!(is_grpc(&headers), grpc, "{kind}");
        }
        assert!(!is_grpc(&HeaderMap::new()));
    }
}

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use tokio::time::Instant;

use super::Metrics;
use super::app::{Taken, is_grpc};
use crate::api::RequestId;

/// A request and its answer, from the head of the one to the end of the other; then it is logged and counted, once.
///
/// What is logged of a request is its method and where it went: no header, no query, no body. A path is logged only
/// where no route took it, since a route's parameters may be secrets.
pub(super) struct Exchange {
    id: RequestId,
    client: SocketAddr,
    metrics: Metrics,
    method: Method,
    path: String,
    grpc: bool,
    begun: Instant,
    status: Option<StatusCode>,
    /// Of gRPC, once it is known.
    code: Option<Cow<'static, str>>,
    route: Option<Arc<str>>,
    bytes: u64,
    complete: bool,
}

/// The longest path that is logged.
const MAX_PATH: usize = 200;

impl Exchange {
    pub(super) fn begin<B>(request: &Request<B>, id: RequestId, client: SocketAddr, metrics: Metrics) -> Self {
        metrics.begin();
        Self {
            id,
            client,
            metrics,
            method: request.method().clone(),
            path: request.uri().path().chars().take(MAX_PATH).collect(),
            grpc: is_grpc(request.headers()),
            begun: Instant::now(),
            status: None,
            code: None,
            route: None,
            bytes: 0,
            complete: false,
        }
    }

    /// Notes the head of the answer.
    pub(super) fn answered(&mut self, response: &Response) {
        self.status = Some(response.status());
        self.route = response.extensions().get::<Taken>().map(|Taken(route)| Arc::clone(route));
        let no_body = self.method == Method::HEAD
            || response.status().is_informational()
            || matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        self.complete = no_body;
        if self.grpc {
            self.trailers(response.headers());
        }
    }

    /// Notes what a gRPC server says at the end of an answer, or in its head where there is nothing else.
    pub(super) fn trailers(&mut self, trailers: &HeaderMap) {
        if let Some(code) = trailers.get("grpc-status") {
            self.code = Some(Cow::Borrowed(code_name(code.as_bytes())));
        }
    }

    pub(super) fn sent(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// Notes that the whole answer went out.
    pub(super) fn completed(&mut self) {
        self.complete = true;
    }

    /// The status as it is counted and logged; an answer that did not go out whole has none.
    fn outcome(&self) -> Cow<'static, str> {
        match (&self.code, self.status) {
            _ if !self.complete => Cow::Borrowed("aborted"),
            (Some(code), _) => code.clone(),
            (None, Some(status)) => Cow::Owned(status.as_str().to_owned()),
            (None, None) => Cow::Borrowed("aborted"),
        }
    }

    fn is_failure(&self) -> bool {
        let internal = matches!(self.code.as_deref(), Some("INTERNAL" | "UNKNOWN" | "DATA_LOSS"));
        internal || self.status.is_some_and(|status| status.is_server_error())
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let took = self.begun.elapsed();
        let status = self.outcome();
        let route = match &self.route {
            Some(route) => Some(Arc::clone(route)),
            None if self.grpc => self.metrics.grpc_method(&self.path),
            None => None,
        };
        let route = route.unwrap_or_else(|| Arc::from("unmatched"));
        let place = if &*route == "unmatched" { self.path.as_str() } else { &*route };
        let milliseconds = (took.as_secs_f64() * 100_000.0).round() / 100.0;
        if self.is_failure() {
            tracing::error!(parent: None, method = %self.method, path = place, status = &*status, ms = milliseconds,
                bytes = self.bytes, client = %self.client, request_id = %self.id, "request");
        } else {
            tracing::info!(parent: None, method = %self.method, path = place, status = &*status, ms = milliseconds,
                bytes = self.bytes, client = %self.client, request_id = %self.id, "request");
        }
        self.metrics.finish(route, &self.method, status, took);
    }
}

/// The names of gRPC's codes, by their numbers. Source: "Status codes and their use in gRPC" of its documentation.
fn code_name(number: &[u8]) -> &'static str {
    const NAMES: [&str; 17] = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];
    let number = std::str::from_utf8(number).ok().and_then(|number| number.parse::<usize>().ok());
    number.and_then(|number| NAMES.get(number)).unwrap_or(&"UNKNOWN")
}

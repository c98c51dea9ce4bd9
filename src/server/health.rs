use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::{Metrics, Shutdown};
use crate::api::grpc::Ready;

/// How long an answer about readiness is good for: those who ask cannot keep the database busy.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

type Answer = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Whether the server can do its work, asked anew by whoever wants to know.
#[derive(Clone)]
pub struct Readiness {
    ask: Arc<dyn Fn() -> Answer + Send + Sync>,
    last: Arc<Mutex<Option<(Instant, bool)>>>,
}

impl Readiness {
    /// `ask` answers whether the work can be done, and why not; the reason is logged, not sent.
    pub fn new<F>(ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self { ask: Arc::new(move || Box::pin(ask())), last: Arc::default() }
    }

    /// The readiness of a server without a database; for tests.
    pub fn always() -> Self {
        Self::new(|| async { Ok(()) })
    }

    async fn is_ready(&self) -> bool {
        let mut last = self.last.lock().await;
        let before = match *last {
            Some((at, ready)) if at.elapsed() < GOOD_FOR => return ready,
            Some((_, ready)) => ready,
            None => true,
        };
        let answer = timeout(PATIENCE, (self.ask)()).await;
        let answer = answer.unwrap_or_else(|_| Err(format!("no answer within {} s", PATIENCE.as_secs())));
        let ready = answer.is_ok();
        match answer {
            Err(reason) if before => tracing::warn!("not ready: {reason}"),
            Ok(()) if !before => tracing::info!("ready again"),
            _ => {}
        }
        *last = Some((Instant::now(), ready));
        ready
    }
}

impl Ready for Readiness {
    fn is_ready(&self) -> BoxFuture<'_, bool> {
        Self::is_ready(self).boxed()
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Readiness")
    }
}

#[derive(Clone)]
struct Watched {
    readiness: Readiness,
    metrics: Metrics,
    shutdown: Shutdown,
}

/// The routes for those who watch the server: `/healthz`, `/readyz`, `/metrics`.
pub(super) fn routes(rest: Router, readiness: Readiness, metrics: Metrics, shutdown: Shutdown) -> Router {
    let watched = Watched { readiness, metrics, shutdown };
    rest.route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready).with_state(watched.clone()))
        .route("/metrics", get(metrics_text).with_state(watched))
}

async fn ready(State(watched): State<Watched>) -> (StatusCode, &'static str) {
    if watched.shutdown.has_begun() {
        (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n")
    } else if watched.readiness.is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "not ready: the database cannot be read or written; the server's log says why\n",
        )
    }
}

async fn metrics_text(State(watched): State<Watched>) -> Response {
    match watched.metrics.text() {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

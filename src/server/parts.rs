use std::sync::Arc;

use axum::Router;

use super::tls::Certificates;
use super::{Metrics, Readiness};

/// What a server is put together from.
#[derive(Debug)]
pub struct Parts {
    /// The routes of HTTP, without a fallback: that is the server's.
    pub rest: Router,
    /// The routes of gRPC, without a fallback, too.
    pub grpc: Router,
    /// Whether the database answers.
    pub readiness: Readiness,
    /// What is counted.
    pub metrics: Metrics,
    /// The certificates; `None` for plain HTTP.
    pub certificates: Option<Arc<Certificates>>,
}

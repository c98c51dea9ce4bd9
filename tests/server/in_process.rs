use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use packer_plugin_registry::config::Environment;
use packer_plugin_registry::config::server::{ServerConfig, ServerFlags, ServerVariables, load};
use packer_plugin_registry::model::Timestamp;
use packer_plugin_registry::server::{Metrics, Parts, Readiness, Shutdown, run};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server in this process, without TLS and database, with routes of the test.
pub(super) struct InProcess {
    pub(super) address: SocketAddr,
    pub(super) shutdown: Shutdown,
    pub(super) ran: JoinHandle<std::io::Result<()>>,
}

impl InProcess {
    pub(super) async fn start(rest: Router) -> Self {
        Self::with(rest, Readiness::always(), |_| {}).await
    }

    /// One whose configuration `change` has changed.
    pub(super) async fn with(rest: Router, readiness: Readiness, change: impl FnOnce(&mut ServerConfig)) -> Self {
        let environment = Environment { home: Some(PathBuf::from("/nonexistent")), ..Environment::default() };
        let flags = ServerFlags { options: vec![("--tls", "off".to_owned())], ..ServerFlags::default() };
        let mut config = load(&flags, &ServerVariables::default(), &environment).unwrap();
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = Shutdown::new();
        let metrics = Metrics::new(Timestamp(0), []);
        let parts = Parts { rest, grpc: Router::new(), readiness, metrics, certificates: None };
        let stop = shutdown.clone();
        let ran = tokio::spawn(async move { run(listener, &config, parts, stop).await });
        Self { address, shutdown, ran }
    }

    /// Waits for the end of the server, which must come soon.
    pub(super) async fn ended(self) {
        tokio::time::timeout(Duration::from_secs(30), self.ran).await.unwrap().unwrap().unwrap();
    }
}

/// A switch that one side turns and the other waits for.
pub(super) fn switch() -> (Arc<tokio::sync::Notify>, Arc<tokio::sync::Notify>) {
    let notify = Arc::new(tokio::sync::Notify::new());
    (Arc::clone(&notify), notify)
}

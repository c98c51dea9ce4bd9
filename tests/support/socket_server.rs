//! The gRPC API on a real socket, in this process.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use packer_plugin_registry::access::Caller;
use packer_plugin_registry::api::grpc::{EverySecond, Grpc};
use packer_plugin_registry::api::{AuthenticationError, Authenticator, Credentials};
use packer_plugin_registry::model::{SettableClock, Timestamp};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, SqliteStore};
use packer_plugin_registry::server::Readiness;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// When the tests begin.
pub(crate) const NOON: Timestamp = Timestamp(1_000_000);

/// Makes an answer in the server's place.
pub(crate) type Instead = Box<dyn Fn() -> Response + Send>;

/// A server; it ends with the test's process.
pub(crate) struct SocketServer {
    pub(crate) address: SocketAddr,
    instead: Arc<Mutex<VecDeque<Instead>>>,
    /// Tokens that were shown, in the order of the calls.
    pub(crate) seen: Arc<Mutex<Vec<Credentials>>>,
    _folder: tempfile::TempDir,
}

/// Lets in everyone, or those with one token, and notes what they showed. It stands in for the accounts.
struct Door {
    token: Option<String>,
    seen: Arc<Mutex<Vec<Credentials>>>,
}

impl Authenticator for Door {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials) -> BoxFuture<'a, Result<Caller, AuthenticationError>> {
        self.seen.lock().unwrap().push(credentials.clone());
        let answer = if self.token.is_none() || self.token == credentials.token {
            Ok(Caller::local("ada"))
        } else {
            Err(AuthenticationError::Unauthenticated("the token is not valid".to_owned()))
        };
        async { answer }.boxed()
    }
}

impl SocketServer {
    /// A server without TLS that lets in everyone.
    pub(crate) fn open() -> Self {
        Self::start(None, None, Router::new())
    }

    /// The same, at an address that was given up before.
    pub(crate) fn open_at(address: SocketAddr) -> Self {
        Self::listen(address, None, None, Router::new())
    }

    /// A server that wants `token`, where there is one, speaks TLS, where it is told how, and has `more` routes.
    pub(crate) fn start(token: Option<&str>, tls: Option<TlsAcceptor>, more: Router) -> Self {
        Self::listen(SocketAddr::from(([127, 0, 0, 1], 0)), token, tls, more)
    }

    fn listen(address: SocketAddr, token: Option<&str>, tls: Option<TlsAcceptor>, more: Router) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let patience = Patience::new(Duration::from_secs(30), || false);
        let store = SqliteStore::open(folder.path().join("registry.db"), OpenMode::Create(NOON), patience).unwrap();
        let service = Arc::new(Service::new(store, Arc::new(SettableClock::at(NOON))));
        let (instead, seen) = (Arc::<Mutex<VecDeque<Instead>>>::default(), Arc::<Mutex<Vec<Credentials>>>::default());
        let door = Door { token: token.map(ToOwned::to_owned), seen: seen.clone() };
        let (send, receive) = mpsc::channel();
        let answers = Arc::clone(&instead);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let grpc = Grpc {
                    service,
                    authenticator: Arc::new(door),
                    readiness: Arc::new(Readiness::always()),
                    pulse: Arc::new(EverySecond),
                    shutdown: CancellationToken::new(),
                };
                let router = grpc.router().layer(from_fn_with_state(answers, answer_instead)).merge(more);
                let listener = tokio::net::TcpListener::bind(address).await.unwrap();
                send.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, tls, router).await;
            });
        });
        Self { address: receive.recv().unwrap(), instead, seen, _folder: folder }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers the next calls so, before any of them is done.
    pub(crate) fn answer_instead(&self, answers: impl IntoIterator<Item = Instead>) {
        self.instead.lock().unwrap().extend(answers);
    }
}

async fn answer_instead(
    State(answers): State<Arc<Mutex<VecDeque<Instead>>>>,
    request: Request,
    next: Next,
) -> Response {
    let instead = answers.lock().unwrap().pop_front();
    match instead {
        Some(answer) => answer(),
        None => next.run(request).await,
    }
}

/// Serves `router` as long as the listener lives.
pub(crate) async fn serve(listener: tokio::net::TcpListener, tls: Option<TlsAcceptor>, router: Router) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, service) = (tls.clone(), TowerToHyperService::new(router.clone()));
        tokio::spawn(async move {
            let builder = auto::Builder::new(TokioExecutor::new());
            match tls {
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                    }
                }
                None => drop(builder.serve_connection(TokioIo::new(stream), service).await),
            }
        });
    }
}

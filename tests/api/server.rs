use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use packer_plugin_registry::access::Caller;
use packer_plugin_registry::api::grpc::{Grpc, Pulse, Ready};
use packer_plugin_registry::api::{AuthenticationError, Authenticator, Credentials};
use packer_plugin_registry::model::{IterationRecord, SettableClock, Timestamp};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, SqliteStore};
use packer_plugin_registry::wire::grpc::v1;
use packer_plugin_registry::wire::grpc::v1::governance_service_client::GovernanceServiceClient;
use packer_plugin_registry::wire::grpc::v1::registry_service_client::RegistryServiceClient;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};

/// When the tests begin.
pub(super) const NOON: Timestamp = Timestamp(1_000_000);
/// The token of whoever may do everything.
pub(super) const TOKEN: &str = "open-sesame";

/// A client without a socket.
pub(super) type Client = RegistryServiceClient<Router>;

/// A server in this process.
pub(super) struct Server {
    pub(super) router: Router,
    pub(super) clock: Arc<SettableClock>,
    pub(super) pulse: Arc<ManualPulse>,
    pub(super) tokens: Arc<Tokens>,
    pub(super) database: Arc<Database>,
    pub(super) shutdown: CancellationToken,
    pub(super) folder: tempfile::TempDir,
}

/// An authenticator for tests: whoever has one of its tokens may do everything.
pub(super) struct Tokens(Mutex<BTreeSet<String>>);

impl Tokens {
    /// From now on, nobody gets in.
    pub(super) fn revoke_all(&self) {
        self.0.lock().unwrap().clear();
    }
}

impl Authenticator for Tokens {
    fn authenticate<'a>(&'a self, credentials: &'a Credentials) -> BoxFuture<'a, Result<Caller, AuthenticationError>> {
        let known = credentials.token.as_ref().is_some_and(|token| self.0.lock().unwrap().contains(token));
        let answer = if known {
            Ok(Caller::local("ada"))
        } else {
            Err(AuthenticationError::Unauthenticated("the token is not valid".to_owned()))
        };
        async { answer }.boxed()
    }
}

/// What the readiness of the server depends on: there until a test takes it away.
pub(super) struct Database(AtomicBool);

impl Database {
    pub(super) fn is(&self, there: bool) {
        self.0.store(there, Ordering::SeqCst);
    }
}

impl Ready for Database {
    fn is_ready(&self) -> BoxFuture<'_, bool> {
        async { self.0.load(Ordering::SeqCst) }.boxed()
    }
}

/// Looks when a test says so.
#[derive(Default)]
pub(super) struct ManualPulse(Notify);

impl ManualPulse {
    pub(super) fn beat(&self) {
        self.0.notify_one();
    }
}

impl Pulse for ManualPulse {
    fn next(&self) -> BoxFuture<'_, ()> {
        self.0.notified().boxed()
    }
}

impl Server {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SettableClock::at(NOON));
        let patience = Patience::new(Duration::from_secs(30), || false);
        let store = SqliteStore::open(folder.path().join("registry.db"), OpenMode::Create(NOON), patience).unwrap();
        let service = Arc::new(Service::new(store, clock.clone()));
        let tokens = Arc::new(Tokens(Mutex::new(BTreeSet::from([TOKEN.to_owned()]))));
        let (pulse, shutdown) = (Arc::new(ManualPulse::default()), CancellationToken::new());
        let database = Arc::new(Database(AtomicBool::new(true)));
        let grpc = Grpc {
            service,
            authenticator: tokens.clone(),
            readiness: database.clone(),
            pulse: pulse.clone(),
            shutdown: shutdown.clone(),
        };
        Self { router: grpc.router(), clock, pulse, tokens, database, shutdown, folder }
    }

    pub(super) fn client(&self) -> Client {
        RegistryServiceClient::new(self.router.clone())
    }

    /// Pushes and confirms a record.
    pub(super) async fn record(&self, record: &IterationRecord) -> v1::Receipt {
        let push = v1::PushRecordRequest { record: Some(record.clone().into()) };
        self.client().push_record(as_ada(push)).await.unwrap();
        let confirm = v1::ConfirmBuildRequest { key: Some(record.key().into()) };
        self.client().confirm_build(as_ada(confirm)).await.unwrap().into_inner().receipt.unwrap()
    }

    /// Points a channel at an iteration by its number.
    pub(super) async fn assign(&self, channel: &str, version: u32) {
        let (bucket, channel) = ("web-server".to_owned(), channel.to_owned());
        let selector = Some(v1::IterationSelector { by: Some(v1::iteration_selector::By::Version(version)) });
        self.client().assign_channel(as_ada(v1::AssignChannelRequest { bucket, channel, selector })).await.unwrap();
    }

    pub(super) async fn delete_channel(&self, channel: &str) {
        let (bucket, channel) = ("web-server".to_owned(), channel.to_owned());
        let mut client = GovernanceServiceClient::new(self.router.clone());
        client.delete_channel(as_ada(v1::DeleteChannelRequest { bucket, channel })).await.unwrap();
    }

    /// Revokes all iterations of all buckets from `at` on, which no call can do yet.
    pub(super) fn revoke_all(&self, at: Timestamp) {
        let database = rusqlite::Connection::open(self.folder.path().join("registry.db")).unwrap();
        let sql = "UPDATE iterations SET revoke_at = ?1, revocation_message = 'a hole'";
        database.execute(sql, [at.0]).unwrap();
    }
}

/// A request with a token that is good.
pub(super) fn as_ada<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {TOKEN}").parse().unwrap());
    request
}

pub(super) fn by_channel(name: &str) -> Option<v1::IterationSelector> {
    Some(v1::IterationSelector { by: Some(v1::iteration_selector::By::Channel(name.to_owned())) })
}

/// The request id that came with an error.
pub(super) fn request_id(status: &Status) -> &str {
    status.metadata().get("x-request-id").unwrap().to_str().unwrap()
}

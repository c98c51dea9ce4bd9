//! Our own API, by gRPC: `proto/registry/v1`.
//!
//! [`Grpc::router`] has the routes of the registry, of health and of reflection. A call of the registry first meets
//! [`authenticate`], which puts the caller beside it.

mod account;
mod authenticate;
mod call;
mod fields;
mod governance;
mod health;
mod page;
mod served;
mod service;
mod status;
mod watch;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any_service;
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService;
use tonic_health::pb::health_server::HealthServer;

pub use health::Ready;
pub use served::method_paths;
pub use watch::{EverySecond, HEARTBEAT, MAX_WATCHED, MAX_WATCHERS, Pulse};

use super::Authenticator;
use super::request_id::with_request_id;
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::grpc::v1::account_service_server::AccountServiceServer;
use crate::wire::grpc::v1::governance_service_server::GovernanceServiceServer;
use crate::wire::grpc::v1::registry_service_server::RegistryServiceServer;
use crate::wire::grpc::{DESCRIPTORS, MAX_MESSAGE};
use account::AccountApi;
use governance::GovernanceApi;
use health::Health;
use service::RegistryApi;
use watch::Watches;

/// The most bytes that a message may have for the services that are open to everybody: their questions are names, and what
/// a stream has not sent whole is kept until it is.
const MAX_OPEN_MESSAGE: usize = 16 << 10;

/// What the API is served from.
pub struct Grpc<S> {
    /// The registry.
    pub service: Arc<Service<S>>,
    /// Who says who is calling.
    pub authenticator: Arc<dyn Authenticator>,
    /// Whether the server can do its work, for those who ask after its health.
    pub readiness: Arc<dyn Ready>,
    /// When to look whether watched channels have moved.
    pub pulse: Arc<dyn Pulse>,
    /// Ends the streams when the server shuts down.
    pub shutdown: CancellationToken,
}

impl<S: Store + 'static> Grpc<S> {
    /// The routes, by path and without a fallback, so that they can be merged with others. What is not a method of the
    /// registry answers UNIMPLEMENTED.
    ///
    /// Must be called within a tokio runtime: watched channels are looked at by a task of its own.
    pub fn router(self) -> Router {
        let Self { service, authenticator, readiness, pulse, shutdown } = self;
        let watches = Watches::start(Arc::clone(&service), pulse, shutdown.clone());
        let accounts = AccountServiceServer::new(AccountApi { service: Arc::clone(&service) });
        let governance = GovernanceServiceServer::new(GovernanceApi { service: Arc::clone(&service) });
        let registry = RegistryServiceServer::new(RegistryApi { service, watches, shutdown: shutdown.clone() })
            .max_decoding_message_size(MAX_MESSAGE);
        let registry = Router::new()
            .route(&path_of(&registry), any_service(registry))
            .route(&path_of(&governance), any_service(governance))
            .route(&path_of(&accounts), any_service(accounts));
        let services = Arc::new(served::service_names());
        let health = Health { readiness, shutdown, services };
        let health = HealthServer::new(health).max_decoding_message_size(MAX_OPEN_MESSAGE);
        let open = Router::new().route(&path_of(&health), any_service(health));
        guarded(registry, authenticator, reflection(open))
    }
}

/// `routes` for those whom `authenticator` lets in, and `open` ones for everybody; all calls have an id.
pub fn guarded(routes: Router, authenticator: Arc<dyn Authenticator>, open: Router) -> Router {
    let routes = routes.layer(from_fn_with_state(authenticator, authenticate::authenticate));
    open.merge(routes).layer(from_fn(with_request_id))
}

/// All methods of a service.
fn path_of<T: NamedService>(_: &T) -> String {
    format!("/{}/{{method}}", T::NAME)
}

/// Adds reflection, in the version of now and in the one that older clients ask for.
fn reflection(router: Router) -> Router {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let now = builder().build_v1().expect("the build has checked the descriptors");
    let now = now.max_decoding_message_size(MAX_OPEN_MESSAGE);
    let before = builder().build_v1alpha().expect("the build has checked the descriptors");
    let before = before.max_decoding_message_size(MAX_OPEN_MESSAGE);
    router.route(&path_of(&now), any_service(now)).route(&path_of(&before), any_service(before))
}

//! What our server is compared with: one that answers from memory, behind the same middleware.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::routing::{any_service, get};
use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt as _, Ready, ready};
use packer_plugin_registry::access::oidc::{Fetched, KeyFetcher};
use packer_plugin_registry::api::identity::Identity;
use packer_plugin_registry::api::{Authenticator, grpc, rest};
use packer_plugin_registry::config::Environment;
use packer_plugin_registry::config::server::{ServerFlags, ServerVariables, load};
use packer_plugin_registry::model::{Clock as _, SystemClock};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, SqliteStore};
use packer_plugin_registry::server::{Metrics, Parts, Readiness, ReadyFile, Shutdown, listen, run, start_logging};
use packer_plugin_registry::wire::grpc::v1;
use prost::Message as _;
use tonic::server::UnaryService;
use tonic::{Request as Call, Response as Answer, Status};
use tonic_prost::ProstCodec;

use super::process::{self, ServerProcess};

/// The argument that makes a benchmark this server.
pub(crate) const ROLE: &str = "memory-server";

/// The file with the answer to all calls by gRPC, as it goes over the wire.
const GRPC_ANSWER: &str = "answer.pb";

/// The file with the answer to all calls for a channel of HCP.
const HCP_ANSWER: &str = "answer.json";

/// A process that answers `answer` to every call by gRPC, from memory.
pub(crate) fn answering_grpc(data: &Path, answer: &v1::ResolveArtifactResponse) -> ServerProcess {
    start(data, GRPC_ANSWER, &answer.encode_to_vec())
}

/// A process that answers `answer` whenever it is asked for a channel of HCP, from memory.
pub(crate) fn answering_hcp(data: &Path, answer: &Bytes) -> ServerProcess {
    start(data, HCP_ANSWER, answer)
}

fn start(data: &Path, name: &str, answer: &[u8]) -> ServerProcess {
    std::fs::write(data.join(name), answer).expect("a file can be written");
    let mut command = Command::new(std::env::current_exe().expect("this program is somewhere"));
    ServerProcess::start(command.arg(ROLE).arg(data), data)
}

/// That process: its arguments are those of `start`, and `--ready-file FILE`.
pub(crate) fn main(data: &Path, ready_file: &Path) {
    let flags = [("--data", data.to_str()), ("--tls", Some("off")), ("--listen", Some("127.0.0.1:0"))];
    let flags = flags.map(|(flag, value)| (flag, value.expect("a path of ours is text").to_owned()));
    let flags =
        ServerFlags { config: None, options: [flags.to_vec(), vec![("--log-level", "warn".to_owned())]].concat() };
    let config = load(&flags, &ServerVariables::default(), &Environment::default()).expect("a good configuration");
    start_logging(config.log, true).expect("there is one log");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let clock = Arc::new(SystemClock);
        let mode = OpenMode::Create(clock.now());
        let store = SqliteStore::open(data.join("registry.db"), mode, Patience::new(config.shutdown_grace, || false));
        let service = Arc::new(Service::new(store.expect("a new registry"), clock.clone()));
        let owner = service.bootstrap_owner().await.expect("an owner").expect("the first");
        process::write_owner(data, &owner);
        let place = service.place().await.expect("a project");
        let identity = Arc::new(Identity::new(service, clock.clone(), config.token_lifetime, NoIssuers));
        let listener = listen(&config.listen).expect("a free port");
        let address: SocketAddr = listener.local_addr().expect("an address");
        let authenticator = Arc::clone(&identity) as Arc<dyn Authenticator>;
        let parts = Parts {
            rest: identity.router().merge(rest::guarded(hcp(data), Arc::clone(&authenticator))),
            grpc: grpc::guarded(memory(data), authenticator, Router::new()),
            readiness: Readiness::always(),
            metrics: Metrics::new(clock.now(), grpc::method_paths()),
            certificates: None,
        };
        let ready = ReadyFile::new(address, false, None, &place.organization_id, &place.project_id);
        ready.write(ready_file).expect("a file can be written");
        run(listener, &config, parts, Shutdown::new()).await.expect("it serves");
    });
}

/// The answer to every call by gRPC, where there is one.
fn memory(data: &Path) -> Router {
    let Ok(answer) = std::fs::read(data.join(GRPC_ANSWER)) else { return Router::new() };
    let memory = Memory(v1::ResolveArtifactResponse::decode(&answer[..]).expect("the answer"));
    Router::new().route("/registry.v1.RegistryService/{method}", any_service(memory))
}

/// The answer to calls for a channel, where there is one.
fn hcp(data: &Path) -> Router {
    let Ok(answer) = std::fs::read(data.join(HCP_ANSWER)).map(Bytes::from) else { return Router::new() };
    let path = "/packer/2023-01-01/organizations/{organization_id}/projects/{project_id}/buckets/{bucket_name}/channels/{channel_name}";
    Router::new().route(path, get(async move || ([(CONTENT_TYPE, "application/json")], answer.clone())))
}

struct NoIssuers;

impl KeyFetcher for NoIssuers {
    async fn fetch(&self, url: &str, _: usize) -> Result<Fetched, String> {
        Err(format!("nobody fetches {url}"))
    }
}

/// The service that answers from memory.
#[derive(Clone)]
struct Memory(v1::ResolveArtifactResponse);

impl UnaryService<v1::ResolveArtifactRequest> for Memory {
    type Response = v1::ResolveArtifactResponse;
    type Future = Ready<Result<Answer<Self::Response>, Status>>;

    fn call(&mut self, _: Call<v1::ResolveArtifactRequest>) -> Self::Future {
        ready(Ok(Answer::new(self.0.clone())))
    }
}

impl tower::Service<Request> for Memory {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let memory = self.clone();
        async move {
            let mut grpc = tonic::server::Grpc::new(ProstCodec::default());
            Ok(grpc.unary(memory, request).await.map(axum::body::Body::new))
        }
        .boxed()
    }
}

use std::future::ready;
use std::io::{Error, ErrorKind};
use std::time::{Duration, Instant};

use axum::http::Version;
use hyper_util::rt::TokioIo;
use packer_plugin_registry::backend::Backend as _;
use packer_plugin_registry::wire::grpc::v1;
use packer_plugin_registry::wire::grpc::v1::registry_service_client::RegistryServiceClient;
use packer_plugin_registry::wire::grpc::v1::watch_channel_response::Event;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Streaming};

use super::client::{Client, backend};
use crate::store::postgres::database::Database;
use crate::support::http_client::connect;
use crate::support::record::build_of;
use crate::support::server::Server;

/// A server looks once a second; the rest is what a busy machine takes.
const SOON: Duration = Duration::from_secs(10);

/// One who watches `latest` of `web-server` over the network, as the owner.
struct Watch(Streaming<v1::WatchChannelResponse>);

impl Watch {
    async fn start(server: &Server) -> Self {
        let token = Client::of(server).run("token").succeeded().stdout;
        let mut request = Request::new(v1::WatchChannelRequest {
            bucket: "web-server".to_owned(),
            channel: "latest".to_owned(),
            after_position: None,
        });
        request.metadata_mut().insert("authorization", format!("Bearer {}", token.trim()).parse().unwrap());
        let answer = RegistryServiceClient::new(channel(server).await).watch_channel(request).await.unwrap();
        Self(answer.into_inner())
    }

    /// The number of the iteration that the next move is to.
    async fn next_move(&mut self) -> Option<u32> {
        loop {
            let message = tokio::time::timeout(SOON, self.0.message()).await.expect("news come soon");
            match message.unwrap().unwrap().event.unwrap() {
                Event::Assignment(assignment) => return assignment.version,
                Event::Heartbeat(_) => {}
            }
        }
    }
}

/// A connection with TLS.
async fn channel(server: &Server) -> Channel {
    let [_, _, _, (_, ca)] = server.variables();
    let stream = connect(server.address(), ca.as_ref(), "localhost", Version::HTTP_2).await.unwrap();
    let mut once = Some(TokioIo::new(stream));
    let connector = tower::service_fn(move |_| ready(once.take().ok_or_else(|| Error::from(ErrorKind::NotConnected))));
    Endpoint::from_shared(server.url()).unwrap().connect_with_connector(connector).await.unwrap()
}

/// Records a release on one server; one who watches another hears of it.
fn a_move_is_heard_of(pushed_to: &Server, watched: &Server) {
    let release = |run: u32| {
        let record = build_of(&format!("release-{run}"), run, "amazon-ebs.east");
        let backend = backend(pushed_to);
        backend.ingest(&record).unwrap();
        backend.confirm(&record.key()).unwrap();
    };
    release(1);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut watch = runtime.block_on(Watch::start(watched));
    assert_eq!(runtime.block_on(watch.next_move()), Some(1));
    for run in 2..=3 {
        release(run);
        let since = Instant::now();
        assert_eq!(runtime.block_on(watch.next_move()), Some(run));
        assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    }
}

#[test]
fn who_watches_a_channel_of_a_server_on_sqlite_hears_of_each_move() {
    let server = Server::start(None);
    a_move_is_heard_of(&server, &server);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn who_watches_a_channel_on_one_server_hears_of_what_is_done_on_another() {
    let database = Database::empty();
    let [one, other] = Server::start_two(&database.url);
    a_move_is_heard_of(&one, &other);
}

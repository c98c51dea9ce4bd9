use packer_plugin_registry::model::Timestamp;
use packer_plugin_registry::wire::grpc::v1;
use packer_plugin_registry::wire::grpc::v1::watch_channel_response::Event;
use tonic::{Code, Status, Streaming};

use super::server::{NOON, Server, as_ada};
use crate::support::record::build_of;

/// One who watches a channel.
struct Watch(Streaming<v1::WatchChannelResponse>);

impl Watch {
    async fn try_start(server: &Server, after_position: Option<u32>) -> Result<Self, Status> {
        Self::try_start_at("latest", server, after_position).await
    }

    async fn try_start_at(channel: &str, server: &Server, after_position: Option<u32>) -> Result<Self, Status> {
        let (bucket, channel) = ("web-server".to_owned(), channel.to_owned());
        let request = v1::WatchChannelRequest { bucket, channel, after_position };
        server.client().watch_channel(as_ada(request)).await.map(|response| Self(response.into_inner()))
    }

    async fn start(server: &Server, after_position: Option<u32>) -> Self {
        Self::try_start(server, after_position).await.unwrap()
    }

    /// The next move, as (position, version).
    async fn next_move(&mut self) -> (u32, Option<u32>) {
        loop {
            match self.0.message().await.unwrap().unwrap().event.unwrap() {
                Event::Assignment(assignment) => return (assignment.position, assignment.version),
                Event::Heartbeat(_) => {}
            }
        }
    }

    /// Whether the next event is a heartbeat.
    async fn heartbeat(&mut self) -> bool {
        matches!(self.0.message().await.unwrap().unwrap().event, Some(Event::Heartbeat(_)))
    }

    /// How the stream ends.
    async fn end(&mut self) -> Code {
        loop {
            match self.0.message().await {
                Ok(Some(_)) => {}
                Ok(None) => return Code::Ok,
                Err(status) => return status.code(),
            }
        }
    }
}

async fn release(server: &Server, run: u32) {
    server.record(&build_of(&format!("release-{run}"), run, "amazon-ebs.east")).await;
    server.pulse.beat();
}

#[tokio::test]
async fn a_watch_begins_with_what_is_and_goes_on_with_each_move() {
    let server = Server::start();
    release(&server, 1).await;
    let mut watch = Watch::start(&server, None).await;
    assert_eq!(watch.next_move().await, (1, Some(1)));
    release(&server, 2).await;
    assert_eq!(watch.next_move().await, (2, Some(2)));
    // Two moves between two looks are two events all the same.
    server.record(&build_of("release-3", 3, "amazon-ebs.east")).await;
    release(&server, 4).await;
    assert_eq!(watch.next_move().await, (3, Some(3)));
    assert_eq!(watch.next_move().await, (4, Some(4)));
}

#[tokio::test]
async fn a_watch_goes_on_where_another_one_ended() {
    let server = Server::start();
    for run in 1..=3 {
        release(&server, run).await;
    }
    let mut watch = Watch::start(&server, Some(1)).await;
    assert_eq!(watch.next_move().await, (2, Some(2)));
    assert_eq!(watch.next_move().await, (3, Some(3)));
    let mut at_the_end = Watch::start(&server, Some(3)).await;
    assert!(at_the_end.heartbeat().await);
    release(&server, 4).await;
    assert_eq!(at_the_end.next_move().await, (4, Some(4)));
    let Err(beyond) = Watch::try_start(&server, Some(9)).await else { panic!("there is no ninth move") };
    assert_eq!(beyond.code(), Code::OutOfRange);
}

#[tokio::test]
async fn a_revocation_that_takes_effect_is_a_move_that_stays_when_it_is_written_down() {
    let server = Server::start();
    release(&server, 1).await;
    server.revoke_all(Timestamp(NOON.0 + 1000));
    let mut watch = Watch::start(&server, None).await;
    assert_eq!(watch.next_move().await, (1, Some(1)));
    server.clock.set(Timestamp(NOON.0 + 2000));
    server.pulse.beat();
    assert_eq!(watch.next_move().await, (2, None));
    release(&server, 3).await;
    assert_eq!(watch.next_move().await, (3, Some(2)));
}

#[tokio::test]
async fn a_watch_ends_with_its_channel_though_another_one_has_its_name() {
    let server = Server::start();
    for run in 1..=2 {
        release(&server, run).await;
        server.assign("staging", run).await;
    }
    let mut watch = Watch::try_start_at("staging", &server, None).await.unwrap();
    assert_eq!(watch.next_move().await, (2, Some(2)));
    server.delete_channel("staging").await;
    server.assign("staging", 1).await;
    server.pulse.beat();
    assert_eq!(watch.end().await, Code::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_quiet_watch_gives_signs_of_life() {
    let server = Server::start();
    release(&server, 1).await;
    let mut watch = Watch::start(&server, None).await;
    assert_eq!(watch.next_move().await, (1, Some(1)));
    assert!(watch.heartbeat().await && watch.heartbeat().await);
}

#[tokio::test(start_paused = true)]
async fn who_may_no_longer_read_is_told_nothing_more() {
    let server = Server::start();
    release(&server, 1).await;
    let mut watch = Watch::start(&server, None).await;
    server.tokens.revoke_all();
    assert_eq!(watch.end().await, Code::Unauthenticated);
}

#[tokio::test]
async fn a_watch_ends_with_the_server() {
    let server = Server::start();
    release(&server, 1).await;
    let mut watch = Watch::start(&server, None).await;
    server.shutdown.cancel();
    assert_eq!(watch.end().await, Code::Unavailable);
}

#[tokio::test]
async fn a_channel_that_is_not_there_cannot_be_watched() {
    let server = Server::start();
    let Err(status) = Watch::try_start(&server, None).await else { panic!("there is no bucket yet") };
    assert_eq!(status.code(), Code::NotFound);
}

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt as _};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::watches::{Key, Seen, Watches};
use crate::api::grpc::authenticate::not_let_in;
use crate::api::grpc::call::Call;
use crate::model::{BucketName, ChannelAssignment, ChannelName};
use crate::registry::MAX_MOVES;
use crate::registry::store::Store;
use crate::wire::grpc::v1;
use crate::wire::grpc::v1::watch_channel_response::{Event, Heartbeat};

/// How often a stream gives a sign of life, and asks whether its caller may still read.
pub const HEARTBEAT: Duration = Duration::from_secs(15);

type Events = Pin<Box<dyn Stream<Item = Result<v1::WatchChannelResponse, Status>> + Send>>;

/// One who watches a channel.
struct Watcher<S> {
    watches: Arc<Watches<S>>,
    call: Call<v1::WatchChannelRequest>,
    bucket: BucketName,
    channel: ChannelName,
    /// Which channel that is: another one may get its name.
    channel_id: String,
    changes: watch::Receiver<Seen>,
    heartbeat: Interval,
    shutdown: CancellationToken,
    /// What was sent last, or is known to have been sent before.
    last: Option<ChannelAssignment>,
    /// The place of that in the history.
    place: u32,
    pending: VecDeque<Event>,
    /// Whether the history goes on behind what is pending.
    has_more: bool,
}

/// The moves of a channel, beginning with what the request asks for.
pub(in crate::api::grpc) async fn watch<S: Store + 'static>(
    watches: &Arc<Watches<S>>,
    call: Call<v1::WatchChannelRequest>,
    (bucket, channel): (BucketName, ChannelName),
    shutdown: CancellationToken,
) -> Result<Events, Status> {
    let key = Key { project: call.caller.project_id.clone(), bucket: bucket.clone(), channel: channel.clone() };
    // May the caller read it at all? Nobody who may not makes us look.
    let service = &watches.service;
    let watched = service.channel(&call.caller, &bucket, &channel).await.map_err(|error| call.failed(error))?;
    // From here on nothing is missed: what changes after this is heard of, what changed before is read next.
    let changes = watches.subscribe(key)?;
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watches = Arc::clone(watches);
    let mut watcher = Watcher {
        watches,
        call,
        bucket,
        channel,
        channel_id: watched.id,
        changes,
        heartbeat,
        shutdown,
        last: None,
        place: 0,
        pending: VecDeque::new(),
        has_more: false,
    };
    watcher.begin().await?;
    Ok(stream::unfold(Some(watcher), |watcher| async {
        let mut watcher = watcher?;
        match watcher.next().await {
            Ok(event) => Some((Ok(v1::WatchChannelResponse { event: Some(event) }), Some(watcher))),
            Err(status) => Some((Err(status), None)),
        }
    })
    .boxed())
}

impl<S: Store + 'static> Watcher<S> {
    /// What the stream begins with.
    async fn begin(&mut self) -> Result<(), Status> {
        match self.call.message.after_position {
            None => {
                let head = self.head().await?;
                let nothing = v1::ChannelAssignment::default();
                self.pending.push_back(Event::Assignment(head.clone().map_or(nothing, Into::into)));
                self.place = head.as_ref().map_or(0, |head| head.position);
                self.last = head;
            }
            Some(position) => {
                let head = self.head().await?;
                let end = head.as_ref().map_or(0, |head| head.position);
                if position > end {
                    return Err(Status::out_of_range(format!(
                        "after_position: the history of channel {} ends at {end}; watch without a position to see where \
                         it points",
                        self.channel
                    )));
                }
                self.place = position;
                self.read_moves().await?;
                if self.pending.is_empty() {
                    self.last = head;
                    self.pending.push_back(sign_of_life());
                }
            }
        }
        Ok(())
    }

    async fn next(&mut self) -> Result<Event, Status> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Ok(event);
            }
            if self.has_more {
                self.read_moves().await?;
                continue;
            }
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => {
                    return Err(Status::unavailable("the server shuts down; watch again from where you are"));
                }
                changed = self.changes.changed() => {
                    if changed.is_err() {
                        return Err(Status::unavailable("the watch has ended; watch again from where you are"));
                    }
                    self.catch_up().await?;
                }
                _ = self.heartbeat.tick() => {
                    // A sign of life of the registry, too: what it would say of the channel is asked for.
                    self.catch_up().await?;
                    if self.pending.is_empty() {
                        self.pending.push_back(sign_of_life());
                    }
                }
            }
        }
    }

    /// Reads what the caller has not seen yet, as who they are at this moment.
    async fn catch_up(&mut self) -> Result<(), Status> {
        self.call.caller = self.call.session.caller().await.map_err(|error| not_let_in(error, &self.call.id))?;
        let head = self.head().await?;
        if head != self.last {
            self.read_moves().await?;
            if self.pending.is_empty() {
                self.replace(head);
            }
        }
        Ok(())
    }

    /// Sends what is in the place of what was sent before: another server, whose clock is behind, saw no revocation there.
    fn replace(&mut self, head: Option<ChannelAssignment>) {
        if let Some(head) = &head {
            self.place = head.position;
            self.pending.push_back(Event::Assignment(head.clone().into()));
        }
        self.last = head;
    }

    async fn head(&self) -> Result<Option<ChannelAssignment>, Status> {
        let channel = self.watches.service.channel(&self.call.caller, &self.bucket, &self.channel).await;
        let channel = channel.map_err(|error| self.call.failed(error))?;
        if channel.id != self.channel_id {
            return Err(Status::not_found(format!(
                "channel {} was deleted, and another one has its name; watch again, without a position",
                self.channel
            )));
        }
        Ok(channel.assignment)
    }

    /// Takes what came after what was sent from the history.
    async fn read_moves(&mut self) -> Result<(), Status> {
        let service = &self.watches.service;
        let moves = service.channel_moves(&self.call.caller, &self.bucket, &self.channel, self.place).await;
        let moves = moves.map_err(|error| self.call.failed(error))?;
        self.has_more = moves.len() >= MAX_MOVES as usize;
        for assignment in moves {
            self.place = assignment.position;
            self.last = Some(assignment.clone());
            self.pending.push_back(Event::Assignment(assignment.into()));
        }
        Ok(())
    }
}

fn sign_of_life() -> Event {
    Event::Heartbeat(Heartbeat {})
}

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::Pulse;
use crate::access::Caller;
use crate::api::grpc::status::too_much;
use crate::model::{BucketName, ChannelAssignment, ChannelName, ProjectId};
use crate::registry::store::Store;
use crate::registry::{RegistryError, Service};

/// Channels that are watched at a time.
pub const MAX_WATCHED: usize = 1_000;
/// Streams that watch at a time.
pub const MAX_WATCHERS: usize = 10_000;
/// When to ask again where there are too many.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// The name of the watch, should a query ever say who asked.
const WATCH: &str = "watch";

/// A channel of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) project: Option<ProjectId>,
    pub(super) bucket: BucketName,
    pub(super) channel: ChannelName,
}

/// What a look at a channel found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Seen {
    /// Nothing yet.
    NotLooked,
    /// What it points at.
    At(Option<ChannelAssignment>),
    /// The channel is gone.
    Gone,
}

/// The channels that are watched.
pub(in crate::api::grpc) struct Watches<S> {
    pub(super) service: Arc<Service<S>>,
    channels: Mutex<BTreeMap<Key, watch::Sender<Seen>>>,
    /// Wakes the task that looks, which sleeps while nobody watches.
    wanted: Notify,
}

impl<S: Store + 'static> Watches<S> {
    /// Starts the task that looks; it ends with `shutdown`.
    pub(in crate::api::grpc) fn start(
        service: Arc<Service<S>>,
        pulse: Arc<dyn Pulse>,
        shutdown: CancellationToken,
    ) -> Arc<Self> {
        let watches = Arc::new(Self { service, channels: Mutex::default(), wanted: Notify::new() });
        let looking = Arc::clone(&watches);
        tokio::spawn(async move { shutdown.run_until_cancelled(looking.look(pulse.as_ref())).await });
        watches
    }

    /// Begins to watch a channel; the receiver hears of every change that is seen from now on.
    pub(super) fn subscribe(&self, key: Key) -> Result<watch::Receiver<Seen>, Status> {
        let mut channels = self.channels();
        let watchers: usize = channels.values().map(watch::Sender::receiver_count).sum();
        if watchers >= MAX_WATCHERS || (channels.len() >= MAX_WATCHED && !channels.contains_key(&key)) {
            return Err(too_much("too many channels are being watched; try again later", RETRY_AFTER));
        }
        let receiver = channels.entry(key).or_insert_with(|| watch::Sender::new(Seen::NotLooked)).subscribe();
        self.wanted.notify_one();
        Ok(receiver)
    }

    async fn look(&self, pulse: &dyn Pulse) {
        loop {
            if self.watched().is_empty() {
                self.wanted.notified().await;
            }
            pulse.next().await;
            for key in self.watched() {
                self.look_at(key).await;
            }
        }
    }

    /// The channels that someone still watches.
    fn watched(&self) -> Vec<Key> {
        let mut channels = self.channels();
        channels.retain(|_, sender| sender.receiver_count() > 0);
        channels.keys().cloned().collect()
    }

    async fn look_at(&self, key: Key) {
        // On behalf of all who watch: each of them reads as themselves what they are told.
        let caller = Caller { project_id: key.project.clone(), ..Caller::local(WATCH) };
        let seen = match self.service.channel(&caller, &key.bucket, &key.channel).await {
            Ok(channel) => Seen::At(channel.assignment),
            Err(RegistryError::NotFound { .. }) => Seen::Gone,
            Err(error) => {
                tracing::warn!(bucket = %key.bucket, channel = %key.channel, cause = %error, "cannot watch");
                return;
            }
        };
        if let Some(sender) = self.channels().get(&key) {
            sender.send_if_modified(|before| {
                let differs = *before != seen;
                *before = seen;
                differs
            });
        }
    }

    fn channels(&self) -> MutexGuard<'_, BTreeMap<Key, watch::Sender<Seen>>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

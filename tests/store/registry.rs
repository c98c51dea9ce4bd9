use std::sync::Arc;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::{
    BucketSummary, Channel, ChannelAssignment, Iteration, IterationRecord, IterationSelector, Receipt, RevocationOrder,
    SettableClock, Timestamp,
};
use packer_plugin_registry::registry::store::{Op, Store, Tx, Value};
use packer_plugin_registry::registry::{RegistryError, Service};

use super::block_on;
use super::record::{bucket, channel, fingerprint};

/// The bucket of most tests.
pub(crate) const BUCKET: &str = "web-server";

/// When the tests begin.
pub(crate) const NOON: Timestamp = Timestamp(1_000_000);

/// A registry under test: its service, a clock that stands still, and a second door to its store.
pub(crate) struct Registry<S> {
    pub(crate) service: Service<S>,
    pub(crate) clock: Arc<SettableClock>,
    pub(crate) caller: Caller,
    store: S,
    /// What lives as long as the registry does: its folder, say.
    _keep: Box<dyn std::any::Any>,
}

impl<S: Store> Registry<S> {
    /// A registry on two handles of the same store.
    pub(crate) fn new(handles: [S; 2], keep: impl std::any::Any) -> Self {
        let [store, other] = handles;
        let clock = Arc::new(SettableClock::at(NOON));
        let caller = Caller::local("ada");
        Self { service: Service::new(store, clock.clone()), clock, caller, store: other, _keep: Box::new(keep) }
    }

    pub(crate) fn try_ingest(&self, record: &IterationRecord) -> Result<Receipt, RegistryError> {
        block_on(self.service.ingest(&self.caller, record))
    }

    pub(crate) fn ingest(&self, record: &IterationRecord) -> Receipt {
        self.try_ingest(record).unwrap()
    }

    pub(crate) fn confirm(&self, record: &IterationRecord) -> Receipt {
        block_on(self.service.confirm(&self.caller, &record.key())).unwrap()
    }

    /// Ingests and confirms; answers what the confirmation does.
    pub(crate) fn record(&self, record: &IterationRecord) -> Receipt {
        self.ingest(record);
        self.confirm(record)
    }

    pub(crate) fn destroy(&self, record: &IterationRecord) {
        block_on(self.service.mark_destroyed(&self.caller, &record.key())).unwrap();
    }

    pub(crate) fn try_complete(&self, asked: &str, reason: &str) -> Result<Receipt, RegistryError> {
        let selector = IterationSelector::Fingerprint(fingerprint(asked));
        block_on(self.service.complete_iteration(&self.caller, &bucket(BUCKET), &selector, reason))
    }

    pub(crate) fn try_assign(&self, name: &str, asked: &str) -> Result<Channel, RegistryError> {
        let selector = IterationSelector::Fingerprint(fingerprint(asked));
        block_on(self.service.assign_channel(&self.caller, &bucket(BUCKET), &channel(name), &selector))
    }

    pub(crate) fn assign(&self, name: &str, asked: &str) -> Channel {
        self.try_assign(name, asked).unwrap()
    }

    pub(crate) fn buckets(&self) -> Vec<BucketSummary> {
        block_on(self.service.buckets(&self.caller)).unwrap()
    }

    pub(crate) fn bucket(&self) -> BucketSummary {
        block_on(self.service.bucket(&self.caller, &bucket(BUCKET))).unwrap()
    }

    pub(crate) fn iterations(&self) -> Vec<Iteration> {
        block_on(self.service.iterations(&self.caller, &bucket(BUCKET))).unwrap()
    }

    pub(crate) fn try_iteration(&self, selector: &IterationSelector) -> Result<Iteration, RegistryError> {
        block_on(self.service.iteration(&self.caller, &bucket(BUCKET), selector))
    }

    pub(crate) fn iteration(&self, asked: &str) -> Iteration {
        self.try_iteration(&IterationSelector::Fingerprint(fingerprint(asked))).unwrap()
    }

    pub(crate) fn channels(&self) -> Vec<Channel> {
        block_on(self.service.channels(&self.caller, &bucket(BUCKET))).unwrap()
    }

    pub(crate) fn history(&self, name: &str) -> Vec<ChannelAssignment> {
        block_on(self.service.channel_history(&self.caller, &bucket(BUCKET), &channel(name))).unwrap()
    }

    /// The version that a channel points at.
    pub(crate) fn version_behind(&self, name: &str) -> Option<u32> {
        let channel = self.channels().into_iter().find(|channel| channel.name.as_str() == name)?;
        channel.assignment?.version
    }

    /// Everything that can be read, to compare before with after.
    pub(crate) fn everything(&self) -> (Vec<BucketSummary>, Vec<Iteration>, Vec<Channel>, Vec<ChannelAssignment>) {
        (self.buckets(), self.iterations(), self.channels(), self.history("latest"))
    }

    /// Revokes an iteration of [`BUCKET`] and all that was built from it, because it is broken.
    pub(crate) fn revoke(&self, asked: &str, revoke_at: Timestamp) {
        let message = "broken".to_owned();
        let order = RevocationOrder { revoke_at: Some(revoke_at), message, descends: true, rolls_back: true };
        self.try_revoke(asked, order).unwrap();
    }

    pub(crate) fn try_revoke(&self, asked: &str, order: RevocationOrder) -> Result<Iteration, RegistryError> {
        let selector = IterationSelector::Fingerprint(fingerprint(asked));
        block_on(self.service.revoke_iteration(&self.caller, &bucket(BUCKET), &selector, order))
    }

    pub(crate) fn try_cancel_revocation(&self, asked: &str) -> Result<Iteration, RegistryError> {
        let selector = IterationSelector::Fingerprint(fingerprint(asked));
        block_on(self.service.cancel_revocation(&self.caller, &bucket(BUCKET), &selector))
    }

    pub(crate) fn try_restore(&self, asked: &str) -> Result<Iteration, RegistryError> {
        let selector = IterationSelector::Fingerprint(fingerprint(asked));
        block_on(self.service.restore_iteration(&self.caller, &bucket(BUCKET), &selector))
    }

    /// Runs a statement past the rules.
    pub(crate) fn execute(&self, sql: &'static str, values: Vec<Value>) -> Result<usize, RegistryError> {
        block_on(self.store.execute(Statement { sql, values }))
    }
}

struct Statement {
    sql: &'static str,
    values: Vec<Value>,
}

impl Op for Statement {
    type Out = usize;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<usize, RegistryError> {
        Ok(tx.exec(self.sql, &self.values).await?)
    }
}

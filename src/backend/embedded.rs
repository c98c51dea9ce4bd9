use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::executor::block_on;

use super::{Backend, BackendError};
use crate::access::Caller;
use crate::model::{
    BucketName, BucketSummary, BuildKey, Channel, ChannelAssignment, ChannelName, Clock, Iteration, IterationRecord,
    IterationSelector, Receipt,
};
use crate::registry::store::{self, Fault, OpenMode, Patience, SqliteStore, StoreError};
use crate::registry::{RegistryError, Service};

/// How long a call waits while other processes write.
const PATIENCE: Duration = Duration::from_secs(30);

/// A registry in this process, on a SQLite file.
pub struct EmbeddedBackend {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    caller: Caller,
    patience: Patience,
    service: Mutex<Option<Arc<Service<SqliteStore>>>>,
}

impl EmbeddedBackend {
    /// The registry in the file `path`, which is opened by the first call and created by the first record.
    ///
    /// `caller` is who asks; a call that waits for its turn gives up once `cancel` answers true.
    pub fn new(
        path: PathBuf,
        clock: Arc<dyn Clock>,
        caller: Caller,
        cancel: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { path, clock, caller, patience: Patience::new(PATIENCE, cancel), service: Mutex::new(None) }
    }

    fn service(&self, mode: OpenMode) -> Result<Arc<Service<SqliteStore>>, BackendError> {
        let mut service = self.service.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = &*service {
            return Ok(Arc::clone(open));
        }
        let store = SqliteStore::open(self.path.clone(), mode, self.patience.clone()).map_err(unavailable)?;
        Ok(Arc::clone(service.insert(Arc::new(Service::new(store, Arc::clone(&self.clock))))))
    }

    /// The registry, created if it is missing: for records, which must not get lost.
    fn created(&self) -> Result<Arc<Service<SqliteStore>>, BackendError> {
        self.service(OpenMode::Create(self.clock.now()))
    }

    /// The registry, where there is one already.
    fn existing(&self) -> Result<Arc<Service<SqliteStore>>, BackendError> {
        self.service(OpenMode::Existing)
    }

    fn answer<T>(&self, result: Result<T, RegistryError>) -> Result<T, BackendError> {
        result.map_err(|error| match error {
            RegistryError::NotFound { what, way_out } => {
                BackendError::NotFound(format!("{what} does not exist in sqlite:{}; {way_out}", self.path.display()))
            }
            RegistryError::Refused(message) => BackendError::Refused(message),
            RegistryError::Denied(denied) => BackendError::Refused(denied.to_string()),
            RegistryError::Store(error) => unavailable(error),
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
fn unavailable(error: StoreError) -> BackendError {
    match error.fault() {
        Fault::Absent => BackendError::NotFound(error.to_string()),
        _ => BackendError::Unavailable(error.to_string()),
    }
}

impl Backend for EmbeddedBackend {
    fn check_writable(&self) -> Result<(), BackendError> {
        store::check_writable(&self.path).map_err(unavailable)
    }

    fn ingest(&self, record: &IterationRecord) -> Result<Receipt, BackendError> {
        self.answer(block_on(self.created()?.ingest(&self.caller, record)))
    }

    fn confirm(&self, key: &BuildKey) -> Result<Receipt, BackendError> {
        self.answer(block_on(self.existing()?.confirm(&self.caller, key)))
    }

    fn mark_destroyed(&self, key: &BuildKey) -> Result<(), BackendError> {
        self.answer(block_on(self.existing()?.mark_destroyed(&self.caller, key)))
    }

    fn buckets(&self) -> Result<Vec<BucketSummary>, BackendError> {
        self.answer(block_on(self.existing()?.buckets(&self.caller)))
    }

    fn bucket(&self, bucket: &BucketName) -> Result<BucketSummary, BackendError> {
        self.answer(block_on(self.existing()?.bucket(&self.caller, bucket)))
    }

    fn iterations(&self, bucket: &BucketName) -> Result<Vec<Iteration>, BackendError> {
        self.answer(block_on(self.existing()?.iterations(&self.caller, bucket)))
    }

    fn iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        self.answer(block_on(self.existing()?.iteration(&self.caller, bucket, selector)))
    }

    fn complete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        reason: &str,
    ) -> Result<Receipt, BackendError> {
        self.answer(block_on(self.existing()?.complete_iteration(&self.caller, bucket, selector, reason)))
    }

    fn channels(&self, bucket: &BucketName) -> Result<Vec<Channel>, BackendError> {
        self.answer(block_on(self.existing()?.channels(&self.caller, bucket)))
    }

    fn assign_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Channel, BackendError> {
        self.answer(block_on(self.existing()?.assign_channel(&self.caller, bucket, channel, selector)))
    }

    fn channel_history(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<Vec<ChannelAssignment>, BackendError> {
        self.answer(block_on(self.existing()?.channel_history(&self.caller, bucket, channel)))
    }
}

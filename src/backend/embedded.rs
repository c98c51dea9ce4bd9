use std::path::PathBuf;
use std::sync::Arc;

use super::{Backend, BackendError};
use crate::access::Caller;
use crate::model::{
    BucketName, BucketSummary, BuildKey, Channel, ChannelAssignment, ChannelName, Clock, Iteration, IterationRecord,
    IterationSelector, Receipt,
};

/// A registry in this process, on a SQLite file.
pub struct EmbeddedBackend {
    path: PathBuf,
    _clock: Arc<dyn Clock>,
    _caller: Caller,
    _cancel: Box<dyn Fn() -> bool + Send + Sync>,
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
        Self { path, _clock: clock, _caller: caller, _cancel: Box::new(cancel) }
    }

    fn absent<T>(&self) -> Result<T, BackendError> {
        Err(BackendError::Unavailable(format!("the registry at {} cannot be opened yet", self.path.display())))
    }
}

impl Backend for EmbeddedBackend {
    fn check_writable(&self) -> Result<(), BackendError> {
        self.absent()
    }

    fn ingest(&self, _: &IterationRecord) -> Result<Receipt, BackendError> {
        self.absent()
    }

    fn confirm(&self, _: &BuildKey) -> Result<Receipt, BackendError> {
        self.absent()
    }

    fn mark_destroyed(&self, _: &BuildKey) -> Result<(), BackendError> {
        self.absent()
    }

    fn buckets(&self) -> Result<Vec<BucketSummary>, BackendError> {
        self.absent()
    }

    fn bucket(&self, _: &BucketName) -> Result<BucketSummary, BackendError> {
        self.absent()
    }

    fn iterations(&self, _: &BucketName) -> Result<Vec<Iteration>, BackendError> {
        self.absent()
    }

    fn iteration(&self, _: &BucketName, _: &IterationSelector) -> Result<Iteration, BackendError> {
        self.absent()
    }

    fn complete_iteration(&self, _: &BucketName, _: &IterationSelector, _: &str) -> Result<Receipt, BackendError> {
        self.absent()
    }

    fn channels(&self, _: &BucketName) -> Result<Vec<Channel>, BackendError> {
        self.absent()
    }

    fn assign_channel(&self, _: &BucketName, _: &ChannelName, _: &IterationSelector) -> Result<Channel, BackendError> {
        self.absent()
    }

    fn channel_history(&self, _: &BucketName, _: &ChannelName) -> Result<Vec<ChannelAssignment>, BackendError> {
        self.absent()
    }
}

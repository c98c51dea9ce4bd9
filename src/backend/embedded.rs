use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::executor::block_on;

use super::accounts::no_project;
use super::{Backend, BackendError};
use crate::access::Caller;
use crate::model::{
    BucketName, BucketSummary, BuildKey, Channel, ChannelAssignment, ChannelName, Clock, Iteration, IterationRecord,
    IterationSelector, Project, Receipt,
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
    /// The project to work in, by its name or id.
    project: Option<String>,
    patience: Patience,
    open: Mutex<Option<Open>>,
}

/// The registry, and who asks in which project.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) service: Arc<Service<SqliteStore>>,
    pub(super) caller: Caller,
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
        let patience = Patience::new(PATIENCE, cancel);
        Self { path, clock, caller, project: None, patience, open: Mutex::new(None) }
    }

    /// The same, working in the project of this name or id.
    #[must_use]
    pub fn in_project(self, project: Option<String>) -> Self {
        Self { project, ..self }
    }

    fn open(&self, mode: OpenMode) -> Result<Open, BackendError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = &*open {
            return Ok(open.clone());
        }
        let store = SqliteStore::open(self.path.clone(), mode, self.patience.clone()).map_err(unavailable)?;
        let service = Arc::new(Service::new(store, Arc::clone(&self.clock)));
        let caller = match &self.project {
            None => self.caller.clone(),
            Some(given) => {
                let projects = self.answer(block_on(service.projects(&self.caller)))?;
                let Some(project) = Project::find(&projects, given) else {
                    return Err(BackendError::NotFound(no_project(given, &self.to_string(), &projects)));
                };
                self.caller.in_project(project.id.clone())
            }
        };
        Ok(open.insert(Open { service, caller }).clone())
    }

    /// The registry, created if it is missing: for records, which must not get lost.
    fn created(&self) -> Result<Open, BackendError> {
        self.open(OpenMode::Create(self.clock.now()))
    }

    /// The registry, where there is one already.
    pub(super) fn existing(&self) -> Result<Open, BackendError> {
        self.open(OpenMode::Existing)
    }

    pub(super) fn answer<T>(&self, result: Result<T, RegistryError>) -> Result<T, BackendError> {
        result.map_err(|error| match error {
            RegistryError::NotFound { what, way_out } => {
                BackendError::NotFound(format!("{what} does not exist in {self}; {way_out}"))
            }
            RegistryError::Refused(message) | RegistryError::Exists(message) => BackendError::Refused(message),
            RegistryError::Denied(denied) => BackendError::Refused(denied.to_string()),
            RegistryError::Store(error) => unavailable(error),
        })
    }
}

impl fmt::Display for EmbeddedBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite:{}", self.path.display())
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
    fn check_writable(&self, _bucket: Option<&BucketName>) -> Result<(), BackendError> {
        store::check_writable(&self.path).map_err(unavailable)
    }

    fn ingest(&self, record: &IterationRecord) -> Result<Receipt, BackendError> {
        let Open { service, caller } = self.created()?;
        self.answer(block_on(service.ingest(&caller, record)))
    }

    fn confirm(&self, key: &BuildKey) -> Result<Receipt, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.confirm(&caller, key)))
    }

    fn mark_destroyed(&self, key: &BuildKey) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.mark_destroyed(&caller, key)))
    }

    fn buckets(&self) -> Result<Vec<BucketSummary>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.buckets(&caller)))
    }

    fn bucket(&self, bucket: &BucketName) -> Result<BucketSummary, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.bucket(&caller, bucket)))
    }

    fn iterations(&self, bucket: &BucketName) -> Result<Vec<Iteration>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.iterations(&caller, bucket)))
    }

    fn iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.iteration(&caller, bucket, selector)))
    }

    fn complete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        reason: &str,
    ) -> Result<Receipt, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.complete_iteration(&caller, bucket, selector, reason)))
    }

    fn channels(&self, bucket: &BucketName) -> Result<Vec<Channel>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.channels(&caller, bucket)))
    }

    fn assign_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Channel, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.assign_channel(&caller, bucket, channel, selector)))
    }

    fn channel_history(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<Vec<ChannelAssignment>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.channel_history(&caller, bucket, channel)))
    }
}

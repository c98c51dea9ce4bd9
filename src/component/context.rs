use std::sync::Arc;

use crate::backend::{self, Backend, BackendError, Spool};
use crate::config::{self, Environment, RegistryUrl};
use crate::model::{Clock, RunUuid, SystemClock};
use crate::record::run_folder::RunFolder;

/// What a component works with: the environment, the clock, and the places that follow from them.
#[derive(Clone)]
pub struct Context {
    /// What the environment says.
    pub environment: Environment,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    run_uuid: RunUuid,
}

impl Context {
    /// A context for this process, on the machine's clock.
    ///
    /// Packer names each run in `PACKER_RUN_UUID`; without it, this process counts as a run of its own.
    pub fn new(environment: Environment) -> Self {
        let given = environment.run_uuid.as_deref().and_then(|uuid| RunUuid::parse(uuid).ok());
        let run_uuid = given
            .unwrap_or_else(|| RunUuid::parse(uuid::Uuid::new_v4().to_string()).expect("a UUID just made is a UUID"));
        Self { environment, clock: Arc::new(SystemClock), run_uuid }
    }

    pub(super) fn run_uuid(&self) -> &RunUuid {
        &self.run_uuid
    }

    /// The folder that the processes of this run share.
    pub(super) fn run_folder(&self) -> Result<RunFolder, String> {
        let runs = config::runs_folder(&self.environment).map_err(|error| error.to_string())?;
        Ok(RunFolder::new(&runs, &self.run_uuid))
    }

    /// Where records wait that could not be delivered.
    pub(super) fn spool(&self) -> Result<Spool, String> {
        config::spool_folder(&self.environment).map(Spool::open).map_err(|error| error.to_string())
    }

    /// The registry at `url`; nothing is opened yet.
    pub(super) fn open_backend(&self, url: &RegistryUrl) -> Result<Box<dyn Backend>, String> {
        backend::open(url, &self.environment, Arc::clone(&self.clock)).map_err(|error| error.to_string())
    }

    /// The same, but its calls stop waiting for a busy registry once `cancelled` says so.
    pub(super) fn open_backend_until(
        &self,
        url: &RegistryUrl,
        cancelled: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Result<Box<dyn Backend>, BackendError> {
        backend::open_until(url, &self.environment, Arc::clone(&self.clock), cancelled)
    }
}

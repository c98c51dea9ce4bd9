use std::sync::Arc;

use super::failure::{Failure, Kind};
use super::style::Style;
use crate::backend::{self, Backend, Spool};
use crate::config::{self, Environment, RegistryUrl};
use crate::model::{Clock, Timestamp};

/// What every command works with.
pub(super) struct Context {
    pub(super) environment: Environment,
    pub(super) clock: Arc<dyn Clock>,
    /// `--url`.
    pub(super) url: Option<String>,
    /// `--json`.
    pub(super) json: bool,
    pub(super) style: Style,
}

impl Context {
    /// The registry that `--url`, else `PACKER_REGISTRY_URL`, else the default names.
    pub(super) fn backend(&self) -> Result<Box<dyn Backend>, Failure> {
        self.backend_for(None)
    }

    /// The registry that `--url` names, else the one that a record is meant for, else that of [`Context::backend`].
    pub(super) fn backend_for(&self, registry: Option<&str>) -> Result<Box<dyn Backend>, Failure> {
        let url = RegistryUrl::parse(self.url.as_deref().or(registry), &self.environment)
            .map_err(|error| Failure::new(Kind::Usage, error.to_string()))?;
        Ok(backend::open(&url, &self.environment, Arc::clone(&self.clock))?)
    }

    /// The folder of records that no registry has taken yet.
    pub(super) fn spool(&self) -> Result<Spool, Failure> {
        let folder =
            config::spool_folder(&self.environment).map_err(|error| Failure::new(Kind::Refused, error.to_string()))?;
        Ok(Spool::open(folder))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

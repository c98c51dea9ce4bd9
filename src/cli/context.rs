use std::sync::Arc;

use super::failure::{Failure, Kind};
use super::style::Style;
use crate::backend::{self, Accounts, Backend, Governance, Spool, SpooledRecord};
use crate::config::{self, Environment, RegistryUrl};
use crate::model::{Clock, Timestamp};

/// What every command works with.
pub(super) struct Context {
    pub(super) environment: Environment,
    pub(super) clock: Arc<dyn Clock>,
    /// `--url`.
    pub(super) url: Option<String>,
    /// `--project`.
    pub(super) project: Option<String>,
    /// `--json`.
    pub(super) json: bool,
    pub(super) style: Style,
}

impl Context {
    /// `--project` comes before what the environment says.
    pub(super) fn new(
        mut environment: Environment,
        clock: Arc<dyn Clock>,
        (url, project): (Option<String>, Option<String>),
        json: bool,
        style: Style,
    ) -> Self {
        environment.server.project = project.clone().or(environment.server.project);
        Self { environment, clock, url, project, json, style }
    }

    /// The registry that `--url`, else `PACKER_REGISTRY_URL`, else the default names.
    pub(super) fn backend(&self) -> Result<Box<dyn Backend>, Failure> {
        Ok(backend::open(&self.url()?, &self.environment, Arc::clone(&self.clock))?)
    }

    /// The registry and the project that the command line names, else those that a record is meant for, else those of
    /// [`Context::backend`].
    ///
    /// A file from elsewhere names no registry by itself: whoever could write it could have our secret sent anywhere.
    pub(super) fn backend_for(
        &self,
        spooled: &SpooledRecord,
        is_from_elsewhere: bool,
    ) -> Result<Box<dyn Backend>, Failure> {
        let meant = spooled.registry.as_deref().map(|url| self.parse(Some(url))).transpose()?;
        let url = match &meant {
            Some(meant) if self.url.is_none() && !is_from_elsewhere => meant.clone(),
            _ => self.url()?,
        };
        // In another registry, its project may be another's.
        let is_its_registry = meant.as_ref().map_or(self.url.is_none(), |meant| *meant == url);
        if let Some(meant) = meant.filter(|_| self.url.is_none() && !is_its_registry) {
            let message = format!(
                "it is meant for {meant}, and a file from elsewhere does not decide where your credentials go; deliver \
                 it there with --url {meant}, or to {url} with --url {url}"
            );
            return Err(Failure::new(Kind::Refused, message));
        }
        let mut environment = self.environment.clone();
        if self.project.is_none() && is_its_registry && spooled.project.is_some() {
            environment.server.project.clone_from(&spooled.project);
        }
        Ok(backend::open(&url, &environment, Arc::clone(&self.clock))?)
    }

    /// The governance of the registry of [`Context::backend`].
    pub(super) fn governance(&self) -> Result<Box<dyn Governance>, Failure> {
        Ok(backend::open_governance(&self.url()?, &self.environment, Arc::clone(&self.clock))?)
    }

    /// The accounts of the registry of [`Context::backend`].
    pub(super) fn accounts(&self) -> Result<Box<dyn Accounts>, Failure> {
        Ok(backend::open_accounts(&self.url()?, &self.environment, Arc::clone(&self.clock))?)
    }

    /// The same, whichever project is chosen: it may be the one that is about to be created.
    pub(super) fn accounts_everywhere(&self) -> Result<Box<dyn Accounts>, Failure> {
        let mut environment = self.environment.clone();
        environment.server.project = None;
        Ok(backend::open_accounts(&self.url()?, &environment, Arc::clone(&self.clock))?)
    }

    /// The URL of the registry of [`Context::backend`].
    pub(super) fn registry_url(&self) -> Result<RegistryUrl, Failure> {
        self.url()
    }

    fn url(&self) -> Result<RegistryUrl, Failure> {
        self.parse(self.url.as_deref())
    }

    fn parse(&self, url: Option<&str>) -> Result<RegistryUrl, Failure> {
        RegistryUrl::parse(url, &self.environment).map_err(|error| Failure::new(Kind::Usage, error.to_string()))
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

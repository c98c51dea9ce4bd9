//! The post-processor `registry`: records what a build made.
//!
//! Its life: [`options`] are read and judged into [`settings`], [`configure`] refuses what must be refused before a
//! build starts, [`run`] records the artifact after it, and [`say`] tells the person.

mod backlog;
mod configure;
mod judge;
mod options;
mod run;
mod say;
mod settings;

use super::Context;
use crate::plugin::{Config, ObjectSpec, PostProcessCall, PostProcessor};
use configure::Configured;
use run::Recorded;

/// The post-processor, in the one process that Packer starts for each build.
pub(super) struct RegistryPostProcessor {
    context: Context,
    configured: Option<Configured>,
    recorded: Option<Recorded>,
}

impl RegistryPostProcessor {
    pub(super) fn new(context: Context) -> Self {
        Self { context, configured: None, recorded: None }
    }
}

impl PostProcessor for RegistryPostProcessor {
    fn config_spec(&self) -> ObjectSpec {
        options::spec()
    }

    fn configure(&mut self, configs: Vec<Config>) -> Result<(), String> {
        match &mut self.configured {
            None => self.configured = Some(configure::first(&self.context, &configs)?),
            // Packer configures HCL2 plugins again once the image exists: from here on an error would delete it.
            Some(configured) => configure::again(configured, &self.context, &configs),
        }
        Ok(())
    }

    fn post_process(&mut self, call: &PostProcessCall) -> Result<(), String> {
        let configured = self.configured.as_mut().ok_or("Packer did not configure this post-processor")?;
        self.recorded = Some(run::record(configured, &self.context, call)?);
        Ok(())
    }

    fn answer_taken(&mut self) {
        if let Some(recorded) = &mut self.recorded {
            recorded.confirm();
        }
    }

    fn destroyed(&mut self) {
        if let Some(recorded) = &self.recorded {
            recorded.mark_destroyed();
        }
    }
}

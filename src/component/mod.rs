//! What the plugin offers to Packer: the post-processor and the data sources.
//!
//! A post-processor's options become [`post_processor`]'s settings; [`facts`] reads the artifact; what follows goes
//! through `capture`, `record` and `backend`.

mod context;
mod data_source;
mod facts;
mod json_template;
mod placeholder;
mod post_processor;

pub use context::Context;

use crate::plugin::{DEFAULT_NAME, Plugin};
use data_source::{ArtifactSource, IterationSource};
use post_processor::RegistryPostProcessor;

/// The plugin, with every component that it offers.
///
/// Under the name `registry` that Packer takes from the binary's, the components are the post-processor `registry` and
/// the data sources `registry-iteration` and `registry-artifact`.
pub fn plugin(context: Context) -> Plugin {
    let (for_iterations, for_artifacts) = (context.clone(), context.clone());
    Plugin::new(env!("CARGO_PKG_VERSION"))
        .post_processor(DEFAULT_NAME, move || Box::new(RegistryPostProcessor::new(context.clone())))
        .datasource("artifact", move || Box::new(ArtifactSource::new(for_artifacts.clone())))
        .datasource("iteration", move || Box::new(IterationSource::new(for_iterations.clone())))
}

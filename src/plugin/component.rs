use super::{CtyValue, ObjectSpec, RemoteArtifact, Ui, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// One element of what Packer passes to `Configure`.
#[derive(Clone, Debug, PartialEq)]
pub enum Config {
    /// A value that travelled with its type: the options of an HCL2 template.
    Cty(Value),
    /// A plain value: Packer's own facts, and everything of a JSON template.
    Raw(Value),
}

/// A post-processor. Packer starts one process for each build and each mention of it in a template.
///
/// Calls may block: each runs on a thread of its own, one at a time.
pub trait PostProcessor: Send {
    /// The options that a template may give.
    fn config_spec(&self) -> ObjectSpec;

    /// Takes the options. HCL2 templates configure twice: before any builder starts, and again when the artifact exists.
    ///
    /// # Errors
    /// A text for the person. In the first call it stops the run; in the second Packer deletes the artifact.
    fn configure(&mut self, configs: Vec<Config>) -> Result<(), String>;

    /// Processes an artifact, which is then passed on unchanged.
    ///
    /// # Errors
    /// A text for the person. Packer deletes the artifact.
    fn post_process(&mut self, call: &PostProcessCall) -> Result<(), String>;

    /// Packer has taken the answer to [`PostProcessor::post_process`]; it goes on only when this has returned.
    fn answer_taken(&mut self);

    /// Packer has destroyed the artifact through the one that was passed on.
    fn destroyed(&mut self);
}

/// A data source. Packer starts one process for each.
pub trait Datasource: Send {
    /// The options that a template may give.
    fn config_spec(&self) -> ObjectSpec;

    /// The attributes of the result.
    fn output_spec(&self) -> ObjectSpec;

    /// Takes the options.
    ///
    /// # Errors
    /// A text for the person; it stops the run.
    fn configure(&mut self, configs: Vec<Config>) -> Result<(), String>;

    /// Reads the data: an object with the attributes of [`Datasource::output_spec`].
    ///
    /// # Errors
    /// A text for the person; it stops the run.
    fn execute(&mut self) -> Result<CtyValue, String>;
}

/// What a post-processor works on.
pub struct PostProcessCall {
    /// The terminal of the person who runs Packer.
    pub ui: Ui,
    /// The artifact, which lives in another process.
    pub artifact: RemoteArtifact,
    /// Whether Packer still wants the answer.
    pub cancel: Cancel,
}

/// Tells whether Packer has asked to stop; clones share the answer.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Whether Packer has asked to stop, or is gone.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(super) fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

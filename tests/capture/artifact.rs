use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use packer_plugin_registry::capture::{MetadataGuard, reading_plan, split_generated_data};
use packer_plugin_registry::model::{ArtifactFacts, StateValue};

const GENERATED_DATA: &str = "generated_data";
const METADATA: &str = "par.artifact.metadata";

/// An artifact as a plugin hands it over; a plugin that crashed answers nothing any more.
#[derive(Debug, Default)]
pub(super) struct FakeArtifact {
    pub(super) builder_id: String,
    pub(super) id: String,
    pub(super) files: Vec<String>,
    pub(super) description: String,
    pub(super) state: BTreeMap<String, StateValue>,
    /// The key over which the plugin panics.
    pub(super) crashes_over: Option<String>,
    pub(super) crashed: Cell<bool>,
    pub(super) asked: RefCell<Vec<String>>,
}

impl FakeArtifact {
    fn state(&self, key: &str) -> Option<StateValue> {
        self.asked.borrow_mut().push(key.to_owned());
        if self.crashes_over.as_deref() == Some(key) {
            self.crashed.set(true);
        }
        if self.crashed.get() {
            return None;
        }
        self.state.get(key).filter(|value| **value != StateValue::Nil).cloned()
    }

    /// Reads the artifact in the order that a plan is for: what is safe first, the metadata last and only if allowed.
    pub(super) fn read(&self) -> ArtifactFacts {
        let plan = reading_plan(&self.builder_id);
        let mut facts = ArtifactFacts {
            builder_id: self.builder_id.clone(),
            id: self.id.clone(),
            files: self.files.clone(),
            description: self.description.clone(),
            ..ArtifactFacts::default()
        };
        if let Some(data) = self.state(GENERATED_DATA) {
            (facts.generated_data, facts.secrets) = split_generated_data(&data);
        }
        for key in plan.state_keys {
            if let Some(value) = self.state(key) {
                facts.state.insert((*key).to_owned(), value);
            }
        }
        if plan.metadata_may_be_read(&facts) == MetadataGuard::Read {
            facts.metadata = self.state(METADATA);
            if self.crashed.get() {
                facts.metadata_failure = Some("the plugin crashed when asked for it".to_owned());
            }
        }
        facts
    }
}

use crate::capture::{self, MetadataGuard};
use crate::model::{ArtifactFacts, StateValue};
use crate::plugin::{RemoteArtifact, Value};

/// The `State` key under which the SDK keeps what provisioners may refer to, passwords included.
const GENERATED_DATA: &str = "generated_data";
/// The `State` key under which a builder reports its images for HCP Packer.
const METADATA: &str = "par.artifact.metadata";

/// Reads everything that capture needs from the artifact, in the order that loses least.
///
/// Asking for the metadata makes some plugins panic, after which every getter answers nothing, so it comes last; that
/// it happened shows in an empty builder id.
pub(super) fn read(artifact: &RemoteArtifact) -> ArtifactFacts {
    let builder_id = artifact.builder_id();
    let plan = capture::reading_plan(&builder_id);
    let mut facts = ArtifactFacts {
        id: artifact.id(),
        files: artifact.files(),
        description: artifact.description(),
        builder_id,
        ..ArtifactFacts::default()
    };
    if facts.builder_id.is_empty() {
        return facts;
    }
    if let Some(data) = state(artifact, GENERATED_DATA) {
        (facts.generated_data, facts.secrets) = capture::split_generated_data(&data);
    }
    for key in plan.state_keys {
        if let Some(value) = state(artifact, key) {
            facts.state.insert((*key).to_owned(), value);
        }
    }
    match plan.metadata_may_be_read(&facts) {
        MetadataGuard::Read => read_metadata(artifact, &mut facts),
        MetadataGuard::Skip { .. } => {}
    }
    facts
}

fn read_metadata(artifact: &RemoteArtifact, facts: &mut ArtifactFacts) {
    facts.metadata = state(artifact, METADATA);
    if facts.metadata.is_none() && artifact.builder_id().is_empty() {
        facts.metadata_failure = Some(format!("the plugin behind {} crashed when asked for it", facts.builder_id));
    }
}

/// A state value, or nothing where the artifact has none or could not answer.
fn state(artifact: &RemoteArtifact, key: &str) -> Option<StateValue> {
    match artifact.state(key) {
        Ok(Value::Nil) | Err(_) => None,
        Ok(value) => Some(to_state_value(value)),
    }
}

fn to_state_value(value: Value) -> StateValue {
    match value {
        Value::Nil => StateValue::Nil,
        Value::Bool(truth) => StateValue::Bool(truth),
        Value::Int(number) => StateValue::Int(number),
        Value::Float(number) => StateValue::Float(number),
        Value::Text(text) => StateValue::Text(text),
        Value::Bytes(bytes) => StateValue::Text(String::from_utf8_lossy(&bytes).into_owned()),
        Value::List(items) => StateValue::List(items.into_iter().map(to_state_value).collect()),
        Value::Map(map) => StateValue::Map(map.into_iter().map(|(key, value)| (key, to_state_value(value))).collect()),
    }
}

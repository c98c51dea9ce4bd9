//! Finds values in what artifacts say in words, and in their state.

use std::path::PathBuf;

use super::placeholder::{is_placeholder, meaningful};
use crate::model::{ArtifactFacts, Labels, StateValue};

/// The value after `key:` on a line of its own in the artifact's description.
pub(super) fn line(facts: &ArtifactFacts, key: &str) -> Option<String> {
    let value = facts.description.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix(':'))?;
    meaningful(value).map(str::to_owned)
}

/// What stands in the artifact's description between the last `start` and the next `end`.
pub(super) fn between<'a>(facts: &'a ArtifactFacts, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = facts.description.rsplit_once(start)?;
    let (found, _) = rest.split_once(end)?;
    meaningful(found)
}

/// A `State` value as text; numbers in their usual notation.
pub(super) fn state(facts: &ArtifactFacts, key: &str) -> Option<String> {
    let text = facts.state.get(key)?.to_scalar_text()?;
    meaningful(&text).map(str::to_owned)
}

/// A value of `generated_data`.
pub(super) fn generated(facts: &ArtifactFacts, key: &str) -> Option<String> {
    meaningful(facts.generated_data.as_ref()?.get(key)?).map(str::to_owned)
}

/// The scalar entries of a map value, as labels; without those that only stand for a missing value.
pub(super) fn labels(value: Option<&StateValue>) -> Labels {
    match value {
        Some(StateValue::Map(map)) => {
            let label = |(key, value): (&String, &StateValue)| Some((key.clone(), value.to_scalar_text()?));
            map.iter().filter_map(label).filter(|(_, value)| !is_placeholder(value)).collect()
        }
        _ => Labels::new(),
    }
}

/// Those of the artifact's files that are paths on this machine, sorted and without duplicates.
pub(super) fn local_files(facts: &ArtifactFacts) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        facts.files.iter().filter(|file| !file.trim().is_empty() && !file.contains("://")).map(PathBuf::from).collect();
    files.sort();
    files.dedup();
    files
}

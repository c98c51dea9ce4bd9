//! What to make of the artifact of a builder that the table does not know.

use super::id;
use super::row::{Files, Located, Row};
use crate::model::ArtifactFacts;

/// Ids that say what kind of thing an artifact is, not which one.
const CONSTANT_IDS: &[&str] = &["VM", "Container", "Null", "File"];

/// The row of every builder that has none.
pub(super) static ROW: Row = Row { located, files: Files::StandIn, ..Row::PLAIN };

/// The id as it is, without a guess at its grammar; nothing where it is a mere word, or the name of one of the files.
fn located(facts: &ArtifactFacts) -> Vec<Located> {
    let is_word = CONSTANT_IDS.iter().any(|word| word.eq_ignore_ascii_case(facts.id.trim()));
    if is_word || facts.files.contains(&facts.id) { Vec::new() } else { id::whole(facts) }
}

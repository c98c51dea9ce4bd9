use crate::capture::row::{Located, Row};
use crate::capture::text;
use crate::model::ArtifactFacts;

/// IONOS and its forebears. Their id is the word `Null`; `String()` is `A snapshot was created: '…'`, which has the
/// snapshot's name, and before it, for oneandone, its id.
pub(super) const ROWS: &[Row] = &[
    Row { builder_ids: &["packer.profitbricks", "ionoscloud.builder"], platform: "ionos", located, ..Row::PLAIN },
    Row { builder_ids: &["packer.oneandone"], platform: "oneandone", located, ..Row::PLAIN },
];

fn located(facts: &ArtifactFacts) -> Vec<Located> {
    text::between(facts, "created: '", "'").map(|id| Located::new("", id)).into_iter().collect()
}

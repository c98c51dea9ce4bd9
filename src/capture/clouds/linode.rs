use crate::capture::row::{Located, Row, Source};
use crate::capture::{placeholder, text};
use crate::model::ArtifactFacts;

/// Linode: the region of the build; replicas are not exposed.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &["packer.linode"],
    platform: "linode",
    state_keys: &["region", "source_image"],
    located,
    sources: &[Source::State("source_image")],
    ..Row::PLAIN
}];

fn located(facts: &ArtifactFacts) -> Vec<Located> {
    let region = text::state(facts, "region").unwrap_or_default();
    placeholder::meaningful(&facts.id).map(|id| Located::new(region, id)).into_iter().collect()
}

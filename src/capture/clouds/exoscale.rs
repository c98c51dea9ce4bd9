use crate::capture::row::{Located, Row};
use crate::capture::{placeholder, text};
use crate::model::ArtifactFacts;

/// Exoscale: `String()` is `name @ zone[,zone…] (id)`, and repeats the first zone in the place of the others.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &["packer.builder.exoscale", "packer.post-processor.exoscale-import"],
    platform: "exoscale",
    located,
    remark,
    ..Row::PLAIN
}];

fn zones(facts: &ArtifactFacts) -> Option<&str> {
    text::between(facts, " @ ", " (")
}

fn located(facts: &ArtifactFacts) -> Vec<Located> {
    let zone = zones(facts).and_then(|zones| zones.split(',').next()).unwrap_or_default().trim();
    placeholder::meaningful(&facts.id).map(|id| Located::new(zone, id)).into_iter().collect()
}

fn remark(facts: &ArtifactFacts) -> Option<String> {
    zones(facts)?.contains(',').then(|| {
        "the exoscale plugin names the template of the first zone only, so that those of the other zones are not \
         recorded"
            .to_owned()
    })
}

use crate::capture::row::{Located, Row, Source};
use crate::capture::{id, placeholder, text};
use crate::model::ArtifactFacts;

/// UpCloud: one template per zone.
pub(super) const ROWS: &[Row] = &[
    Row {
        // The zones are reported for HCP, and nowhere else.
        builder_ids: &["upcloud.builder"],
        platform: "upcloud",
        state_keys: &["source_template_uuid"],
        located: id::comma_list,
        sources: &[Source::State("source_template_uuid")],
        ..Row::PLAIN
    },
    Row {
        // The first template only; `String()` is `title [zone, zone…]`.
        builder_ids: &["packer.post-processor.upcloud-import"],
        platform: "upcloud",
        located: imported,
        remark,
        ..Row::PLAIN
    },
];

fn zones(facts: &ArtifactFacts) -> Option<&str> {
    text::between(facts, "[", "]")
}

fn imported(facts: &ArtifactFacts) -> Vec<Located> {
    let zone = zones(facts).and_then(|zones| zones.split(',').next()).unwrap_or_default().trim();
    placeholder::meaningful(&facts.id).map(|id| Located::new(zone, id)).into_iter().collect()
}

fn remark(facts: &ArtifactFacts) -> Option<String> {
    zones(facts)?.contains(',').then(|| {
        "the upcloud import names its first template only, so that those of the other zones are not recorded".to_owned()
    })
}

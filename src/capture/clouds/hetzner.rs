use crate::capture::row::{Row, Source};

/// Hetzner Cloud: snapshots belong to a project, not to a location.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &["hcloud.builder"],
    platform: "hetznercloud",
    state_keys: &["source_image_id", "source_image"],
    sources: &[Source::State("source_image_id"), Source::State("source_image")],
    ..Row::PLAIN
}];

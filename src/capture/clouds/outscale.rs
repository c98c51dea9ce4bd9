use crate::capture::guard::Guard;
use crate::capture::id;
use crate::capture::row::{Row, Source};

/// Outscale: its plugin asserts a source OMI that it never sets, and so crashes over its HCP metadata on every build.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &[
        "oapi.outscale.bsu",
        "oapi.outscale.bsusurrogate",
        "oapi.outscale.chroot",
        "oapi.outscale.bsuvolume",
    ],
    platform: "osc",
    guard: Guard::Texts(&["SourceOMI"]),
    located: id::region_pairs,
    sources: &[Source::GeneratedData("SourceOMI")],
    ..Row::PLAIN
}];

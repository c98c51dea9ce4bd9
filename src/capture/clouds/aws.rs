use crate::capture::guard::Guard;
use crate::capture::id;
use crate::capture::row::{Row, Source};

/// Amazon: AMIs, and volumes with their snapshots.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &[
        "mitchellh.amazonebs",
        "mitchellh.amazon.ebssurrogate",
        "mitchellh.amazon.instance",
        "mitchellh.amazon.chroot",
        // Several volumes and snapshots share one region.
        "mitchellh.amazon.ebsvolume",
        // Has no generated data, and so no source image: the local image that was imported is none.
        "packer.post-processor.amazon-import",
    ],
    platform: "aws",
    // A chroot build from scratch has no source AMI, and the plugin asserts one.
    guard: Guard::Texts(&["SourceAMI"]),
    located: id::region_pairs,
    sources: &[Source::GeneratedData("SourceAMI")],
    ..Row::PLAIN
}];

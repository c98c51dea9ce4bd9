use crate::capture::id;
use crate::capture::row::Row;

/// UCloud: images belong to a project and a region.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &["ucloud.uhost", "packer.post-processor.ucloud-import"],
    platform: "ucloud",
    located: id::project_triples,
    ..Row::PLAIN
}];

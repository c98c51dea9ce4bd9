use crate::capture::id;
use crate::capture::row::Row;

/// Alibaba Cloud; its plugin reports nothing for HCP. Copies to other regions are not waited for.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &["alibaba.alicloud", "packer.post-processor.alicloud-import"],
    platform: "alicloud",
    located: id::region_pairs,
    ..Row::PLAIN
}];

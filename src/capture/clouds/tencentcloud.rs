use crate::capture::id;
use crate::capture::row::Row;

/// Tencent Cloud.
pub(super) const ROWS: &[Row] =
    &[Row { builder_ids: &["tencent.cloud"], platform: "tencentcloud", located: id::region_pairs, ..Row::PLAIN }];

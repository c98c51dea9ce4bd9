use crate::capture::id;
use crate::capture::row::Row;

/// JD Cloud.
pub(super) const ROWS: &[Row] =
    &[Row { builder_ids: &["hashicorp.jdcloud"], platform: "jdcloud", located: id::region_pairs, ..Row::PLAIN }];

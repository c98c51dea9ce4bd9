use crate::capture::id;
use crate::capture::row::Row;

/// Scaleway: the region is a zone.
pub(super) const ROWS: &[Row] =
    &[Row { builder_ids: &["hashicorp.scaleway"], platform: "scaleway", located: id::region_pairs, ..Row::PLAIN }];

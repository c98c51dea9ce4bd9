use crate::capture::row::Row;

/// CloudStack: the zone is not exposed.
pub(super) const ROWS: &[Row] = &[Row { builder_ids: &["packer.cloudstack"], platform: "cloudstack", ..Row::PLAIN }];

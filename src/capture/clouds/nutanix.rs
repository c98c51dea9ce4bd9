use crate::capture::row::Row;

/// Nutanix: the first disk image; the cluster is not exposed.
pub(super) const ROWS: &[Row] = &[Row { builder_ids: &["packer.nutanix"], platform: "nutanix", ..Row::PLAIN }];

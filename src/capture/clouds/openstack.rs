use crate::capture::row::Row;

/// OpenStack: the region is reported for HCP since v1.1.3, and nowhere else.
pub(super) const ROWS: &[Row] = &[Row { builder_ids: &["mitchellh.openstack"], platform: "openstack", ..Row::PLAIN }];

use crate::capture::row::Row;

/// Vultr, so spelt in what it reports; the region of the build is reported for HCP, and nowhere else.
pub(super) const ROWS: &[Row] = &[Row { builder_ids: &["packer.vultr"], platform: "Vultr", ..Row::PLAIN }];

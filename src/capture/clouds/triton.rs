use crate::capture::row::Row;

/// Triton: the data centre is not exposed.
pub(super) const ROWS: &[Row] = &[Row { builder_ids: &["joyent.triton"], platform: "triton", ..Row::PLAIN }];

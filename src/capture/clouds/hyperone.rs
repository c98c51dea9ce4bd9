use crate::capture::row::Row;

/// HyperOne: neither location nor project is exposed.
pub(super) const ROWS: &[Row] = &[Row { builder_ids: &["hyperone.builder"], platform: "hyperone", ..Row::PLAIN }];

use std::collections::BTreeMap;

use serde::Serialize;

use crate::registry::database::{Copied, Violation};

/// A rule that a database breaks.
#[derive(Serialize)]
pub(in crate::cli) struct CheckedView {
    rule: &'static str,
    place: String,
}

impl From<Violation> for CheckedView {
    fn from(Violation { rule, place }: Violation) -> Self {
        Self { rule, place }
    }
}

/// How many rows were copied.
#[derive(Serialize)]
pub(in crate::cli) struct CopiedView {
    rows: usize,
    tables: BTreeMap<&'static str, usize>,
}

impl From<&Copied> for CopiedView {
    fn from(copied: &Copied) -> Self {
        Self { rows: copied.rows(), tables: copied.tables.iter().copied().collect() }
    }
}

/// A database whose schema is that of this version of the program, and the versions of the schema.
#[derive(Serialize)]
pub(in crate::cli) struct MigratedView {
    pub(in crate::cli) database: String,
    pub(in crate::cli) version: &'static str,
    pub(in crate::cli) from: i64,
    pub(in crate::cli) to: i64,
}

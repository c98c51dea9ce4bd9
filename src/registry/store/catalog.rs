use super::declared::{self, Trigger};
use super::migrations;

/// How to ask an engine for what it knows of the schema, and what it should answer.
pub(in crate::registry) struct Catalog {
    steps: &'static [&'static str],
    /// Answers with names of triggers and of their tables, of those that are there and switched on.
    pub(in crate::registry) triggers: &'static str,
    /// Answers with what is wrong with the files, or `ok`; PostgreSQL looks itself whenever it reads.
    pub(in crate::registry) integrity: Option<&'static str>,
}

pub(super) static SQLITE: Catalog = Catalog {
    steps: migrations::SQLITE,
    triggers: "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger'",
    integrity: Some("PRAGMA integrity_check"),
};

pub(super) static POSTGRES: Catalog = Catalog {
    steps: migrations::POSTGRES,
    triggers: "SELECT t.tgname, c.relname FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')",
    integrity: None,
};

impl Catalog {
    /// The triggers that there should be.
    pub(in crate::registry) fn declared_triggers(&self) -> Vec<Trigger> {
        declared::triggers(self.steps)
    }
}

use super::{declared, guard, migrations};

/// How to ask an engine for what it knows of the schema, and what it should answer.
pub(in crate::registry) struct Catalog {
    steps: &'static [&'static str],
    /// Answers with names of triggers and of their tables, with what defines them, and with the body of what they call, of
    /// those that are there and switched on.
    pub(in crate::registry) triggers: &'static str,
    /// Reads what defines a trigger, so that two of the same meaning are the same.
    read: fn(&str) -> String,
    /// Answers with what is wrong with the files, or `ok`; PostgreSQL looks itself whenever it reads.
    pub(in crate::registry) integrity: Option<&'static str>,
}

pub(super) static SQLITE: Catalog = Catalog {
    steps: migrations::SQLITE,
    triggers: "SELECT name, tbl_name, sql, '' FROM sqlite_schema WHERE type = 'trigger'",
    read: guard::sqlite,
    integrity: Some("PRAGMA integrity_check"),
};

pub(super) static POSTGRES: Catalog = Catalog {
    steps: migrations::POSTGRES,
    triggers: "SELECT t.tgname, c.relname, pg_catalog.pg_get_triggerdef(t.oid), p.prosrc
        FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
        WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')",
    read: guard::postgres,
    integrity: None,
};

/// A trigger that guards a table.
pub(in crate::registry) struct Guard {
    pub(in crate::registry) name: String,
    pub(in crate::registry) table: String,
    does: String,
}

impl Guard {
    /// Whether both guard the same by the same name.
    pub(in crate::registry) fn is_named_like(&self, other: &Self) -> bool {
        self.name == other.name && self.table == other.table
    }

    /// Whether both do the same.
    pub(in crate::registry) fn does_like(&self, other: &Self) -> bool {
        self.does == other.does
    }
}

impl Catalog {
    /// The trigger that the engine describes by these texts.
    pub(in crate::registry) fn guard(&self, [name, table, definition, body]: [String; 4]) -> Guard {
        let does = format!("{}: {}", (self.read)(&definition), guard::words(&body));
        Guard { name, table, does }
    }

    /// The triggers that there should be.
    pub(in crate::registry) fn declared_triggers(&self) -> Vec<Guard> {
        let functions = declared::functions(self.steps);
        let triggers = declared::triggers(self.steps).into_iter().map(|trigger| {
            let called = guard::function(&trigger.definition);
            let body = called.and_then(|name| functions.get(name.as_str()).copied()).unwrap_or_default();
            self.guard([trigger.name.to_owned(), trigger.table.to_owned(), trigger.definition, body.to_owned()])
        });
        triggers.collect()
    }
}

use std::collections::BTreeSet;

use packer_plugin_registry::registry::database::TABLES;
use rusqlite::Connection;

use super::machine::Machine;
use crate::store::postgres::database::Database;

/// `TABLE.COLUMN` of all that is copied.
fn copied() -> BTreeSet<String> {
    let columns = TABLES.iter().flat_map(|table| {
        [table.columns, table.settled_last].concat().into_iter().map(|column| format!("{}.{column}", table.name))
    });
    columns.collect()
}

#[test]
fn every_column_that_sqlite_has_is_copied() {
    let machine = Machine::with_registry();
    let connection = Connection::open(machine.path("registry.db")).unwrap();
    let sql = "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
    let mut statement = connection.prepare(sql).unwrap();
    let columns: BTreeSet<String> = statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(columns, copied());
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn every_column_that_postgresql_has_is_copied() {
    let sql = "SELECT string_agg(table_name || '.' || column_name, ' ') FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name <> 'packer_registry_schema'";
    let columns = Database::with_registry().execute(sql).unwrap();
    assert_eq!(columns.split(' ').map(str::to_owned).collect::<BTreeSet<_>>(), copied());
}

#[test]
fn the_registry_of_these_tests_has_rows_in_every_table() {
    for (table, rows) in Machine::with_registry().rows("registry.db") {
        assert!(!rows.is_empty(), "{table}");
    }
}

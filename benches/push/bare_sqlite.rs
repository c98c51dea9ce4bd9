use std::path::Path;

use packer_plugin_registry::registry::store::Value;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::served::statements::Statement;

/// A connection as the server has one: the same journal, as durable, with as much memory.
pub(super) fn open(file: &Path) -> Connection {
    let connection = Connection::open(file).expect("a database");
    // Without it, statements that are kept prepared are prepared anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).expect("an option");
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192",
        )
        .expect("options");
    connection.set_prepared_statement_cache_capacity(128);
    connection
}

/// Writes what operations wrote, so many of them in one transaction: what so many clients have under way.
///
/// Two operations that follow each other are of one push, and the second one begins after the first one is durable.
pub(super) fn write(connection: &mut Connection, operations: &[Vec<Statement>], clients: usize) {
    for pushes in operations.chunks(2 * clients) {
        for step in 0..2 {
            let transaction = connection.transaction().expect("a transaction");
            for statement in pushes.iter().skip(step).step_by(2).flatten() {
                execute(&transaction, statement);
            }
            transaction.commit().expect("it is durable");
        }
    }
}

fn execute(connection: &Connection, Statement { sql, values }: &Statement) {
    let mut statement = connection.prepare_cached(sql).expect("a statement");
    for (nth, value) in (1..).zip(values) {
        let name = format!("${nth}");
        let index = statement.parameter_index(&name).expect("a name").expect("a parameter");
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
            Value::Integer(number) => statement.raw_bind_parameter(index, number),
            Value::Text(text) => statement.raw_bind_parameter(index, text),
            Value::Bytes(bytes) => statement.raw_bind_parameter(index, bytes),
        }
        .expect("a value");
    }
    let mut rows = statement.raw_query();
    while rows.next().expect("it runs").is_some() {}
}

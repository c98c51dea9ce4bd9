//! Databases as earlier releases left them: each step of the schema, and what was recorded between it and the next one.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::store::postgres::database::Database;

/// How many steps the schema has.
pub(super) fn newest() -> usize {
    steps("sqlite").len()
}

/// The steps of an engine, with their names.
fn steps(engine: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/registry/store/migrations").join(engine);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut steps: Vec<_> = files.map(|path| (name(&path), fs::read_to_string(path).unwrap())).collect();
    steps.sort();
    steps
}

/// What was recorded while the step with this name was the newest; nothing where it brought no room for more.
fn recorded_after(step: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/database/steps").join(step);
    fs::read_to_string(path).unwrap_or_default()
}

/// What a database of this version of the schema went through.
fn history(engine: &str, version: usize) -> Vec<String> {
    let steps = steps(engine).into_iter().take(version);
    steps.flat_map(|(name, step)| [step, recorded_after(&name)]).collect()
}

/// Makes a file of this version of the schema.
pub(super) fn sqlite(path: &Path, version: usize) {
    let connection = Connection::open(path).unwrap();
    for statements in history("sqlite", version) {
        connection.execute_batch(&statements).unwrap();
    }
    let marks =
        format!("PRAGMA application_id = 0x706b7267; PRAGMA user_version = {version}; PRAGMA journal_mode = WAL");
    connection.execute_batch(&marks).unwrap();
}

/// Makes a database of this version of the schema.
pub(super) fn postgres(version: usize) -> Database {
    let database = Database::empty();
    for statements in history("postgres", version) {
        database.execute(&statements);
    }
    database.execute(&format!(
        "CREATE TABLE packer_registry_schema (version BIGINT NOT NULL);
         INSERT INTO packer_registry_schema VALUES ({version})"
    ));
    database
}

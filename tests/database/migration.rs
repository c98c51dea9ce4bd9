use rusqlite::Connection;
use serde_json::{Value, json};

use super::machine::Machine;
use crate::store::postgres::database::Database;

/// What `migrate` says in JSON, which is the same for both engines.
fn migrated(machine: &Machine, url: &str) -> Value {
    serde_json::from_str(&machine.run(&format!("migrate --database {url} --json")).exits(0).stdout).unwrap()
}

#[test]
fn a_current_schema_is_left_as_it_is() {
    let machine = Machine::with_registry();
    let said = migrated(&machine, "sqlite:registry.db");
    assert!(said["from"] == said["to"] && said["to"].as_i64().unwrap() >= 2, "{said}");
    let text = format!("has schema version {} already", said["to"]);
    machine.run("migrate --database sqlite:registry.db").exits(0).says(&text);
    machine.run("migrate --database sqlite:missing.db").exits(6).says("missing.db");
}

#[test]
fn migrating_a_file_says_from_which_version_to_which() {
    let machine = Machine::new();
    let old = |file: &str| {
        let connection = Connection::open(machine.path(file)).unwrap();
        connection.execute_batch(include_str!("../../src/registry/store/migrations/sqlite/0001_registry.sql")).unwrap();
        let first = "INSERT INTO projects VALUES ('p', 'o', 7);
            PRAGMA application_id = 0x706b7267; PRAGMA user_version = 1;";
        connection.execute_batch(first).unwrap();
    };
    old("text.db");
    old("json.db");
    let said = migrated(&machine, "sqlite:json.db");
    assert_eq!(said["from"], json!(1));
    let text = format!("text.db went from schema version 1 to {}", said["to"]);
    machine.run("migrate --database sqlite:text.db").exits(0).says(&text);
    assert_eq!(migrated(&machine, "sqlite:text.db")["from"], said["to"]);
    machine.run("check --database sqlite:text.db").exits(0);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn migrating_postgresql_says_from_which_version_to_which() {
    let (machine, database) = (Machine::new(), Database::empty());
    database.execute(include_str!("../../src/registry/store/migrations/postgres/0001_registry.sql"));
    database.execute(
        "INSERT INTO projects VALUES ('p', 'o', 7); CREATE TABLE packer_registry_schema (version BIGINT NOT NULL);
         INSERT INTO packer_registry_schema VALUES (1)",
    );
    let said = migrated(&machine, &database.url);
    assert_eq!(said["from"], json!(1));
    assert_ne!(said["to"], json!(1));
    let text = format!("has schema version {} already", said["to"]);
    machine.run(&format!("migrate --database {}", database.url)).exits(0).says(&text);
    machine.run(&format!("check --database {}", database.url)).exits(0);
}

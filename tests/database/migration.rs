use std::collections::BTreeSet;
use std::process::{Child, Stdio};

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::{Iteration, IterationRecord};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::Store;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::machine::Machine;
use super::old;
use crate::store::postgres::database::Database;
use crate::store::{block_on, postgres};
use crate::support::ran::Ran;
use crate::support::record::{bucket, build_of};

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
    machine.run("migrate --database sqlite:missing.db").exits(3).says("missing.db");
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

/// Programs that open a database at once.
const OPENERS: usize = 8;

/// Fails unless a database that was filled by earlier releases is whole, and still says what they recorded.
#[track_caller]
fn assert_kept(machine: &Machine, url: &str, service: &Service<impl Store>, version: usize) {
    machine.run(&format!("check --database {url}")).exits(0).says("keeps all rules");
    let ada = Caller::local("ada");
    let iterations = |name: &str| block_on(service.iterations(&ada, &bucket(name))).unwrap();
    let (base, child) = (iterations("base"), iterations("child"));
    let told = |iterations: &[Iteration]| -> Vec<_> {
        let tell = |iteration: &Iteration| (iteration.fingerprint.to_string(), iteration.version);
        iterations.iter().map(tell).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let release = |number: u32, version| (format!("release-{number}"), version);
    assert_eq!(told(&base), [release(1, Some(1)), release(2, Some(2)), release(3, None)], "version {version}");
    assert_eq!(told(&child), [release(1, Some(1))], "version {version}");
    let images = base.iter().flat_map(|iteration| &iteration.builds).map(|build| build.artifacts.len()).sum::<usize>();
    assert_eq!(images, 5, "version {version}");
    let revoked = child[0].revocation.as_ref().map(|revocation| revocation.message.as_str());
    assert_eq!(revoked, (version >= 4).then_some("CVE-2026-1"), "version {version}");
    // What is not complete goes on.
    let record = IterationRecord { bucket: bucket("base"), ..build_of("release-4", 90, "east") };
    block_on(service.ingest(&ada, &record)).unwrap();
    assert_eq!(block_on(service.confirm(&ada, &record.key())).unwrap().version, Some(3), "version {version}");
    machine.run(&format!("check --database {url}")).exits(0);
}

/// Migrates a database by several programs at once.
#[track_caller]
fn migrated_by_several(machine: &Machine, url: &str) {
    let opener = || machine.command(&format!("migrate --database {url} --json")).stdout(Stdio::piped()).spawn();
    let openers: Vec<Child> = (0..OPENERS).map(|_| opener().unwrap()).collect();
    for opener in openers {
        let ran = Ran::from(opener.wait_with_output().unwrap()).exits(0);
        let said: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(said["to"], json!(old::newest()), "{said}");
    }
}

#[test]
fn a_file_that_each_earlier_release_filled_is_migrated_whole() {
    for version in 1..old::newest() {
        let machine = Machine::new();
        old::sqlite(&machine.path("old.db"), version);
        let said = migrated(&machine, "sqlite:old.db");
        assert_eq!((&said["from"], &said["to"]), (&json!(version), &json!(old::newest())));
        assert_kept(&machine, "sqlite:old.db", &machine.service("old.db"), version);
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_postgresql_database_that_each_earlier_release_filled_is_migrated_whole() {
    for version in 1..old::newest() {
        let (machine, database) = (Machine::new(), old::postgres(version));
        let said = migrated(&machine, &database.url);
        assert_eq!((&said["from"], &said["to"]), (&json!(version), &json!(old::newest())));
        assert_kept(&machine, &database.url, &postgres::service(&database.url), version);
    }
}

#[test]
fn programs_that_open_an_old_file_at_once_migrate_it_together() {
    for version in [1, 3] {
        let machine = Machine::new();
        old::sqlite(&machine.path("old.db"), version);
        migrated_by_several(&machine, "sqlite:old.db");
        assert_kept(&machine, "sqlite:old.db", &machine.service("old.db"), version);
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn programs_that_open_an_old_postgresql_database_at_once_migrate_it_once() {
    for version in [1, 3] {
        let (machine, database) = (Machine::new(), old::postgres(version));
        migrated_by_several(&machine, &database.url);
        assert_kept(&machine, &database.url, &postgres::service(&database.url), version);
    }
}

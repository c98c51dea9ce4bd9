use std::thread;

use packer_plugin_registry::registry::store::{Fault, OpenMode, Store};

use super::database::Database;
use super::{block_on, connect, connect_in};

/// Servers that start at once.
const OPENERS: usize = 8;

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn servers_that_open_a_new_database_at_once_make_one_registry() {
    let database = Database::empty();
    let projects: Vec<String> = thread::scope(|scope| {
        let openers: Vec<_> = (0..OPENERS)
            .map(|_| scope.spawn(|| connect(&database.url).unwrap().default_project().to_owned()))
            .collect();
        openers.into_iter().map(|opener| opener.join().unwrap()).collect()
    });
    assert!(projects.windows(2).all(|pair| pair[0] == pair[1]), "{projects:?}");
    assert_eq!(database.execute("SELECT count(*) FROM projects").as_deref(), Some("1"));
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_server_waits_for_one_that_migrates_for_longer_than_a_statement_may_take() {
    let database = Database::empty();
    let other = database.migrating();
    database.let_statements_take("2s");
    thread::scope(|scope| {
        let opener = scope.spawn(|| connect(&database.url).map(drop));
        block_on(other.batch_execute("SELECT pg_sleep(3); SELECT pg_advisory_unlock_all()")).unwrap();
        opener.join().unwrap().unwrap();
    });
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_database_without_a_registry_says_who_creates_it_and_is_left_as_it_is() {
    let database = Database::empty();
    let error = connect_in(&database.url, OpenMode::Existing).unwrap_err();
    assert_eq!(*error.fault(), Fault::Absent);
    assert!(error.to_string().contains("serve --database"), "{error}");
    assert_eq!(tables(&database), "0");
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_registry_of_a_newer_version_asks_for_an_upgrade_and_is_left_as_it_is() {
    let database = Database::with_registry();
    database.execute("UPDATE packer_registry_schema SET version = 999");
    for mode in [OpenMode::Existing, OpenMode::Create(super::NOON)] {
        let message = connect_in(&database.url, mode).unwrap_err().to_string();
        assert!(message.contains("was written by a newer version"), "{message}");
        assert!(message.ends_with("upgrade this binary"), "{message}");
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_database_that_holds_tables_of_the_same_names_is_left_as_it_is() {
    let database = Database::empty();
    database.execute("CREATE TABLE buckets (x INTEGER)");
    let error = connect(&database.url).unwrap_err();
    assert!(matches!(error.fault(), Fault::Foreign(_)), "{error}");
    let message = error.to_string();
    assert!(message.contains("is not a registry") && message.contains("buckets"), "{message}");
    assert_eq!(tables(&database), "1");
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn what_stands_between_a_server_and_its_database_is_named_without_the_password() {
    let database = Database::empty();
    let (server, _) = database.url.rsplit_once('/').unwrap();
    let with_password = server.replace("registry@", "registry:hunter2@");
    for (url, cause) in [
        (format!("{with_password}/nowhere"), "nowhere"),
        (format!("{}/postgres", with_password.replace("registry:", "nobody:")), "nobody"),
        ("postgres://registry:hunter2@127.0.0.1:1/registry".to_owned(), "127.0.0.1:1"),
    ] {
        let error = connect(&url).unwrap_err();
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.contains(cause), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
    let store = connect(&database.url.replace("registry@", "registry:hunter2@")).unwrap();
    assert!(!format!("{store:?}").contains("hunter2"));
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_server_without_tls_is_told_from_wrong_credentials() {
    let database = Database::empty();
    let error = connect(&format!("{}?sslmode=require", database.url)).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("server does not support TLS") && message.contains("sslmode"), "{message}");
    assert!(!message.contains("password"), "{message}");
}

fn tables(database: &Database) -> String {
    database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").unwrap()
}

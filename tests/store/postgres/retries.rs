use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::Receipt;
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Fault;

use super::database::Database;
use super::service;
use crate::store::block_on;
use crate::store::record::build;

/// Attempts after which an operation that others get in the way of is given up.
const ATTEMPTS: &str = "20";

/// A database that refuses to take a build the first `times` that it is asked, by the error with this code, at the
/// statement or at the commit.
fn refusing(code: &str, times: u32, at: &str) -> Database {
    let database = Database::with_registry();
    // A sequence goes on counting when a transaction is rolled back.
    database.execute(&format!(
        "CREATE SEQUENCE attempts;
         CREATE FUNCTION refuse_at_first () RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             IF nextval('attempts') <= {times} THEN
                 RAISE EXCEPTION 'somebody was faster' USING ERRCODE = '{code}';
             END IF;
             RETURN NEW;
         END $$;
         CREATE {at} ON builds {} FOR EACH ROW EXECUTE FUNCTION refuse_at_first ()",
        if at == COMMIT { "DEFERRABLE INITIALLY DEFERRED" } else { "" }
    ));
    database
}

const STATEMENT: &str = "TRIGGER refuses BEFORE INSERT";
const COMMIT: &str = "CONSTRAINT TRIGGER refuses AFTER INSERT";

fn ingest(database: &Database) -> Result<Receipt, RegistryError> {
    block_on(service(&database.url).ingest(&Caller::local("ada"), &build(1, "east")))
}

fn attempts(database: &Database) -> String {
    database.execute("SELECT last_value FROM attempts").unwrap()
}

fn builds(database: &Database) -> String {
    database.execute("SELECT count(*) FROM builds").unwrap()
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn an_operation_that_others_got_in_the_way_of_is_tried_again() {
    for code in ["40001", "40P01", "55P03", "23505"] {
        for at in [STATEMENT, COMMIT] {
            let database = refusing(code, 3, at);
            let receipt = ingest(&database).unwrap();
            assert_eq!((receipt.recorded, receipt.replayed), (0, false), "{code}: {receipt:?}");
            assert_eq!((attempts(&database).as_str(), builds(&database).as_str()), ("4", "1"), "{code}, {at}");
        }
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn an_operation_that_others_always_get_in_the_way_of_is_given_up_and_leaves_nothing() {
    for code in ["40001", "40P01"] {
        let database = refusing(code, 1000, STATEMENT);
        let RegistryError::Store(error) = ingest(&database).unwrap_err() else { panic!("the store fails") };
        assert!(matches!(error.fault(), Fault::Conflict(cause) if cause == "somebody was faster"), "{error}");
        assert_eq!((attempts(&database).as_str(), builds(&database).as_str()), (ATTEMPTS, "0"), "{code}");
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn an_operation_that_fails_for_another_reason_is_not_tried_again() {
    for code in ["23514", "P0001", "53100", "XX001"] {
        let database = refusing(code, 1, STATEMENT);
        let error = ingest(&database).unwrap_err();
        assert!(matches!(error, RegistryError::Store(_)), "{code}: {error}");
        assert_eq!((attempts(&database).as_str(), builds(&database).as_str()), ("1", "0"), "{code}");
    }
}

use crate::store::block_on;
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::{Op, OpenMode, Patience, SqliteStore, Store, Tx, Value};
use std::time::Duration;

use crate::store::registry::NOON;

/// Writes a project, and then fails.
struct FailsHalfWay;

impl Op for FailsHalfWay {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let sql = "INSERT INTO projects (id, organization_id, created_at) VALUES ($2, $1, $3)";
        tx.exec(sql, &[Value::from("organization"), Value::from("half"), Value::from(NOON)]).await?;
        Err(RegistryError::Refused("half way".to_owned()))
    }
}

/// Writes and panics.
struct Panics;

impl Op for Panics {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let _ = FailsHalfWay.run(tx).await;
        panic!("half way");
    }
}

/// Counts the projects whose id is `half`.
struct Halves;

impl Op for Halves {
    type Out = usize;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<usize, RegistryError> {
        Ok(tx.rows("SELECT id FROM projects WHERE id = $1", &[Value::from("half")]).await?.len())
    }
}

#[test]
fn an_operation_that_fails_or_panics_leaves_nothing_and_the_store_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let patience = Patience::new(Duration::from_secs(5), || false);
    let store = SqliteStore::open(folder.path().join("registry.db"), OpenMode::Create(NOON), patience).unwrap();
    assert!(block_on(store.execute(FailsHalfWay)).is_err());
    assert_eq!(block_on(store.execute(Halves)).unwrap(), 0);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| block_on(store.execute(Panics))));
    assert!(panicked.is_err());
    assert_eq!(block_on(store.execute(Halves)).unwrap(), 0);
}

/// Binds its second parameter first.
struct Swapped;

impl Op for Swapped {
    type Out = (Value, Value);
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let rows = tx.rows("SELECT 1 WHERE $2 = 'second' AND $1 = 'first'", &["first".into(), "second".into()]).await?;
        Ok((Value::from(rows.len() == 1), Value::Null))
    }
}

#[test]
fn parameters_are_bound_by_their_number_and_not_by_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let patience = Patience::new(Duration::from_secs(5), || false);
    let store = SqliteStore::open(folder.path().join("registry.db"), OpenMode::Create(NOON), patience).unwrap();
    assert_eq!(block_on(store.execute(Swapped)).unwrap().0, Value::Integer(1));
}

use std::path::Path;
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::{Fault, Op, OpenMode, Patience, SqliteStore, Store, Tx, Value};
use rusqlite::Connection;

use crate::store::block_on;
use crate::store::registry::NOON;

/// Adds a project with this id; it then fails, fills the disk or panics, where it is told to.
#[derive(Clone, Copy)]
struct Adds(&'static str, End);

#[derive(Clone, Copy)]
enum End {
    Well,
    Refused,
    DiskFull,
    Panic,
}

impl Op for Adds {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let sql = "INSERT INTO projects (id, name, organization_id, created_at) VALUES ($1, $1, $2, 0)";
        tx.exec(sql, &[Value::from(self.0), Value::from("organization")]).await?;
        match self.1 {
            End::Well => Ok(()),
            End::Refused => Err(RegistryError::Refused(self.0.to_owned())),
            End::DiskFull => {
                tx.rows("PRAGMA max_page_count = 1", &[]).await?;
                let sql = "INSERT INTO projects (id, name, organization_id, created_at) VALUES ($1, $1, $1, 0)";
                let full = tx.exec(sql, &[Value::from("x".repeat(1 << 20))]).await;
                tx.rows("PRAGMA max_page_count = 1000000", &[]).await?;
                full?;
                Ok(())
            }
            End::Panic => panic!("{}", self.0),
        }
    }
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path.to_owned(), OpenMode::Create(NOON), Patience::new(Duration::from_secs(30), || false))
        .unwrap()
}

/// Keeps the file locked until it is dropped.
fn locked(path: &Path) -> Connection {
    let other = Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

fn projects(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut statement =
        connection.prepare("SELECT id FROM projects WHERE organization_id = 'organization' ORDER BY id").unwrap();
    let rows = statement.query_map((), |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn each_operation_of_a_batch_stands_or_falls_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let store = open(&path);
    let lock = locked(&path);
    let results: Vec<Result<(), String>> = thread::scope(|scope| {
        let ends = [
            Adds("one", End::Well),
            Adds("refused", End::Refused),
            Adds("two", End::Well),
            Adds("panics", End::Panic),
            Adds("three", End::Well),
            Adds("three-full", End::DiskFull),
            Adds("two", End::Well),
            Adds("four", End::Well),
        ];
        // Each is accepted before the next, so that their order is known.
        let mut waiting: Vec<_> = ends.iter().map(|op| Box::pin(store.execute(*op))).collect();
        for operation in &mut waiting {
            assert!(operation.as_mut().now_or_never().is_none(), "none is answered while the file is locked");
        }
        drop(lock);
        let answers: Vec<_> = waiting
            .into_iter()
            .map(|operation| {
                scope.spawn(move || {
                    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| block_on(operation))) {
                        Ok(Ok(())) => Ok(()),
                        Ok(Err(RegistryError::Store(error))) => Err(format!("{:?}", error.fault())),
                        Ok(Err(error)) => Err(error.to_string()),
                        Err(_) => Err("panicked".to_owned()),
                    }
                })
            })
            .collect();
        answers.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    let texts: Vec<_> = results.iter().map(|result| result.as_ref().err().map_or("done", String::as_str)).collect();
    let twice = texts[6];
    assert!(twice.contains("UNIQUE"), "{twice}");
    let full = format!("{:?}", Fault::Full);
    assert_eq!(texts, ["done", "refused", "done", "panicked", "done", full.as_str(), twice, "done"]);
    assert_eq!(projects(&path), ["four", "one", "three", "two"]);
}

#[test]
fn a_store_that_is_dropped_finishes_what_it_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let store = open(&path);
    let lock = locked(&path);
    for name in ["one", "two"] {
        assert!(store.execute(Adds(name, End::Well)).now_or_never().is_none());
    }
    thread::scope(|scope| {
        let dropped = scope.spawn(|| drop(store));
        drop(lock);
        dropped.join().unwrap();
    });
    assert_eq!(projects(&path), ["one", "two"]);
}

#[test]
fn more_operations_than_may_wait_are_asked_to_try_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let store = open(&path);
    let lock = locked(&path);
    let refused = (0..10_000).find_map(|_| store.execute(Adds("one", End::Refused)).now_or_never()).unwrap();
    let Err(RegistryError::Store(error)) = refused else { panic!("it was accepted") };
    assert_eq!(*error.fault(), Fault::Busy);
    drop(lock);
}

#[test]
fn readers_do_not_write() {
    /// Writes, and says that it does not.
    struct Lies;

    impl Op for Lies {
        type Out = ();
        const WRITES: bool = false;

        async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
            tx.exec("DELETE FROM projects", &[]).await?;
            Ok(())
        }
    }

    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("registry.db"));
    let Err(RegistryError::Store(error)) = block_on(store.execute(Lies)) else { panic!("it wrote") };
    assert_eq!(*error.fault(), Fault::ReadOnly);
}

#[test]
fn more_readers_than_connections_all_get_their_turn() {
    /// Counts the projects.
    struct Counts;

    impl Op for Counts {
        type Out = usize;
        const WRITES: bool = false;

        async fn run<T: Tx>(&self, tx: &mut T) -> Result<usize, RegistryError> {
            Ok(tx.rows("SELECT id FROM projects", &[]).await?.len())
        }
    }

    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("registry.db"));
    let count = || (0..20).map(|_| block_on(store.execute(Counts)).unwrap()).sum::<usize>();
    let counts: usize = thread::scope(|scope| {
        let readers: Vec<_> = (0..32).map(|_| scope.spawn(count)).collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    assert_eq!(counts, 32 * 20);
}

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::{IterationRecord, IterationSelector, ParentIteration, RevocationOrder};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::database::check;
use packer_plugin_registry::registry::store::{AnyStore, PostgresStore};

use super::database::Database;
use super::{connect, service};
use crate::store::block_on;
use crate::store::record::{bucket, build_of, fingerprint, parent_of};

/// How often two servers meet, each time over a family of its own.
const ROUNDS: u32 = 200;

/// Two servers on one database.
struct Servers {
    database: Database,
    one: Service<PostgresStore>,
    other: Service<PostgresStore>,
    ada: Caller,
}

impl Servers {
    fn start() -> Self {
        let database = Database::with_registry();
        let (one, other) = (service(&database.url), service(&database.url));
        Self { database, one, other, ada: Caller::local("ada") }
    }

    /// Records a build of a round in a bucket; it is not confirmed.
    fn record(&self, name: &str, round: u32, parents: Vec<ParentIteration>) -> IterationRecord {
        let record = build_of(&family_name(round), round, "east");
        let record = IterationRecord { bucket: bucket(name), parents, ..record };
        block_on(self.one.ingest(&self.ada, &record)).unwrap();
        record
    }

    /// A complete iteration of a round, as those name it who are built from it.
    fn parent(&self, name: &str, round: u32) -> ParentIteration {
        parent_of(&block_on(self.one.iteration(&self.ada, &bucket(name), &selector(round))).unwrap())
    }

    /// Records a base, a child and a grandchild. The grandchild is not confirmed: that is the answer.
    fn family(&self, round: u32) -> IterationRecord {
        let mut record = self.record("base", round, Vec::new());
        for name in ["child", "grandchild"] {
            block_on(self.one.confirm(&self.ada, &record.key())).unwrap();
            let parent = self.parent(record.bucket.as_str(), round);
            record = self.record(name, round, vec![parent]);
        }
        record
    }

    fn revoke(&self, round: u32) {
        let order = RevocationOrder { revoke_at: None, message: "broken".to_owned(), descends: true, rolls_back: true };
        block_on(self.one.revoke_iteration(&self.ada, &bucket("base"), &selector(round), order)).unwrap();
    }

    fn restore(&self, round: u32) {
        block_on(self.one.restore_iteration(&self.ada, &bucket("base"), &selector(round))).unwrap();
    }

    /// Confirms a record by the other server while this one does something.
    fn confirm_during(&self, record: &IterationRecord, act: impl FnOnce()) {
        let start = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| {
                start.wait();
                block_on(self.other.confirm(&self.ada, &record.key())).unwrap();
            });
            start.wait();
            act();
        });
    }

    fn is_revoked(&self, record: &IterationRecord) -> bool {
        let selector = IterationSelector::Fingerprint(record.fingerprint.clone());
        let iteration = block_on(self.one.iteration(&self.ada, &record.bucket, &selector)).unwrap();
        assert!(iteration.version.is_some(), "{} is complete", record.fingerprint);
        iteration.revocation.is_some()
    }

    #[track_caller]
    fn assert_clean(&self) {
        let store = AnyStore::Postgres(connect(&self.database.url).unwrap());
        let violations = block_on(check(&store, Arc::new(|_, _| {}))).unwrap();
        assert!(violations.is_empty(), "{violations:?}");
    }
}

fn family_name(round: u32) -> String {
    format!("family-{round}")
}

fn selector(round: u32) -> IterationSelector {
    IterationSelector::Fingerprint(fingerprint(&family_name(round)))
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn what_is_completed_while_its_ancestor_is_revoked_is_revoked() {
    let servers = Servers::start();
    let spared = |round: &u32| {
        let grandchild = servers.family(*round);
        servers.confirm_during(&grandchild, || servers.revoke(*round));
        !servers.is_revoked(&grandchild)
    };
    let spared: Vec<u32> = (1..=ROUNDS).filter(spared).collect();
    assert!(spared.is_empty(), "{} of {ROUNDS} rounds: {spared:?}", spared.len());
    servers.assert_clean();
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn what_is_completed_while_its_ancestor_is_restored_is_not_revoked() {
    let servers = Servers::start();
    let left = |round: &u32| {
        let grandchild = servers.family(*round);
        servers.revoke(*round);
        servers.confirm_during(&grandchild, || servers.restore(*round));
        servers.is_revoked(&grandchild)
    };
    let left: Vec<u32> = (1..=ROUNDS).filter(left).collect();
    assert!(left.is_empty(), "{} of {ROUNDS} rounds: {left:?}", left.len());
    servers.assert_clean();
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn those_who_complete_iterations_in_the_buckets_of_heirs_are_not_deadlocked() {
    let servers = Servers::start();
    let heir = servers.family(0);
    block_on(servers.one.confirm(&servers.ada, &heir.key())).unwrap();
    for round in 1..=ROUNDS {
        let again = servers.record("grandchild", round, vec![servers.parent("child", 0)]);
        let revokes = round % 2 == 1;
        servers.confirm_during(&again, || if revokes { servers.revoke(0) } else { servers.restore(0) });
        assert_eq!(servers.is_revoked(&again), revokes, "round {round}");
    }
    servers.assert_clean();
    let Servers { database, one, other, .. } = servers;
    drop((one, other));
    assert_eq!(deadlocks(&database), "0");
}

/// How often PostgreSQL had to end a transaction so that others could go on, once all connections are closed.
fn deadlocks(database: &Database) -> String {
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while database.execute(open).as_deref() != Some("0") {
        thread::sleep(Duration::from_millis(20));
    }
    database.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").unwrap()
}

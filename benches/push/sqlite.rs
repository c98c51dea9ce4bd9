use std::path::Path;
use std::time::{Duration, Instant};

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::Timestamp;
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, SqliteStore};

use super::{CLIENTS, FIRST_RUN, PUSHES, ROUNDS, bare_sqlite, durable_write, of_one_push};
use crate::ratio::{NO_LIMIT, Ratio};
use crate::served::load::{self, Target};
use crate::served::process::ServerProcess;
use crate::served::statements::{Recorder, Statement};
use crate::served::{median, seed};

/// Buckets that are pushed to.
const BUCKETS: usize = 100;

pub(crate) fn measure() -> Vec<Ratio> {
    let folders = [(); 3].map(|()| tempfile::tempdir().expect("a folder can be made"));
    let [served, bare, recorded] = folders.each_ref().map(tempfile::TempDir::path);
    futures::executor::block_on(seed::buckets(&Service::new(open(recorded), seed::clock()), BUCKETS));
    for copy in [served, bare] {
        std::fs::copy(recorded.join("registry.db"), copy.join("registry.db")).expect("it is closed, and one file");
    }
    let writes = writes_of(recorded, ROUNDS * PUSHES);
    let server = ServerProcess::shipped(served, &[]);
    let token = server.token();
    let target = Target { url: server.url(), token: &token, buckets: BUCKETS };
    let mut rival = bare_sqlite::open(&bare.join("registry.db"));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (round, writes) in writes.chunks(2 * PUSHES).enumerate() {
        let load = load::push(&target, FIRST_RUN + round * PUSHES, PUSHES, CLIENTS);
        ours.push(of_one_push(load.wall_time));
        let begun = Instant::now();
        bare_sqlite::write(&mut rival, writes, CLIENTS);
        theirs.push(of_one_push(begun.elapsed()));
    }
    let ours = median(ours);
    vec![
        Ratio {
            what: "time per push, SQLite",
            ours,
            rival: median(theirs),
            unit: "us",
            rival_name: "bare rusqlite",
            limit: 2.0,
        },
        Ratio {
            what: "time per push, SQLite",
            ours,
            rival: durable_write::time(served),
            unit: "us",
            rival_name: "a write that is durable",
            limit: NO_LIMIT,
        },
    ]
}

/// Not in every run: it takes minutes, and gigabytes of the disk.
pub(crate) fn measure_million() -> Vec<Ratio> {
    const MILLION: usize = 1_000_000;
    let folder = tempfile::tempdir().expect("a folder can be made");
    futures::executor::block_on(seed::buckets(&Service::new(open(folder.path()), seed::clock()), BUCKETS));
    let server = ServerProcess::shipped(folder.path(), &[]);
    for round in 0..10 {
        // A token does not live as long as all of it takes.
        let token = server.token();
        let target = Target { url: server.url(), token: &token, buckets: BUCKETS };
        load::push(&target, FIRST_RUN + round * MILLION / 10, MILLION / 10, CLIENTS);
        load::resolve(&target, PUSHES);
    }
    let (_, most) = server.resident();
    vec![Ratio {
        what: "memory, SQLite, after a million pushes",
        ours: most,
        rival: 120.0,
        unit: "MiB",
        rival_name: "what it may be",
        limit: 1.0,
    }]
}

/// What each of two operations writes for so many pushes, into a registry in which the buckets are.
fn writes_of(data: &Path, pushes: usize) -> Vec<Vec<Statement>> {
    let (store, operations) = Recorder::new(open(data));
    let service = Service::new(store, seed::clock());
    let caller = Caller::local("bench");
    futures::executor::block_on(async {
        for run in FIRST_RUN..FIRST_RUN + pushes {
            let record = seed::record(seed::bucket_of(run, BUCKETS), u32::try_from(run).expect("few runs"));
            service.ingest(&caller, &record).await.expect("it is recorded");
            service.confirm(&caller, &record.key()).await.expect("it is confirmed");
        }
    });
    let mut operations = operations.lock().expect("nobody panics");
    operations.iter_mut().for_each(|statements| statements.retain(Statement::writes));
    std::mem::take(&mut operations)
}

fn open(data: &Path) -> SqliteStore {
    let patience = Patience::new(Duration::from_secs(60), || false);
    SqliteStore::open(data.join("registry.db"), OpenMode::Create(Timestamp(0)), patience).expect("a registry")
}

//! A channel resolved to an artifact's identifier, by gRPC and with a token: how much more of the processor it takes than
//! an answer from memory behind the same middleware, and how much longer it takes with a million iterations, or with
//! twenty thousand buckets, than with a thousand.

use std::path::Path;
use std::time::Duration;

use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, SqliteStore, Store as _};

use crate::ratio::{NO_LIMIT, Ratio};
use crate::served::load::{self, Target};
use crate::served::process::ServerProcess;
use crate::served::{medians_in_turn, memory_server, microseconds, seed};

/// Buckets that are read.
const BUCKETS: usize = 1_000;
/// Further iterations of each in the deep registry: a million in all.
const COPIES: u32 = 999;
/// Buckets of the broad registry, all of which are read.
const MANY_BUCKETS: usize = 20_000;
/// Calls of one round.
const CALLS: usize = 20_000;
const ROUNDS: usize = 5;

pub(crate) fn measure() -> Vec<Ratio> {
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder can be made"));
    let [ours, memory] = folders.each_ref().map(tempfile::TempDir::path);
    fill(ours, BUCKETS, 0);
    let server = ServerProcess::shipped(ours, &[]);
    server.calm();
    let (idle, _) = server.resident();
    let answer = load::answer(&target(&server, &server.token()));
    let rival = memory_server::answering_grpc(memory, &answer);
    let [ours, rival] = medians_in_turn(
        ROUNDS,
        &[&server, &rival].map(|server| {
            let token = server.token();
            move || server.cpu_time_of_a_call(|| load::resolve(&target(server, &token), CALLS))
        }),
    );
    vec![
        Ratio {
            what: "processor time of a call, SQLite",
            ours,
            rival,
            unit: "us",
            rival_name: "an answer from memory",
            limit: 2.0,
        },
        Ratio {
            what: "memory of an idle server",
            ours: idle,
            rival: 30.0,
            unit: "MiB",
            rival_name: "what it may be",
            limit: 1.0,
        },
    ]
}

/// Not in every run: it takes minutes, and gigabytes of the disk.
pub(crate) fn measure_growth() -> Vec<Ratio> {
    let folders = [(); 3].map(|()| tempfile::tempdir().expect("a folder can be made"));
    let registries = [(BUCKETS, COPIES), (MANY_BUCKETS, 0), (BUCKETS, 0)];
    let servers: [(ServerProcess, usize); 3] = std::array::from_fn(|nth| {
        let (data, (buckets, copies)) = (folders[nth].path(), registries[nth]);
        fill(data, buckets, copies);
        (ServerProcess::shipped(data, &[]), buckets)
    });
    let [deep, broad, rival] = medians_in_turn(
        ROUNDS,
        &servers.each_ref().map(|(server, buckets)| {
            let token = server.token();
            move || {
                let target = Target { buckets: *buckets, ..target(server, &token) };
                microseconds(load::resolve_alone(&target, CALLS / 4).median)
            }
        }),
    );
    let (_, most) = servers[0].0.resident();
    vec![
        Ratio {
            what: "median time of a call, SQLite, a million iterations",
            ours: deep,
            rival,
            unit: "us",
            rival_name: "a thousand iterations",
            limit: 1.5,
        },
        Ratio {
            what: "median time of a call, SQLite, 20,000 buckets that are all read",
            ours: broad,
            rival,
            unit: "us",
            rival_name: "a thousand buckets",
            limit: NO_LIMIT,
        },
        Ratio {
            what: "memory, SQLite, a million iterations",
            ours: most,
            rival: 120.0,
            unit: "MiB",
            rival_name: "what it may be",
            limit: 1.0,
        },
    ]
}

fn target<'a>(server: &'a ServerProcess, token: &'a str) -> Target<'a> {
    Target { url: server.url(), token, buckets: BUCKETS }
}

/// A registry in `data` with so many buckets, and `copies` more iterations in each.
pub(crate) fn fill(data: &Path, buckets: usize, copies: u32) {
    futures::executor::block_on(async {
        let patience = Patience::new(Duration::from_secs(600), || false);
        let mode = OpenMode::Create(packer_plugin_registry::model::Timestamp(0));
        let store = SqliteStore::open(data.join("registry.db"), mode, patience).expect("a new registry");
        let service = Service::new(store, seed::clock());
        seed::buckets(&service, buckets).await;
        drop(service);
        if copies > 0 {
            let patience = Patience::new(Duration::from_secs(600), || false);
            let store = SqliteStore::open(data.join("registry.db"), OpenMode::Existing, patience).expect("it is there");
            store.execute(seed::Multiply { copies }).await.expect("it is copied");
        }
    });
}

use std::sync::Barrier;
use std::thread;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::{BuildStatus, IterationRecord};

use super::database::Database;
use super::service;
use crate::store::block_on;
use crate::store::consistency::Seen;
use crate::store::record::{bucket, build_of, channel, component_types};

/// Writers at once, half of them on each of two servers.
const WRITERS: u32 = 16;

/// Records of each writer.
const ROUNDS: u32 = 4;

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn writers_on_two_servers_number_versions_densely_and_move_channels_forwards() {
    let database = Database::with_registry();
    let (servers, ada) = ([service(&database.url), service(&database.url)], Caller::local("ada"));
    let start = Barrier::new(WRITERS as usize);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (ada, start, server) = (&ada, &start, &servers[writer as usize % 2]);
            scope.spawn(move || {
                start.wait();
                for round in 0..ROUNDS {
                    let run = round * WRITERS + writer + 1;
                    let record = IterationRecord {
                        channels: vec![channel("staging")],
                        ..build_of(&format!("release-{run}"), run, "east")
                    };
                    block_on(server.ingest(ada, &record)).unwrap();
                    block_on(server.confirm(ada, &record.key())).unwrap();
                }
            });
        }
    });
    let (server, web) = (&servers[0], bucket("web-server"));
    let history = |name| block_on(server.channel_history(&ada, &web, &channel(name))).unwrap();
    let seen = Seen {
        iterations: block_on(server.iterations(&ada, &web)).unwrap(),
        channels: block_on(server.channels(&ada, &web)).unwrap(),
        staging: history("staging"),
        latest: history("latest"),
    };
    seen.assert_consistent(WRITERS * ROUNDS);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn the_builds_of_a_run_that_two_servers_take_at_once_complete_their_iteration_once() {
    let database = Database::with_registry();
    let (servers, ada) = ([service(&database.url), service(&database.url)], Caller::local("ada"));
    let names: Vec<String> = (1..=WRITERS).map(|build| format!("null.n{build:02}")).collect();
    let expected = component_types(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let start = Barrier::new(WRITERS as usize);
    let completed: Vec<bool> = thread::scope(|scope| {
        let writers: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(writer, name)| {
                let record = IterationRecord { expected: expected.clone(), ..build_of("release-1", 1, name) };
                let (ada, start, server) = (&ada, &start, &servers[writer % 2]);
                scope.spawn(move || {
                    start.wait();
                    block_on(server.ingest(ada, &record)).unwrap();
                    let receipt = block_on(server.confirm(ada, &record.key())).unwrap();
                    !receipt.assigned.is_empty()
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert_eq!(completed.iter().filter(|completed| **completed).count(), 1);
    let iterations = block_on(servers[0].iterations(&ada, &bucket("web-server"))).unwrap();
    let [iteration] = &iterations[..] else { panic!("{} iterations", iterations.len()) };
    assert_eq!((iteration.version, iteration.builds.len()), (Some(1), WRITERS as usize));
    assert!(iteration.builds.iter().all(|build| build.status == BuildStatus::Done));
}

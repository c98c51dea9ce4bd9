use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::{BuildStatus, IterationRecord, Receipt};
use packer_plugin_registry::registry::store::{Fault, PostgresStore};
use packer_plugin_registry::registry::{RegistryError, Service};

use super::service;
use crate::store::block_on;
use crate::store::record::{bucket, build_of, image};
use crate::support::cluster::Cluster;

/// Writers at once.
const WRITERS: usize = 8;

/// Times that the server is lost.
const CRASHES: u32 = 3;

/// Records that are acknowledged before each.
const BETWEEN_CRASHES: u32 = 25;

/// Images of each record, so that a record takes several statements.
const IMAGES: usize = 10;

fn record(run: u32) -> IterationRecord {
    let images = (0..IMAGES).map(|n| image(&format!("region-{n:02}"), &format!("ami-{run}-{n}"))).collect();
    IterationRecord { images, ..build_of(&format!("release-{run}"), run, "east") }
}

/// Records and confirms; `None` where the server was lost meanwhile.
fn push(service: &Service<PostgresStore>, caller: &Caller, run: u32) -> Option<Receipt> {
    let record = record(run);
    let pushed = block_on(async {
        service.ingest(caller, &record).await?;
        service.confirm(caller, &record.key()).await
    });
    match pushed {
        Ok(receipt) => Some(receipt),
        Err(RegistryError::Store(error)) => {
            assert!(matches!(error.fault(), Fault::Unreachable(_) | Fault::Uncertain(_)), "{error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_server_that_is_lost_leaves_whole_records_and_all_that_it_acknowledged() {
    let server = Cluster::start();
    let (service, ada) = (service(&server.url), Caller::local("ada"));
    let (next, acknowledged) = (AtomicU32::new(1), Mutex::new(BTreeSet::new()));
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    let run = next.fetch_add(1, Ordering::SeqCst);
                    if push(&service, &ada, run).is_some() {
                        acknowledged.lock().unwrap().insert(run);
                    }
                }
            });
        }
        let mut reached = 0;
        for _ in 0..=CRASHES {
            reached += BETWEEN_CRASHES as usize;
            while acknowledged.lock().unwrap().len() < reached {
                thread::yield_now();
            }
            server.crash_and_start();
            reached = acknowledged.lock().unwrap().len();
        }
        over.store(true, Ordering::SeqCst);
    });

    let iterations = block_on(service.iterations(&ada, &bucket("web-server"))).unwrap();
    for iteration in &iterations {
        assert_eq!(iteration.builds.len(), 1, "no record is there in part");
        let build = &iteration.builds[0];
        assert_eq!(build.artifacts.len(), IMAGES);
        assert_eq!(build.status == BuildStatus::Done, iteration.version.is_some());
    }
    let complete = |run| {
        let name = format!("release-{run}");
        iterations.iter().any(|iteration| iteration.fingerprint.as_str() == name && iteration.version.is_some())
    };
    let acknowledged = acknowledged.into_inner().unwrap();
    let lost: Vec<_> = acknowledged.iter().filter(|run| !complete(**run)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), acknowledged.len());
    let versions: BTreeSet<u32> = iterations.iter().filter_map(|iteration| iteration.version).collect();
    assert_eq!(versions.len(), versions.last().map_or(0, |version| *version as usize), "the numbers are dense");
}

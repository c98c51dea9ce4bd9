use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use packer_plugin_registry::backend::{Backend, BackendError, GrpcBackend, Patience};
use packer_plugin_registry::model::{BuildStatus, IterationRecord};

use crate::support::record::{bucket, build_of, image};
use crate::support::server::Server;

/// Clients at once.
const CLIENTS: u32 = 8;

/// Images of each record, so that a record takes several statements.
const IMAGES: usize = 10;

/// Clients that push one record after the other, each until it is acknowledged or the test is over.
pub(super) struct Pushes {
    acknowledged: Arc<Mutex<BTreeSet<u32>>>,
    news: mpsc::Receiver<()>,
    over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
}

/// What the server said that it has.
pub(super) struct Acknowledged(BTreeSet<u32>);

impl Pushes {
    pub(super) fn to(server: &Server) -> Self {
        let (acknowledged, over) = (Arc::<Mutex<BTreeSet<u32>>>::default(), Arc::<AtomicBool>::default());
        let next = Arc::new(AtomicU32::new(1));
        let (news, told) = mpsc::channel();
        let clients = (0..CLIENTS)
            .map(|_| {
                let (acknowledged, over, next, news) =
                    (Arc::clone(&acknowledged), Arc::clone(&over), Arc::clone(&next), news.clone());
                let given_up = Arc::clone(&over);
                let backend = client(server, move || given_up.load(Ordering::SeqCst));
                thread::spawn(move || {
                    while !over.load(Ordering::SeqCst) {
                        let run = next.fetch_add(1, Ordering::SeqCst);
                        if push(&backend, &record(run), &over) {
                            acknowledged.lock().unwrap().insert(run);
                            let _ = news.send(());
                        }
                    }
                })
            })
            .collect();
        Self { acknowledged, news: told, over, clients }
    }

    pub(super) fn acknowledged(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Waits until so many records are acknowledged.
    #[track_caller]
    pub(super) fn until(&self, records: usize) {
        while self.acknowledged() < records {
            self.news.recv_timeout(Duration::from_secs(60)).expect("records are acknowledged");
        }
    }

    pub(super) fn end(self) -> Acknowledged {
        self.over.store(true, Ordering::SeqCst);
        for client in self.clients {
            client.join().expect("a client does not panic");
        }
        Acknowledged(self.acknowledged.lock().unwrap().clone())
    }
}

impl Acknowledged {
    #[track_caller]
    pub(super) fn are_all_there(&self, server: &Server) {
        let iterations = client(server, || false).iterations(&bucket("web-server")).unwrap();
        for iteration in &iterations {
            assert_eq!(iteration.builds.len(), 1, "no record is there twice, or in part");
            assert_eq!(iteration.builds[0].artifacts.len(), IMAGES);
            assert_eq!(iteration.builds[0].status == BuildStatus::Done, iteration.version.is_some());
        }
        let complete: BTreeSet<&str> = iterations
            .iter()
            .filter(|iteration| iteration.version.is_some())
            .map(|iteration| iteration.fingerprint.as_str())
            .collect();
        let lost: Vec<_> = self.0.iter().filter(|run| !complete.contains(name(**run).as_str())).collect();
        assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), self.0.len());
        let versions: BTreeSet<u32> = iterations.iter().filter_map(|iteration| iteration.version).collect();
        assert_eq!(versions, (1..=u32::try_from(complete.len()).unwrap()).collect(), "the numbers are dense");
        server.database("check").exits(0);
    }
}

/// One that gives up soon, as a build does not: the more calls are cut, the better.
fn client(server: &Server, cancel: impl Fn() -> bool + Send + Sync + 'static) -> GrpcBackend {
    let patience = Patience {
        delivery: Duration::from_secs(1),
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_millis(20),
        ..Patience::default()
    };
    GrpcBackend::new(server.url(), server.access(), patience, cancel)
}

fn name(run: u32) -> String {
    format!("release-{run}")
}

fn record(run: u32) -> IterationRecord {
    let images = (0..IMAGES).map(|n| image(&format!("region-{n:02}"), &format!("ami-{run}-{n}"))).collect();
    IterationRecord { images, ..build_of(&name(run), run, "east") }
}

/// Pushes as `spool push` does, again and again; false where the test is over before it is acknowledged.
fn push(backend: &GrpcBackend, record: &IterationRecord, over: &AtomicBool) -> bool {
    while !over.load(Ordering::SeqCst) {
        match backend.ingest(record).and_then(|_| backend.confirm(&record.key())) {
            Ok(_) => return true,
            Err(BackendError::Unavailable(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    false
}

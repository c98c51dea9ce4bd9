use std::path::Path;
use std::sync::Barrier;
use std::thread;

use packer_plugin_registry::backend::Backend;
use packer_plugin_registry::model::IterationRecord;

use super::backend;
use crate::store::consistency::Seen;
use crate::store::record::{bucket, build_of, channel, component_types};

/// Writers at once.
const WRITERS: u32 = 24;

/// Fails unless the registry in the file `path` is as so many writers must leave it.
pub(super) fn assert_consistent(path: &Path, writers: u32) {
    let (backend, web) = (backend(path), bucket("web-server"));
    let history = |name| backend.channel_history(&web, &channel(name)).unwrap();
    let seen = Seen {
        iterations: backend.iterations(&web).unwrap(),
        channels: backend.channels(&web).unwrap(),
        staging: history("staging"),
        latest: history("latest"),
    };
    seen.assert_consistent(writers);
}

#[test]
fn many_writers_that_open_a_new_registry_at_once_all_get_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let start = Barrier::new(WRITERS as usize);
    thread::scope(|scope| {
        for run in 1..=WRITERS {
            let (path, start) = (&path, &start);
            scope.spawn(move || {
                let record = IterationRecord {
                    channels: vec![channel("staging")],
                    ..build_of(&format!("release-{run}"), run, "east")
                };
                let backend = backend(path);
                start.wait();
                backend.ingest(&record).unwrap();
                backend.confirm(&record.key()).unwrap();
            });
        }
    });
    assert_consistent(&path, WRITERS);
}

#[test]
fn the_builds_of_a_run_that_record_at_once_complete_their_iteration_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let names: Vec<String> = (1..=WRITERS).map(|build| format!("null.n{build}")).collect();
    let expected = component_types(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let start = Barrier::new(WRITERS as usize);
    let completed: Vec<bool> = thread::scope(|scope| {
        let handles: Vec<_> = names
            .iter()
            .map(|name| {
                let record = IterationRecord { expected: expected.clone(), ..build_of("release", 1, name) };
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    let backend = backend(path);
                    start.wait();
                    backend.ingest(&record).unwrap();
                    !backend.confirm(&record.key()).unwrap().assigned.is_empty()
                })
            })
            .collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert_eq!(completed.iter().filter(|completed| **completed).count(), 1);
    let iterations = backend(&path).iterations(&bucket("web-server")).unwrap();
    assert_eq!((iterations.len(), iterations[0].version), (1, Some(1)));
    assert_eq!(iterations[0].builds.len(), WRITERS as usize);
}

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use packer_plugin_registry::backend::Backend;
use packer_plugin_registry::model::{IterationRecord, Timestamp};

use super::backend;
use crate::store::record::{bucket, build_of, channel, component_types};

/// Writers at once.
const WRITERS: u32 = 24;

/// What holds of `web-server` after many writers, of whom each completed one iteration and asked for `staging`.
pub(super) fn assert_consistent(path: &Path, writers: u32) {
    let backend = backend(path);
    let web = bucket("web-server");
    let iterations = backend.iterations(&web).unwrap();
    let versions: BTreeSet<u32> = iterations.iter().filter_map(|iteration| iteration.version).collect();
    assert_eq!(versions, (1..=writers).collect(), "the numbers are dense and unique");
    assert_eq!(iterations.len(), writers as usize);

    for name in ["staging", "latest"] {
        let name = channel(name);
        let history = backend.channel_history(&web, &name).unwrap();
        let channels = backend.channels(&web).unwrap();
        let head = channels.into_iter().find(|channel| channel.name == name).unwrap().assignment.unwrap();
        assert_eq!(history.first(), Some(&head));
        let times: Vec<Timestamp> = history
            .iter()
            .map(|entry| {
                let target = entry.iteration_id.as_ref().unwrap();
                iterations.iter().find(|iteration| iteration.id == *target).unwrap().recorded_at
            })
            .collect();
        assert!(times.is_sorted_by(|newer, older| newer > older), "{name} only moved forwards: {times:?}");
        assert_eq!(times[0], Timestamp(i64::from(writers) * 1000), "{name} ended at the newest record");
    }
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

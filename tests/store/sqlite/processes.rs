use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use packer_plugin_registry::backend::Backend;
use packer_plugin_registry::model::{BuildStatus, IterationRecord};

use super::{backend, threads};
use crate::store::record::{bucket, build_of, channel, image};

/// Processes at once.
const WRITERS: u32 = 20;

/// Images of each record of the process that is killed, so that a record takes many statements.
const IMAGES: usize = 40;

/// Runs one of the tests below as a process of its own, which reads what to do from its standard input.
fn spawn(role: &str, path: &Path, run: u32) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("store::sqlite::processes::{role}"), "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("{run}\n{}", path.display()).as_bytes()).unwrap();
    child
}

/// What [`spawn`] wrote; `None` where a person runs the ignored tests.
fn told() -> Option<(u32, PathBuf)> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let (run, path) = text.split_once('\n')?;
    Some((run.parse().unwrap(), PathBuf::from(path)))
}

#[test]
#[ignore = "a role that other tests start as a process"]
fn writer() {
    let Some((run, path)) = told() else { return };
    let record =
        IterationRecord { channels: vec![channel("staging")], ..build_of(&format!("release-{run}"), run, "east") };
    let backend = backend(&path);
    backend.ingest(&record).unwrap();
    backend.confirm(&record.key()).unwrap();
}

#[test]
#[ignore = "a role that other tests start as a process"]
fn endless_writer() {
    let Some((_, path)) = told() else { return };
    let backend = backend(&path);
    for run in 1.. {
        backend.ingest(&large(run)).unwrap();
        println!("recorded {run}");
        backend.confirm(&large(run).key()).unwrap();
        println!("confirmed {run}");
    }
}

fn large(run: u32) -> IterationRecord {
    let images = (0..IMAGES).map(|n| image(&format!("region-{n:02}"), &format!("ami-{run}-{n}"))).collect();
    IterationRecord { images, channels: vec![channel("staging")], ..build_of(&format!("release-{run}"), run, "east") }
}

#[test]
fn processes_that_write_a_new_registry_at_once_all_get_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let children: Vec<_> = (1..=WRITERS).map(|run| spawn("writer", &path, run)).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    threads::assert_consistent(&path, WRITERS);
}

#[test]
fn a_process_that_is_killed_leaves_whole_records_and_all_that_it_was_answered() {
    for lines in [0, 1, 2, 5, 10, 25] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.db");
        let mut child = spawn("endless_writer", &path, 0);
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut answered = 0;
        let mut last = (0, false);
        while answered < lines {
            let line = output.next().unwrap().unwrap();
            if let Some(run) = line.split("recorded ").nth(1) {
                last = (run.parse().unwrap(), false);
            } else if let Some(run) = line.split("confirmed ").nth(1) {
                last = (run.parse().unwrap(), true);
            } else {
                continue;
            }
            answered += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if last != (0, false) {
            assert_whole(&path, last);
        }
        let next = large(u32::MAX);
        let backend = backend(&path);
        backend.ingest(&next).unwrap();
        let receipt = backend.confirm(&next.key()).unwrap();
        assert!(receipt.version.is_some() && receipt.assigned.contains(&channel("latest")));
    }
}

fn assert_whole(path: &Path, (run, confirmed): (u32, bool)) {
    let iterations = backend(path).iterations(&bucket("web-server")).unwrap();
    assert!(iterations.len() >= run as usize, "every record that was answered is there");
    for iteration in &iterations {
        assert_eq!(iteration.builds.len(), 1);
        let build = &iteration.builds[0];
        assert_eq!(build.artifacts.len(), IMAGES);
        let done = build.status == BuildStatus::Done;
        assert_eq!(done, iteration.version.is_some());
        assert_eq!(done, iteration.channels.contains(&channel("staging")) || iteration != &iterations[0]);
    }
    let number = iterations.iter().filter(|iteration| iteration.version.is_some()).count();
    assert!(number >= run as usize - usize::from(!confirmed), "every confirmation that was answered is there");
}

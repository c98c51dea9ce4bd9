use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;

use super::*;
use crate::model::ChannelName;

const RUN: &str = "6f2b3a52-4f8e-4b8a-9b1f-6a1a0b8f1c11";
const NOW: Timestamp = Timestamp(1_795_383_900_123);
const DAY: i64 = 24 * 60 * 60 * 1000;

fn folder_of(runs: &Path, run: &str) -> RunFolder {
    RunFolder::new(runs, &RunUuid::parse(run).unwrap())
}

/// The folder as process `process` sees it.
fn as_process(runs: &Path, process: u32) -> RunFolder {
    RunFolder { process, ..folder_of(runs, RUN) }
}

fn bucket(name: &str) -> BucketName {
    BucketName::parse(name).unwrap()
}

fn component(name: &str) -> ComponentType {
    ComponentType::parse(name).unwrap()
}

fn handed_out(channel: Option<&str>, identifiers: &[&str]) -> HandedOut {
    HandedOut {
        bucket: bucket("base"),
        fingerprint: Fingerprint::parse("base-1").unwrap(),
        iteration_id: "01KAPRA8QJ5W1N9J7Z0FQ2K8VE".to_owned(),
        version: Some(3),
        channel: channel.map(|name| ChannelName::parse(name).unwrap()),
        external_identifiers: identifiers.iter().map(|id| (*id).to_owned()).collect(),
    }
}

#[test]
fn builds_claim_their_names_and_see_those_of_their_bucket() {
    let runs = tempfile::tempdir().unwrap();
    let (one, two) = (as_process(runs.path(), 1), as_process(runs.path(), 2));
    one.claim(&bucket("images"), &component("amazon-ebs.west"), NOW).unwrap();
    two.claim(&bucket("images"), &component("amazon-ebs.east"), NOW).unwrap();
    two.claim(&bucket("others"), &component("amazon-ebs.east"), NOW).unwrap();
    assert_eq!(one.claims(&bucket("images")), [component("amazon-ebs.east"), component("amazon-ebs.west")]);
    assert_eq!(one.claims(&bucket("Images")), []);
}

#[test]
fn a_name_that_another_process_has_is_refused_with_the_cure() {
    let runs = tempfile::tempdir().unwrap();
    as_process(runs.path(), 1).claim(&bucket("images"), &component("qemu.x"), NOW).unwrap();
    let error = as_process(runs.path(), 2).claim(&bucket("images"), &component("qemu.x"), NOW).unwrap_err().to_string();
    assert!(error.contains("qemu.x") && error.contains("process 1"), "{error}");
    assert!(error.ends_with(r#"component_type = "${build.name}.${source.type}.${source.name}""#), "{error}");
}

#[test]
fn a_process_may_claim_the_same_name_again() {
    let runs = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        as_process(runs.path(), 1).claim(&bucket("images"), &component("qemu.x"), NOW).unwrap();
    }
    assert_eq!(as_process(runs.path(), 2).claims(&bucket("images")), [component("qemu.x")]);
}

#[test]
fn names_that_no_file_could_have_can_be_claimed() {
    let runs = tempfile::tempdir().unwrap();
    let folder = as_process(runs.path(), 1);
    let names = ["../../x", "Qemu.x", "a/b:c*", "qemu.x"].map(component);
    for name in &names {
        folder.claim(&bucket("images"), name, NOW).unwrap();
    }
    folder.claim(&bucket("images"), &component(&"ü".repeat(128)), NOW).unwrap();
    assert_eq!(folder.claims(&bucket("images")).len(), names.len() + 1);
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_the_way_out() {
    let runs = tempfile::NamedTempFile::new().unwrap();
    let error = as_process(runs.path(), 1).claim(&bucket("images"), &component("qemu.x"), NOW).unwrap_err().to_string();
    assert!(error.contains(RUN) && error.contains("XDG_STATE_HOME"), "{error}");
}

#[cfg(unix)]
#[test]
fn the_folder_is_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let runs = tempfile::tempdir().unwrap();
    as_process(runs.path(), 1).claim(&bucket("images"), &component("qemu.x"), NOW).unwrap();
    assert_eq!(fs::metadata(runs.path().join(RUN)).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn the_notations_of_one_uuid_name_one_run() {
    let runs = tempfile::tempdir().unwrap();
    let written = folder_of(runs.path(), "6F2B3A524F8E4B8A9B1F6A1A0B8F1C11").fingerprint(&bucket("images"), NOW);
    assert_eq!(folder_of(runs.path(), RUN).fingerprint(&bucket("images"), NOW), written);
}

#[test]
fn threads_that_start_at_once_agree_on_the_fingerprint_and_one_gets_the_name() {
    let runs = tempfile::tempdir().unwrap();
    let start = Barrier::new(16);
    let (fingerprints, claimed): (BTreeSet<Fingerprint>, Vec<bool>) = thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|process| {
                let (start, runs) = (&start, runs.path());
                scope.spawn(move || {
                    let folder = as_process(runs, process);
                    start.wait();
                    let fingerprint = folder.fingerprint(&bucket("images"), NOW);
                    (fingerprint, folder.claim(&bucket("images"), &component("qemu.x"), NOW).is_ok())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).unzip()
    });
    assert_eq!(fingerprints.len(), 1, "{fingerprints:?}");
    assert_eq!(claimed.into_iter().filter(|claimed| *claimed).count(), 1);
}

#[test]
fn processes_that_start_at_once_agree_on_the_fingerprint_and_one_gets_the_name() {
    let runs = tempfile::tempdir().unwrap();
    let mut children: Vec<_> = (0..6)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--ignored", "--exact", "--nocapture", "record::run_folder::tests::one_of_several_processes"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in &mut children {
        child.stdin.take().unwrap().write_all(runs.path().to_str().unwrap().as_bytes()).unwrap();
    }
    let outputs: Vec<String> = children
        .into_iter()
        .map(|child| String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
        .collect();
    let answers: Vec<(&str, &str)> = outputs
        .iter()
        .map(|output| {
            let line = output.lines().find_map(|line| line.split_once("answer: ")).expect(output).1;
            line.split_once(' ').unwrap()
        })
        .collect();
    assert_eq!(answers.iter().map(|(fingerprint, _)| fingerprint).collect::<BTreeSet<_>>().len(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, claimed)| *claimed == "true").count(), 1, "{answers:?}");
}

#[test]
#[ignore = "a part of processes_that_start_at_once_agree_on_the_fingerprint_and_one_gets_the_name"]
fn one_of_several_processes() {
    let mut runs = String::new();
    io::stdin().read_to_string(&mut runs).unwrap();
    if runs.is_empty() {
        // Started by hand, and not by the test above.
        return;
    }
    let folder = folder_of(Path::new(&runs), RUN);
    let fingerprint = folder.fingerprint(&bucket("images"), NOW);
    let claimed = folder.claim(&bucket("images"), &component("qemu.x"), NOW).is_ok();
    println!("answer: {fingerprint} {claimed}");
}

#[test]
fn a_fingerprint_is_a_ulid_of_its_bucket_that_starts_with_the_time() {
    let runs = tempfile::tempdir().unwrap();
    let folder = folder_of(runs.path(), RUN);
    let fingerprint = folder.fingerprint(&bucket("images"), NOW);
    assert_eq!(Ulid::from_string(fingerprint.as_str()).unwrap().timestamp_ms(), 1_795_383_900_123);
    assert_eq!(folder.fingerprint(&bucket("images"), Timestamp(0)), fingerprint);
    assert_ne!(folder.fingerprint(&bucket("others"), NOW), fingerprint);
}

#[test]
fn without_a_folder_the_fingerprint_is_the_runs_uuid() {
    let runs = tempfile::NamedTempFile::new().unwrap();
    let run = RunUuid::parse(RUN).unwrap();
    let fingerprint = RunFolder::new(runs.path(), &run).fingerprint(&bucket("images"), NOW);
    assert_eq!(fingerprint, fingerprint_of(&run));
    let bits = u128::from_be_bytes(Ulid::from_string(fingerprint.as_str()).unwrap().to_bytes());
    assert_eq!(Uuid::from_u128(bits).to_string(), RUN);
}

#[test]
fn the_parent_of_an_image_is_the_iteration_that_handed_it_out() {
    let runs = tempfile::tempdir().unwrap();
    let folder = folder_of(runs.path(), RUN);
    folder.note_parent(&handed_out(None, &["ami-1", "ami-2"])).unwrap();
    folder.note_parent(&handed_out(Some("production"), &["ami-2", "/Subscriptions/X"])).unwrap();
    folder.note_parent(&handed_out(Some("production"), &["ami-2", "/Subscriptions/X"])).unwrap();

    let parents = folder.parents_of("ami-2");
    assert_eq!(parents.len(), 1);
    assert_eq!(parents[0].channel.as_ref().map(ChannelName::as_str), Some("production"));
    assert_eq!((parents[0].version, parents[0].external_identifier.as_str()), (Some(3), "ami-2"));
    assert_eq!(folder.parents_of("ami-1")[0].channel, None);
    assert_eq!(folder.parents_of("/subscriptions/x").len(), 1);
    assert_eq!(folder.parents_of("ami-3"), []);
    assert_eq!(folder.parents_of(""), []);
}

#[test]
fn an_incomplete_parent_has_no_version_and_an_identifier_with_a_line_break_is_none() {
    let runs = tempfile::tempdir().unwrap();
    let folder = folder_of(runs.path(), RUN);
    folder.note_parent(&HandedOut { version: None, ..handed_out(None, &["a\nb", "ami-1"]) }).unwrap();
    assert_eq!(folder.parents_of("ami-1")[0].version, None);
    assert_eq!(folder.parents_of("b"), []);
}

#[test]
fn notes_that_cannot_be_read_are_passed_over() {
    let runs = tempfile::tempdir().unwrap();
    let folder = folder_of(runs.path(), RUN);
    folder.claim(&bucket("images"), &component("qemu.x"), NOW).unwrap();
    folder.note_parent(&handed_out(None, &["ami-1"])).unwrap();
    for (place, text) in [("claims", &b"half"[..]), ("parents", &[0xff, 0xfe][..])] {
        let other = runs.path().join(RUN).join(place).join("other");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("note"), text).unwrap();
        fs::write(other.with_file_name("not-even-a-folder"), text).unwrap();
    }
    assert_eq!(folder.claims(&bucket("images")), [component("qemu.x")]);
    assert_eq!(folder.parents_of("ami-1").len(), 1);
}

#[test]
fn folders_of_old_runs_are_swept_and_all_else_stays() {
    let runs = tempfile::tempdir().unwrap();
    let run = |n: u32| format!("00000000-0000-4000-8000-0000000000{n:02}");
    for (number, age) in [(1, 15 * DAY), (2, 13 * DAY), (3, -DAY)] {
        let folder = folder_of(runs.path(), &run(number));
        folder.claim(&bucket("images"), &component("qemu.x"), Timestamp(NOW.0 - age)).unwrap();
    }
    let own = folder_of(runs.path(), RUN);
    own.claim(&bucket("images"), &component("qemu.x"), Timestamp(NOW.0 - 30 * DAY)).unwrap();
    fs::create_dir(runs.path().join("not-a-run")).unwrap();
    own.sweep(NOW);
    let left: BTreeSet<String> =
        fs::read_dir(runs.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(left, [run(2), run(3), RUN.to_owned(), "not-a-run".to_owned()].into());
}

#[test]
fn a_run_that_noted_no_start_is_judged_by_its_folder() {
    let runs = tempfile::tempdir().unwrap();
    let other = "00000000-0000-4000-8000-000000000001";
    folder_of(runs.path(), other).note_parent(&handed_out(None, &["ami-1"])).unwrap();
    let own = folder_of(runs.path(), RUN);
    own.sweep(Timestamp(0));
    assert!(runs.path().join(other).exists());
    own.sweep(Timestamp(i64::MAX));
    assert!(!runs.path().join(other).exists());
}

#[test]
fn one_sweep_removes_a_few_folders_only() {
    let runs = tempfile::tempdir().unwrap();
    for number in 0..25 {
        folder_of(runs.path(), &format!("00000000-0000-4000-8000-0000000000{number:02}")).start(Timestamp(0)).unwrap();
    }
    folder_of(runs.path(), RUN).sweep(NOW);
    assert_eq!(fs::read_dir(runs.path()).unwrap().count(), 5);
}

#[test]
fn only_one_process_of_a_run_is_the_first_to_do_something() {
    let runs = tempfile::tempdir().unwrap();
    let (one, two) = (as_process(runs.path(), 1), as_process(runs.path(), 2));
    assert!(one.is_first_to("sweep-the-yard", NOW));
    assert!(!two.is_first_to("sweep-the-yard", NOW) && !one.is_first_to("sweep-the-yard", NOW));
    assert!(two.is_first_to("wash-up", NOW));
}

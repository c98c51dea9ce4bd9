use std::collections::BTreeSet;
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;

use super::*;
use crate::backend::fake::{FakeRegistry, Trouble};
use crate::model::sample::record;
use crate::model::{ComponentType, Timestamp};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn record_of(component_type: &str, recorded_at: i64) -> IterationRecord {
    IterationRecord {
        component_type: ComponentType::parse(component_type).unwrap(),
        recorded_at: Timestamp(recorded_at),
        ..record()
    }
}

/// Pushes all; returns what became of each record.
fn push(spool: &Spool, registry: &FakeRegistry) -> Vec<String> {
    let mut outcomes = Vec::new();
    let records = spool.list().unwrap().records;
    let all = spool.push(&records, registry, &mut |spooled, outcome| {
        let word = match outcome {
            Outcome::Delivered(_) => "delivered",
            Outcome::FileStays(..) => "file stays",
            Outcome::Kept(_) => "kept",
            Outcome::NotAttempted => "not attempted",
        };
        outcomes.push(format!("{} {word}", spooled.record.component_type));
    });
    assert_eq!(all, outcomes.iter().all(|outcome| outcome.ends_with("delivered")));
    outcomes
}

#[test]
fn a_record_waits_in_a_file_named_after_its_time_and_build() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().join("a/spool"));
    let path = spool.write(&record()).unwrap();
    let [name] = &names(&folder.path().join("a/spool"))[..] else { panic!() };
    assert!(name.starts_with("20261122T224500456Z-learn-packer-amazon-ebs.east-"), "{name}");
    assert_eq!(path.to_string(), folder.path().join("a/spool").join(name).display().to_string());
    let listing = spool.list().unwrap();
    assert_eq!((&listing.records[0].record, listing.records[0].state), (&record(), SpoolState::Unconfirmed));
    assert_eq!(listing.unreadable, []);
}

#[cfg(unix)]
#[test]
fn records_are_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().join("spool"));
    let path = spool.write(&record()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path.path), mode(&folder.path().join("spool"))), (0o600, 0o700));
}

#[test]
fn records_are_listed_by_time_and_the_same_record_may_wait_twice() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().to_owned());
    for (component_type, at) in [("c", 3000), ("a", 1000), ("b", 2000), ("a", 1000)] {
        spool.write(&record_of(component_type, at)).unwrap();
    }
    let listed: Vec<String> =
        spool.list().unwrap().records.iter().map(|spooled| spooled.record.component_type.to_string()).collect();
    assert_eq!(listed, ["a", "a", "b", "c"]);
}

#[test]
fn a_build_may_have_a_name_that_no_file_could_have() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().to_owned());
    for name in ["../../x", "x.confirmed.json", &"ü".repeat(128)] {
        spool.write(&record_of(name, 0)).unwrap();
    }
    let listing = spool.list().unwrap();
    assert_eq!(listing.records.len(), 3);
    assert!(listing.records.iter().all(|spooled| spooled.state == SpoolState::Unconfirmed));
}

#[test]
fn to_try_the_folder_leaves_nothing_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().join("spool"));
    spool.check_writable().unwrap();
    assert_eq!(names(&folder.path().join("spool")), [""; 0]);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let spool = Spool::open(file.path().join("spool"));
    for error in [spool.check_writable().unwrap_err(), spool.write(&record()).unwrap_err()] {
        assert!(error.to_string().contains(file.path().to_str().unwrap()), "{error}");
    }
}

#[test]
fn a_spool_that_was_never_used_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Spool::open(folder.path().join("spool")).list().unwrap(), Listing::default());
}

#[test]
fn what_is_no_record_is_reported_and_stays_and_what_is_unfinished_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().to_owned());
    fs::write(folder.path().join("half.json"), "{\"format\": 1, ").unwrap();
    fs::write(folder.path().join("newer.confirmed.json"), "{\"format\": 99}").unwrap();
    fs::write(folder.path().join(".being-written"), "{").unwrap();
    fs::create_dir(folder.path().join("folder.json")).unwrap();
    spool.write(&record()).unwrap();

    let listing = spool.list().unwrap();
    assert_eq!(listing.records.len(), 1);
    let causes: Vec<&str> = listing.unreadable.iter().map(|file| file.cause.as_str()).collect();
    assert_eq!(causes.len(), 3, "{causes:?}");
    assert!(causes[0].contains("not a file") && causes[1].contains("not a record"), "{causes:?}");
    assert!(causes[2].contains("newer version"), "{causes:?}");
    assert_eq!(push(&spool, &FakeRegistry::default()), ["amazon-ebs.east delivered"]);
    assert_eq!(spool.list().unwrap().unreadable.len(), 3);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_folder_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_eq!(Spool::open(folder.path().to_owned()).list().unwrap().unreadable.len(), 1);
}

#[test]
fn a_push_delivers_what_became_of_the_image_and_then_removes_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, registry) = (Spool::open(folder.path().to_owned()), FakeRegistry::default());
    spool.write(&record_of("unconfirmed", 1)).unwrap();
    let confirmed = spool.write(&record_of("confirmed", 2)).unwrap();
    spool.confirm(&confirmed).unwrap();
    let destroyed = spool.write(&record_of("destroyed", 3)).unwrap();
    spool.confirm(&destroyed).unwrap();
    spool.mark_destroyed(&destroyed).unwrap();

    assert_eq!(push(&spool, &registry), ["unconfirmed delivered", "confirmed delivered", "destroyed delivered"]);
    assert_eq!(
        registry.calls(),
        ["ingest unconfirmed", "ingest confirmed", "confirm confirmed", "ingest destroyed", "destroy destroyed"]
    );
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn notes_may_be_repeated_and_a_destroyed_image_never_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().to_owned());
    let path = spool.write(&record()).unwrap();
    for _ in 0..2 {
        spool.confirm(&path).unwrap();
        assert_eq!(spool.list().unwrap().records[0].state, SpoolState::Confirmed);
    }
    for _ in 0..2 {
        spool.mark_destroyed(&path).unwrap();
        spool.confirm(&path).unwrap();
        assert_eq!(spool.list().unwrap().records[0].state, SpoolState::Destroyed);
    }
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn a_record_that_is_refused_stays_and_keeps_none_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, registry) = (Spool::open(folder.path().to_owned()), FakeRegistry::default());
    for number in 1..=5 {
        spool.write(&record_of(&number.to_string(), number)).unwrap();
    }
    registry.meets(Trouble::Refuses);
    assert_eq!(push(&spool, &registry), ["1 kept", "2 kept", "3 kept", "4 kept", "5 kept"]);
    assert_eq!(names(folder.path()).len(), 5);
    registry.recovers();
    assert!(push(&spool, &registry).iter().all(|outcome| outcome.ends_with("delivered")));
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_registry_that_stays_away_is_not_asked_for_every_record() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, registry) = (Spool::open(folder.path().to_owned()), FakeRegistry::default());
    for number in 1..=5 {
        spool.write(&record_of(&number.to_string(), number)).unwrap();
    }
    registry.meets(Trouble::Away);
    assert_eq!(push(&spool, &registry), ["1 kept", "2 kept", "3 kept", "4 not attempted", "5 not attempted"]);
    assert_eq!(names(folder.path()).len(), 5);
}

#[test]
fn a_confirmation_that_comes_while_the_record_is_pushed_is_pushed_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, registry) = (Spool::open(folder.path().to_owned()), FakeRegistry::default());
    let path = spool.write(&record()).unwrap();
    let plugin = spool.clone();
    registry.meanwhile(move || plugin.confirm(&path).unwrap());
    assert_eq!(push(&spool, &registry), ["amazon-ebs.east delivered"]);
    assert_eq!(registry.calls(), ["ingest amazon-ebs.east", "confirm amazon-ebs.east"]);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_confirmation_that_comes_after_the_push_waits_for_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, registry) = (Spool::open(folder.path().to_owned()), FakeRegistry::default());
    let path = spool.write(&record()).unwrap();
    push(&spool, &registry);
    spool.confirm(&path).unwrap();
    push(&spool, &registry);
    assert_eq!(registry.calls()[1..], ["ingest amazon-ebs.east", "confirm amazon-ebs.east"]);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn two_pushes_at_once_deliver_everything_and_neither_fails() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, registry) = (Spool::open(folder.path().to_owned()), FakeRegistry::default());
    for number in 0..50 {
        spool.write(&record_of(&format!("build-{number}"), number)).unwrap();
    }
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert!(push(&spool, &registry).iter().all(|outcome| outcome.ends_with("delivered"))));
        }
    });
    assert_eq!(registry.calls().into_iter().collect::<BTreeSet<_>>().len(), 50);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn plugins_that_confirm_while_others_push_lose_no_confirmation() {
    let folder = tempfile::tempdir().unwrap();
    let (spool, registry) = (Spool::open(folder.path().to_owned()), FakeRegistry::default());
    thread::scope(|scope| {
        for plugin in 0..4 {
            let spool = &spool;
            scope.spawn(move || {
                for number in 0..25 {
                    let path = spool.write(&record_of(&format!("{plugin}-{number}"), number)).unwrap();
                    spool.confirm(&path).unwrap();
                }
            });
        }
        for _ in 0..20 {
            push(&spool, &registry);
        }
    });
    push(&spool, &registry);
    let confirmed: BTreeSet<String> = registry.calls().into_iter().filter(|call| call.starts_with("confirm")).collect();
    assert_eq!(confirmed.len(), 100);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_writer_that_is_killed_leaves_whole_records_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "backend::spool::tests::a_writer_that_never_ends"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writer.stdin.take().unwrap().write_all(folder.path().to_str().unwrap().as_bytes()).unwrap();
    while names(folder.path()).iter().filter(|name| name.ends_with(".json")).count() < 20 {
        assert!(writer.try_wait().unwrap().is_none(), "the writer has ended by itself");
        thread::yield_now();
    }
    writer.kill().unwrap();
    writer.wait().unwrap();
    let listing = Spool::open(folder.path().to_owned()).list().unwrap();
    assert!(listing.records.len() >= 20);
    assert_eq!(listing.unreadable, []);
}

#[test]
#[ignore = "a part of a_writer_that_is_killed_leaves_whole_records_only"]
fn a_writer_that_never_ends() {
    let mut folder = String::new();
    io::stdin().read_to_string(&mut folder).unwrap();
    let spool = Spool::open(PathBuf::from(&folder));
    // Ends at once when it was started by hand, and not by the test above.
    while !folder.is_empty() && Path::new(&folder).exists() {
        spool.write(&record()).unwrap();
    }
}

#[test]
fn a_record_is_found_by_any_name_that_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().to_owned());
    let path = spool.write(&record()).unwrap();
    let [before] = &names(folder.path())[..] else { panic!() };
    spool.confirm(&path).unwrap();
    let [now] = &names(folder.path())[..] else { panic!() };
    assert_ne!(before, now);
    let found = Some(folder.path().join(now));
    assert_eq!((spool.find(before), spool.find(now)), (found.clone(), found));
    assert_eq!(spool.find("another.json"), None);
}

#[test]
fn a_disk_without_room_is_told_with_the_way_out() {
    let of = |kind: io::ErrorKind| SpoolError::Io { action: "write", path: "/spool/x".into(), source: kind.into() };
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::FileTooLarge] {
        let message = of(kind).to_string();
        assert!(message.starts_with("cannot write /spool/x: "), "{message}");
        assert!(message.ends_with("let PACKER_REGISTRY_SPOOL name a folder on another disk"), "{message}");
    }
    assert!(!of(io::ErrorKind::PermissionDenied).to_string().contains("space"));
}

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::backend::{Backend, BackendError, EmbeddedBackend};
use packer_plugin_registry::model::SystemClock;
use rusqlite::Connection;

use super::backend;
use crate::store::record::{bucket, build};

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A registry with one record, closed again.
fn recorded(folder: &Path) -> PathBuf {
    let path = folder.join("registry.db");
    backend(&path).ingest(&build(1, "east")).unwrap();
    path
}

#[test]
fn reading_what_does_not_exist_says_who_creates_it_and_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("below/registry.db");
    let backend = backend(&path);
    let expected = format!("no registry at {} yet; a build with the post-processor creates it", path.display());
    let key = build(1, "east").key();
    for error in [
        backend.buckets().unwrap_err(),
        backend.bucket(&bucket("web-server")).unwrap_err(),
        backend.confirm(&key).unwrap_err(),
        backend.mark_destroyed(&key).unwrap_err(),
    ] {
        assert!(matches!(&error, BackendError::NotFound(message) if *message == expected), "{error}");
    }
    assert!(names(folder.path()).is_empty());
    backend.ingest(&build(1, "east")).unwrap();
    assert_eq!(backend.buckets().unwrap().len(), 1, "and it is found once it is there");
}

#[test]
fn a_new_registry_is_for_its_user_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/registry.db");
    let backend = backend(&path);
    backend.ingest(&build(1, "east")).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for name in names(path.parent().unwrap()) {
        assert_eq!(mode(&path.with_file_name(&name)), 0o600, "{name}");
    }
    assert_eq!(mode(&folder.path().join("a")), 0o700);
    assert_eq!(mode(&folder.path().join("a/b")), 0o700);
}

#[test]
fn not_found_names_the_file_that_was_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    let path = recorded(folder.path());
    let error = backend(&path).bucket(&bucket("cache")).unwrap_err();
    let expected = format!("bucket cache does not exist in sqlite:{}; there are: web-server", path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_file_that_is_not_a_registry_is_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "not a database, but longer than the sixteen bytes that SQLite looks at first").unwrap();
    let foreign = folder.path().join("other.db");
    Connection::open(&foreign).unwrap().execute_batch("PRAGMA application_id = 7; CREATE TABLE t (x)").unwrap();
    let nameless = folder.path().join("nameless.db");
    Connection::open(&nameless).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    for path in [text, foreign, nameless] {
        let before = (fs::read(&path).unwrap(), names(folder.path()));
        for error in [
            backend(&path).ingest(&build(1, "east")).unwrap_err(),
            backend(&path).buckets().unwrap_err(),
            backend(&path).check_writable(None).unwrap_err(),
        ] {
            let BackendError::Unavailable(message) = error else { panic!("{error}") };
            assert!(message.starts_with(&format!("{} is not a registry: it is ", path.display())), "{message}");
            assert!(message.contains("sqlite:PATH"), "{message}");
        }
        assert_eq!((fs::read(&path).unwrap(), names(folder.path())), before);
    }
}

#[test]
fn a_registry_of_a_newer_version_asks_for_an_upgrade_and_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = recorded(folder.path());
    let known: i64 = Connection::open(&path).unwrap().query_row("PRAGMA user_version", (), |row| row.get(0)).unwrap();
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 999").unwrap();
    for error in [
        backend(&path).ingest(&build(2, "east")).unwrap_err(),
        backend(&path).buckets().unwrap_err(),
        backend(&path).check_writable(None).unwrap_err(),
    ] {
        let message = error.to_string();
        assert!(message.contains(&path.display().to_string()), "{message}");
        assert!(message.contains("was written by a newer version"), "{message}");
        assert!(message.ends_with("upgrade this binary"), "{message}");
    }
    Connection::open(&path).unwrap().pragma_update(None, "user_version", known).unwrap();
    assert_eq!(backend(&path).iterations(&bucket("web-server")).unwrap()[0].builds.len(), 1);
}

#[test]
fn a_damaged_registry_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = recorded(folder.path());
    let mut bytes = fs::read(&path).unwrap();
    let length = bytes.len();
    bytes[4096..length].fill(0x55);
    fs::write(&path, bytes).unwrap();
    let BackendError::Unavailable(message) = backend(&path).buckets().unwrap_err() else { panic!("not unavailable") };
    assert!(message.contains("is damaged") && message.contains("restore a backup"), "{message}");
}

#[test]
fn a_path_that_cannot_be_created_is_named_with_its_cause() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [file.join("registry.db"), file.join("below/registry.db"), folder.path().to_owned()] {
        for error in
            [backend(&path).ingest(&build(1, "east")).unwrap_err(), backend(&path).check_writable(None).unwrap_err()]
        {
            let BackendError::Unavailable(message) = error else { panic!("{error}") };
            assert!(message.contains(&path.display().to_string()), "{message}");
        }
    }
    assert_eq!(names(folder.path()), ["file"]);
}

#[test]
fn checking_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    backend(&folder.path().join("below/registry.db")).check_writable(None).unwrap();
    assert!(names(folder.path()).is_empty());
    let path = recorded(folder.path());
    let before = (fs::read(&path).unwrap(), names(folder.path()));
    backend(&path).check_writable(None).unwrap();
    assert_eq!((fs::read(&path).unwrap(), names(folder.path())), before);
}

#[test]
fn cancelling_ends_the_wait_for_a_registry_that_another_keeps_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = recorded(folder.path());
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let cancelled = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&cancelled);
    let cancel = move || seen.load(Ordering::SeqCst);
    let backend = EmbeddedBackend::new(path.clone(), Arc::new(SystemClock), Caller::local("ada"), cancel);
    let since = Instant::now();
    let error = backend.ingest(&build(2, "east")).unwrap_err();
    assert!(since.elapsed().as_secs() < 10, "it did not wait to the end");
    let expected = format!("cancelled while other processes kept the registry at {} locked", path.display());
    assert!(matches!(&error, BackendError::Unavailable(message) if *message == expected), "{error}");
    assert_eq!(backend.iterations(&bucket("web-server")).unwrap().len(), 1, "reading goes on meanwhile");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(backend.ingest(&build(2, "east")).is_ok(), "a call that need not wait is not cancelled");
}

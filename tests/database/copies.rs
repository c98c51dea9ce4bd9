use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::{FileDigest, IterationRecord};

use super::engines::{Engine as _, Postgres};
use super::machine::Machine;
use crate::store::block_on;
use crate::store::postgres::database::Database;
use crate::store::postgres::service;
use crate::support::ran::Ran;
use crate::support::record::{build_of, image};
use crate::support::wait::until;

#[test]
fn a_backup_restores_to_the_same_rows() {
    let machine = Machine::with_registry();
    machine.run("backup --database sqlite:registry.db backup.db").exits(0).says("is backed up in backup.db");
    machine.run("restore --database sqlite:restored.db backup.db").exits(0).says("keeps all rules");
    assert_eq!(machine.rows("restored.db"), machine.rows("registry.db"));
    let names = machine.names();
    let beside: Vec<_> = names.iter().filter(|name| name.starts_with("backup.db")).collect();
    assert_eq!(beside, ["backup.db"], "a backup is one file");
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_copy_to_postgresql_and_back_has_the_same_rows() {
    let (machine, database) = (Machine::with_registry(), Database::empty());
    machine.run(&format!("copy --from sqlite:registry.db --to {}", database.url)).exits(0).says("23 tables");
    machine.run(&format!("check --database {}", database.url)).exits(0).says("keeps all rules");
    machine.run(&format!("backup --database {} back.db", database.url)).exits(0);
    assert_eq!(machine.rows("back.db"), machine.rows("registry.db"));
}

/// Rows of one build, in tables with keys of one column and of several: they are read in pages of a few hundred.
const MANY: u32 = 1_100;

/// With a registry in the file `registry.db`, in which one build has many images and files.
fn with_many_rows() -> Machine {
    let machine = Machine::with_registry();
    let file = |n: u32| FileDigest { name: format!("disk-{n:04}"), size: u64::from(n), sha256: None };
    let record = IterationRecord {
        images: (0..MANY).map(|n| image("us-east-1", &format!("ami-{n:04}"))).collect(),
        files: (0..MANY).map(file).collect(),
        ..build_of("large", 90, "east")
    };
    let service = machine.service("registry.db");
    futures::executor::block_on(service.ingest(&Caller::local("ada"), &record)).unwrap();
    machine
}

#[test]
fn tables_of_several_pages_are_copied_to_the_last_row_and_checked_to_it() {
    let machine = with_many_rows();
    machine.run("backup --database sqlite:registry.db backup.db").exits(0);
    machine.run("restore --database sqlite:restored.db backup.db").exits(0).says("keeps all rules");
    assert_eq!(machine.rows("restored.db"), machine.rows("registry.db"));
    machine.corrupt("restored.db", "UPDATE artifacts SET labels = 'none' WHERE external_identifier = 'ami-1099'");
    machine.run("check --database sqlite:restored.db").exits(1).says("labels");
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn tables_of_several_pages_are_copied_to_postgresql_and_back_to_the_last_row() {
    let (machine, database) = (with_many_rows(), Database::empty());
    machine.run(&format!("copy --from sqlite:registry.db --to {}", database.url)).exits(0);
    machine.run(&format!("check --database {}", database.url)).exits(0).says("keeps all rules");
    machine.run(&format!("backup --database {} back.db", database.url)).exits(0);
    assert_eq!(machine.rows("back.db"), machine.rows("registry.db"));
}

#[test]
fn a_backup_that_is_taken_while_others_write_is_of_one_moment() {
    let machine = Machine::with_registry();
    let (over, written) = (AtomicBool::new(false), Barrier::new(2));
    let service = machine.service("registry.db");
    thread::scope(|scope| {
        scope.spawn(|| {
            let ada = Caller::local("ada");
            for run in 100.. {
                let record = build_of(&format!("release-{run}"), run, "east");
                futures::executor::block_on(async {
                    service.ingest(&ada, &record).await.unwrap();
                    service.confirm(&ada, &record.key()).await.unwrap();
                });
                if run == 120 {
                    written.wait();
                }
                if run > 120 && over.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        written.wait();
        let ran = machine.run("backup --database sqlite:registry.db backup.db");
        over.store(true, Ordering::SeqCst);
        ran.exits(0);
    });
    machine.run("restore --database sqlite:restored.db backup.db").exits(0).says("keeps all rules");
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_backup_of_postgresql_that_is_taken_while_others_write_is_of_one_moment() {
    const WRITERS: u32 = 3;
    let (registry, restored) = (Postgres::filled(), Database::empty());
    let (over, written) = (AtomicBool::new(false), AtomicU32::new(0));
    let begun = Barrier::new(WRITERS as usize + 1);
    let during = thread::scope(|scope| {
        for writer in 1..=WRITERS {
            let (registry, over, written, begun) = (&registry, &over, &written, &begun);
            scope.spawn(move || {
                let (ada, service) = (Caller::local("ada"), service(&registry.database.url));
                for run in (100 * 1000 * writer).. {
                    let record = build_of(&format!("release-{run}"), run, "east");
                    block_on(service.ingest(&ada, &record)).unwrap();
                    block_on(service.confirm(&ada, &record.key())).unwrap();
                    if written.fetch_add(1, Ordering::SeqCst) < WRITERS {
                        begun.wait();
                    }
                    if over.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
        }
        begun.wait();
        let before = written.load(Ordering::SeqCst);
        let ran = registry.machine.run(&format!("backup --database {} backup.db", registry.database.url));
        let during = written.load(Ordering::SeqCst) - before;
        over.store(true, Ordering::SeqCst);
        ran.exits(0);
        during
    });
    assert!(during > 0, "nothing was pushed while the backup was taken");
    registry.machine.run(&format!("restore --database {} backup.db", restored.url)).exits(0).says("keeps all rules");
    registry.machine.run(&format!("check --database {} --json", restored.url)).exits(0).says("[]");
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn what_goes_through_whole_tables_takes_longer_than_a_statement_may() {
    let registry = Postgres::filled();
    // Whoever reads this table waits for longer than the limit.
    registry.database.execute(
        "ALTER TABLE packages RENAME TO kept;
         CREATE VIEW packages AS SELECT kept.* FROM kept, pg_sleep(2.5)",
    );
    registry.database.let_statements_take("2s");
    registry.machine.run(&format!("backup --database {} backup.db", registry.database.url)).exits(0);
    let ran = registry.check("").exits(1).says("in 1 place;");
    assert!(ran.stdout.starts_with("trigger packages_do_not_change of table packages"), "{}", ran.text);
}

#[test]
fn nothing_is_written_over() {
    let machine = Machine::with_registry();
    let before = machine.rows("registry.db");
    machine.run("backup --database sqlite:registry.db backup.db").exits(0);
    machine.run("backup --database sqlite:registry.db backup.db").exits(1).says("backup.db is there already");
    let again = "restore --database sqlite:registry.db backup.db";
    machine.run(again).exits(1).says("the database is in use").says("copy into one that is new");
    assert_eq!(machine.rows("registry.db"), before);
}

#[test]
fn a_registry_with_a_project_of_its_own_is_in_use() {
    let machine = Machine::with_registry();
    machine.run("backup --database sqlite:registry.db backup.db").exits(0);
    let other = machine.service("other.db");
    let name = packer_plugin_registry::model::ProjectName::parse("ours").unwrap();
    futures::executor::block_on(other.create_project(&Caller::local("ada"), &name)).unwrap();
    drop(other);
    machine.run("restore --database sqlite:other.db backup.db").exits(1).says("it has project ours");
}

#[test]
fn a_backup_that_breaks_a_rule_is_not_restored() {
    let machine = Machine::with_registry();
    machine.run("backup --database sqlite:registry.db backup.db").exits(0);
    machine.corrupt("backup.db", "UPDATE buckets SET seq = 9");
    let ran = machine.run("restore --database sqlite:restored.db backup.db").exits(1);
    let ran = ran.says("bucket web-server of project default: not so: ").says("backup.db breaks its rules in 1 place;");
    ran.says("database check --database sqlite:backup.db").says("database copy --from sqlite:backup.db --to sqlite:");
    assert!(!machine.path("restored.db").exists());
    let ran =
        machine.run("restore --database sqlite:restored.db backup.db --json").exits(1).says(r#""code":"refused""#);
    assert_eq!(ran.stdout, machine.run("check --database sqlite:backup.db --json").stdout);
    machine.run("copy --from sqlite:backup.db --to sqlite:restored.db").exits(0);
}

#[test]
fn a_file_that_appears_while_the_backup_is_taken_is_not_written_over() {
    let machine = Machine::with_registry();
    // One whose journal has to be switched over waits for whoever holds the lock file.
    let connection = rusqlite::Connection::open(machine.path("registry.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
    drop(connection);
    let lock = std::fs::File::create(machine.path("registry.db.lock")).unwrap();
    lock.lock().unwrap();
    let ran = thread::scope(|scope| {
        let backup = scope.spawn(|| machine.run("backup --database sqlite:registry.db backup.db"));
        until("the backup is begun", || machine.names().into_iter().find(|name| name.ends_with(".partial")));
        std::fs::write(machine.path("backup.db"), "somebody else's").unwrap();
        lock.unlock().unwrap();
        backup.join().unwrap()
    });
    ran.exits(1).says("backup.db is there already");
    assert_eq!(std::fs::read_to_string(machine.path("backup.db")).unwrap(), "somebody else's");
    assert!(machine.names().iter().all(|name| !name.contains("partial")), "{:?}", machine.names());
}

#[test]
fn of_backups_to_one_file_at_once_exactly_one_succeeds_and_is_whole() {
    let machine = with_many_rows();
    let ran: Vec<_> = thread::scope(|scope| {
        let backup = || machine.run("backup --database sqlite:registry.db backup.db");
        let backups: Vec<_> = (0..3).map(|_| scope.spawn(backup)).collect();
        backups.into_iter().map(|backup| backup.join().unwrap()).collect()
    });
    let (done, refused): (Vec<_>, Vec<_>) = ran.into_iter().partition(Ran::is_success);
    assert_eq!(done.len(), 1, "{done:?}");
    for ran in refused {
        ran.exits(1).says("backup.db is there already");
    }
    assert_eq!(machine.rows("backup.db"), machine.rows("registry.db"));
}

#[test]
fn what_an_interrupted_backup_left_is_no_backup_and_in_nobodys_way() {
    let machine = Machine::with_registry();
    std::fs::write(machine.path("backup.db.partial"), "half of it").unwrap();
    machine.run("backup --database sqlite:registry.db backup.db").exits(0);
    machine.run("restore --database sqlite:restored.db backup.db").exits(0);
}

#[test]
fn a_backup_goes_into_a_folder_that_is_there() {
    let machine = Machine::with_registry();
    let ran = machine.run("backup --database sqlite:registry.db disk/backup.db").exits(1);
    ran.says("disk is no folder that is there").says("mount the disk");
    assert!(!machine.path("disk").exists(), "a disk that is not mounted would go unnoticed");
}

#[test]
fn what_is_no_backup_is_named_and_nothing_is_left_behind() {
    let machine = Machine::new();
    std::fs::write(machine.path("backup.db"), "not a database, but longer than the head of one would be".repeat(9))
        .unwrap();
    machine.run("restore --database sqlite:restored.db backup.db").exits(6).says("backup.db");
    machine.run("restore --database sqlite:restored.db missing.db").exits(3).says("there is no file missing.db;");
    assert!(!machine.path("restored.db").exists());
    for command in ["migrate", "check", "backup new.db"] {
        let ran = machine.run(&format!("{command} --database sqlite:missing.db --json")).exits(3);
        ran.says("no registry at").says("missing.db").says(r#""code":"not_found""#);
    }
    assert_eq!(machine.names(), ["backup.db"]);
}

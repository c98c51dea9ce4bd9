use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;

use super::Certificates;
use super::facts::{Facts, is_signed_by};
use super::pem;
use crate::config::server::{PublicName, Tls};
use crate::model::{Clock, SettableClock, Timestamp};

const DAY: i64 = 24 * 3600 * 1000;
/// 2030-01-01.
const START: Timestamp = Timestamp(1_893_456_000_000);

struct Machine {
    folder: TempDir,
    clock: Arc<SettableClock>,
}

impl Machine {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), clock: Arc::new(SettableClock::at(START)) }
    }

    fn open(&self) -> Result<Arc<Certificates>, String> {
        self.open_as(&["localhost"])
    }

    fn open_as(&self, names: &[&str]) -> Result<Arc<Certificates>, String> {
        let names: Vec<PublicName> = names.iter().map(|name| PublicName::Dns((*name).to_owned())).collect();
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let opened = Certificates::open(&Tls::SelfMade, self.folder.path(), &names, clock);
        opened.map(Option::unwrap).map_err(|error| error.to_string())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("tls").join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap()
    }

    fn after_days(&self, days: i64) {
        self.clock.set(Timestamp(START.0 + days * DAY));
    }
}

#[test]
fn the_ca_lives_for_ten_years_and_the_certificate_that_it_signs_for_ninety_days() {
    let machine = Machine::new();
    machine.open_as(&["localhost", "a.example"]).unwrap();
    let ca = pem::certificates(&machine.file("ca.pem")).unwrap().remove(0);
    let server = pem::certificates(&machine.file("server.pem")).unwrap().remove(0);
    assert!(is_signed_by(&server, &ca));
    assert!(!is_signed_by(&ca, &server));
    assert_eq!(Facts::of(&ca).unwrap().not_after, Timestamp(START.0 + 3650 * DAY));
    let facts = Facts::of(&server).unwrap();
    assert_eq!(facts.not_after, Timestamp(START.0 + 90 * DAY));
    assert!(facts.not_before < START, "clocks of clients may be behind");
    let names: Vec<String> = facts.names.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["a.example", "localhost"]);
}

#[test]
fn a_running_server_renews_its_certificate_thirty_days_before_its_end_and_keeps_its_ca() {
    let machine = Machine::new();
    let certificates = machine.open().unwrap();
    let (ca, first) = (machine.read("ca.pem"), machine.read("server.pem"));
    machine.after_days(59);
    certificates.refresh(false);
    assert_eq!(machine.read("server.pem"), first);
    machine.after_days(61);
    certificates.refresh(false);
    assert_ne!(machine.read("server.pem"), first);
    assert_eq!(certificates.not_after(), Timestamp(START.0 + (61 + 90) * DAY));
    assert_eq!(machine.read("ca.pem"), ca);
}

#[test]
fn a_start_renews_as_well() {
    let machine = Machine::new();
    machine.open().unwrap();
    let first = machine.read("server.pem");
    machine.after_days(10);
    machine.open().unwrap();
    assert_eq!(machine.read("server.pem"), first);
    machine.after_days(200);
    assert_eq!(machine.open().unwrap().not_after(), Timestamp(START.0 + 290 * DAY));
}

#[test]
fn a_certificate_that_is_of_no_use_is_replaced() {
    let machine = Machine::new();
    let other = Machine::new();
    machine.open().unwrap();
    other.open().unwrap();
    for spoil in [
        |file: PathBuf, _: &Machine| fs::write(file, "rubbish").unwrap(),
        |file: PathBuf, _: &Machine| fs::remove_file(file).unwrap(),
        |file: PathBuf, other: &Machine| {
            fs::copy(other.file(file.file_name().unwrap().to_str().unwrap()), &file).map(drop).unwrap();
        },
    ] {
        for name in ["server.pem", "server.key"] {
            spoil(machine.file(name), &other);
            let certificates = machine.open().unwrap();
            assert_eq!(certificates.not_after(), Timestamp(START.0 + 90 * DAY));
            assert!(pem::read(&machine.file("server.pem"), &machine.file("server.key")).is_ok());
        }
    }
}

#[test]
fn a_ca_is_never_replaced_even_if_it_can_sign_no_more() {
    let machine = Machine::new();
    machine.open().unwrap();
    let ca = machine.read("ca.pem");
    fs::remove_file(machine.file("ca.key")).unwrap();
    machine.open().expect("the certificate is still good");
    machine.after_days(61);
    assert_eq!(machine.open().unwrap().not_after(), Timestamp(START.0 + 90 * DAY), "it has not ended yet");
    let error = machine.open_as(&["localhost", "new.example"]).unwrap_err();
    assert!(error.contains("ca.key: cannot be read"), "it lacks a name: {error}");
    machine.after_days(90);
    let error = machine.open().unwrap_err();
    assert!(error.contains("ca.key: cannot be read"), "{error}");
    assert!(error.contains("or move that file away, too: then a new CA is made"), "{error}");
    fs::write(machine.file("ca.key"), "rubbish").unwrap();
    assert!(machine.open().unwrap_err().contains("ca.key: no private key that can be read"));
    assert_eq!(machine.read("ca.pem"), ca);
}

#[test]
fn a_running_server_whose_ca_can_sign_no_more_goes_on_with_what_it_has() {
    let machine = Machine::new();
    let certificates = machine.open().unwrap();
    fs::remove_file(machine.file("ca.key")).unwrap();
    machine.after_days(61);
    certificates.refresh(false);
    assert_eq!(certificates.not_after(), Timestamp(START.0 + 90 * DAY));
}

#[test]
fn a_server_that_starts_without_the_key_of_its_ca_renews_its_certificate_once_the_key_is_back() {
    let machine = Machine::new();
    machine.open().unwrap();
    let key = machine.read("ca.key");
    fs::remove_file(machine.file("ca.key")).unwrap();
    machine.after_days(61);
    let certificates = machine.open().unwrap();
    fs::write(machine.file("ca.key"), key).unwrap();
    certificates.refresh(false);
    assert_eq!(certificates.not_after(), Timestamp(START.0 + (61 + 90) * DAY));
}

#[test]
fn no_certificate_outlives_its_ca() {
    let machine = Machine::new();
    let certificates = machine.open().unwrap();
    machine.after_days(3650 - 15);
    certificates.refresh(false);
    assert_eq!(certificates.not_after(), Timestamp(START.0 + 3650 * DAY));
    let last = machine.read("server.pem");
    machine.after_days(3650 - 14);
    certificates.refresh(false);
    assert_eq!(machine.read("server.pem"), last, "it is not made anew at every look");
    machine.after_days(3651);
    assert!(machine.open().unwrap_err().contains("the CA has ended; move it and ca.key away"));
}

#[test]
fn a_new_certificate_of_the_operator_is_taken_up_when_its_files_change() {
    let machine = Machine::new();
    let elsewhere = Machine::new();
    elsewhere.open().unwrap();
    let clock: Arc<dyn Clock> = Arc::clone(&machine.clock) as Arc<dyn Clock>;
    let (cert, key) = (elsewhere.file("server.pem"), elsewhere.file("server.key"));
    let tls = Tls::Files { cert: cert.clone(), key };
    let certificates = Certificates::open(&tls, machine.folder.path(), &[], clock).unwrap().unwrap();
    assert_eq!(certificates.ca_file(), None);
    let first = fs::read_to_string(&cert).unwrap();
    elsewhere.after_days(61);
    elsewhere.open().unwrap();
    certificates.refresh(false);
    assert_eq!(certificates.not_after(), Timestamp(START.0 + (61 + 90) * DAY));
    fs::write(&cert, first.replace("CERTIFICATE", "RUBBISH") + "longer").unwrap();
    certificates.refresh(false);
    assert_eq!(certificates.not_after(), Timestamp(START.0 + (61 + 90) * DAY));
}

#[cfg(unix)]
#[test]
fn a_certificate_that_comes_while_the_one_before_it_is_being_read_is_not_missed() {
    let machine = Machine::new();
    let elsewhere = Machine::new();
    let of_day = |day: i64| {
        elsewhere.after_days(day);
        elsewhere.open().unwrap();
        (elsewhere.read("server.pem"), elsewhere.read("server.key"))
    };
    let (old, new, newest) = (of_day(0), of_day(61), of_day(122));
    let path = |name: &str| machine.folder.path().join(name);
    let (cert, key) = (path("site.pem"), path("site.key"));
    let place = |(cert_text, key_text): &(String, String)| {
        for (path, text) in [(&cert, cert_text), (&key, key_text)] {
            let beside = path.with_extension("new");
            fs::write(&beside, text).unwrap();
            fs::rename(beside, path).unwrap();
        }
    };
    place(&old);
    let tls = Tls::Files { cert: cert.clone(), key: key.clone() };
    let clock: Arc<dyn Clock> = Arc::clone(&machine.clock) as Arc<dyn Clock>;
    let certificates = Certificates::open(&tls, machine.folder.path(), &[], clock).unwrap().unwrap();
    place(&new);
    // A key that is read only once somebody writes it: by then, the certificate was read.
    fs::remove_file(&key).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&key).status().unwrap().success());
    std::thread::scope(|scope| {
        let looking = scope.spawn(|| certificates.refresh(false));
        let mut pipe = fs::File::options().write(true).open(&key).unwrap();
        place(&newest);
        std::io::Write::write_all(&mut pipe, new.1.as_bytes()).unwrap();
        drop(pipe);
        looking.join().unwrap();
    });
    assert_eq!(certificates.not_after(), Timestamp(START.0 + (61 + 90) * DAY));
    certificates.refresh(false);
    assert_eq!(certificates.not_after(), Timestamp(START.0 + (122 + 90) * DAY));
}

#[test]
fn servers_that_start_at_once_make_one_ca() {
    let machine = Machine::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| machine.open().unwrap());
        }
    });
    let ca = pem::certificates(&machine.file("ca.pem")).unwrap().remove(0);
    let server = pem::certificates(&machine.file("server.pem")).unwrap().remove(0);
    assert!(is_signed_by(&server, &ca));
    assert!(pem::read(&machine.file("server.pem"), &machine.file("server.key")).is_ok());
}

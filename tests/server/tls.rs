use std::fs;
use std::path::Path;

use axum::http::{StatusCode, Version};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use time::OffsetDateTime;

use super::process::ServerMachine;
use crate::support::http_client::{ask, ask_plainly, certificate_of, connect, get, wait};
use crate::support::ran::Ran;
use crate::support::wait::until;

#[test]
fn both_versions_of_http_are_spoken_over_tls_that_the_written_ca_vouches_for() {
    let machine = ServerMachine::new();
    let server = machine.start(&[]);
    assert_eq!(server.ca_file(), machine.path("data/tls/ca.pem"));
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let answer = ask(server.address(), server.ca_file(), version, get("/healthz"));
        assert_eq!((answer.status, answer.version), (StatusCode::OK, version));
        let answer = ask(server.address(), server.ca_file(), version, get("/readyz"));
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "ready\n"));
    }
}

#[test]
fn a_client_with_another_ca_or_another_name_in_mind_is_not_fooled() {
    let machine = ServerMachine::new();
    let other = ServerMachine::new();
    let server = machine.start(&["--public-name", "registry.example.com"]);
    let strange = other.start(&[]).ca_file().to_path_buf();
    let connected = |ca: &Path, name: &str| wait(connect(server.address(), ca, name, Version::HTTP_11)).map(drop);
    assert!(connected(server.ca_file(), "localhost").is_ok());
    assert!(connected(server.ca_file(), "127.0.0.1").is_ok());
    assert!(connected(server.ca_file(), "registry.example.com").is_ok());
    assert!(connected(server.ca_file(), "other.example.com").unwrap_err().to_string().contains("not valid for name"));
    // The other server has stopped, and its files are still there.
    assert!(connected(&strange, "localhost").unwrap_err().to_string().contains("invalid peer certificate"));
}

#[test]
fn plain_http_to_the_port_of_tls_is_told_what_to_do() {
    let machine = ServerMachine::new();
    let server = machine.start(&[]);
    let answer = ask_plainly(server.address(), Version::HTTP_11, get("/healthz"));
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("use https://"), "{}", answer.text);
}

#[test]
fn a_second_start_keeps_the_ca_and_the_certificate_and_a_new_name_renews_the_certificate_alone() {
    let machine = ServerMachine::new();
    let files = ["ca.pem", "ca.key", "server.pem", "server.key"];
    let read = || files.map(|file| fs::read(machine.path("data/tls").join(file)).unwrap());
    drop(machine.start(&[]));
    let first = read();
    drop(machine.start(&[]));
    assert_eq!(read(), first);
    let server = machine.start(&["--public-name", "new.example.com"]);
    let third = read();
    assert_eq!(third[..2], first[..2]);
    assert_ne!(third[2], first[2]);
    assert!(wait(connect(server.address(), server.ca_file(), "new.example.com", Version::HTTP_2)).is_ok());
}

#[cfg(unix)]
#[test]
fn keys_and_the_ready_file_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let machine = ServerMachine::new();
    let _server = machine.start(&[]);
    let mode = |file: &str| fs::metadata(machine.path(file)).unwrap().permissions().mode() & 0o777;
    for file in ["data/tls/ca.key", "data/tls/server.key", "ready.json"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    assert_eq!(mode("data"), 0o700);
}

/// A CA of one's own, and certificates of it for `localhost`.
struct Corporate {
    machine: ServerMachine,
    issuer: Issuer<'static, KeyPair>,
}

impl Corporate {
    fn new() -> Self {
        let machine = ServerMachine::new();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        fs::write(machine.path("root.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { machine, issuer: Issuer::new(params, key) }
    }

    /// Puts a new certificate in place of the old one; answers it as it is sent.
    fn renew(&self) -> Vec<u8> {
        self.renew_until(date_time_ymd(4000, 1, 1))
    }

    fn renew_until(&self, end: OffsetDateTime) -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_after = end;
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        fs::write(self.machine.path("site.key"), key.serialize_pem()).unwrap();
        fs::write(self.machine.path("site.pem"), certificate.pem()).unwrap();
        certificate.der().to_vec()
    }
}

#[cfg(unix)]
#[test]
fn a_certificate_from_files_is_exchanged_without_a_restart_and_a_broken_one_is_not_taken() {
    let corporate = Corporate::new();
    let first = corporate.renew();
    let root = corporate.machine.path("root.pem");
    let server = corporate.machine.start(&["--tls-cert", "site.pem", "--tls-key", "site.key"]);
    assert!(server.ready["ca_file"].is_null());
    let shown = || certificate_of(server.address(), &root);
    assert_eq!(shown(), first);

    fs::write(corporate.machine.path("site.pem"), "-----BEGIN CERTIFICATE-----\nrubbish\n").unwrap();
    server.signal("HUP");
    let line = server.logs("the new certificate cannot be used");
    assert!(line.contains("ERROR") && line.contains("site.pem"), "{line}");
    assert_eq!(shown(), first);

    let second = corporate.renew();
    server.signal("HUP");
    server.logs("a new certificate is in use");
    until("the new certificate", || (shown() == second).then_some(()));
}

#[test]
fn files_of_tls_that_cannot_be_used_keep_the_server_from_starting() {
    let corporate = Corporate::new();
    corporate.renew();
    fs::copy(corporate.machine.path("site.key"), corporate.machine.path("first.key")).unwrap();
    corporate.renew();
    for (cert, key, fault) in [
        ("site.pem", "first.key", "is not the private key of the first certificate in"),
        ("site.key", "site.key", "there is no certificate in it"),
        ("site.pem", "site.pem", "there is no private key in it"),
        ("none.pem", "site.key", "none.pem cannot be read"),
    ] {
        for check in [&[][..], &["--check"]] {
            let mut arguments = vec!["--data", "data", "--tls-cert", cert, "--tls-key", key, "--listen", "127.0.0.1:0"];
            arguments.extend(check);
            let output = corporate.machine.command(&arguments).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains("--tls-cert: ") && said.contains(fault), "{cert} {key}: {said}");
        }
    }
}

#[test]
fn a_check_finds_that_the_certificate_has_ended() {
    let corporate = Corporate::new();
    let check = || {
        let arguments = ["--data", "data", "--tls-cert", "site.pem", "--tls-key", "site.key", "--check"];
        Ran::from(corporate.machine.command(&arguments).output().unwrap())
    };
    corporate.renew_until(date_time_ymd(2020, 1, 1));
    let ran = check().exits(2).says("--tls-cert: ");
    ran.says("site.pem: the certificate has ended at 2020-01-01T00:00:00.000Z; put a new one in its place");
    corporate.renew();
    check().exits(0);
}

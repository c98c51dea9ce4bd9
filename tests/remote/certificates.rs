use std::path::PathBuf;

use axum::Router;
use packer_plugin_registry::backend::Backend as _;
use packer_plugin_registry::config::ServerAccess;

use super::{client_with, patience};
use crate::support::authority::Authority;
use crate::support::record::build;
use crate::support::socket_server::SocketServer;

/// A server with a certificate of `authority` for `name`, valid up to the year `until`.
fn server(authority: &Authority, name: &str, until: i32) -> SocketServer {
    SocketServer::start(None, Some(authority.acceptor(name, until)), Router::new())
}

/// What pushing a record to the server comes to.
fn push(server: &SocketServer, ca_file: Option<PathBuf>) -> Result<(), String> {
    let access = ServerAccess { ca_file, ..ServerAccess::default() };
    let url = format!("https://localhost:{}", server.address.port());
    let pushed = client_with(&url, access, patience()).ingest(&build(1, "amazon-ebs.east"));
    pushed.map(drop).map_err(|error| error.to_string())
}

#[test]
fn a_server_whose_ca_is_given_is_trusted() {
    let authority = Authority::new();
    assert_eq!(push(&server(&authority, "localhost", 2100), Some(authority.file())), Ok(()));
}

#[test]
fn each_fault_of_a_certificate_has_a_message_that_says_what_to_do() {
    let authority = Authority::new();
    let good = server(&authority, "localhost", 2100);
    for (server, ca_file, expected) in [
        (&good, None, "PACKER_REGISTRY_CA_FILE to the CA's certificate"),
        (&good, Some(Authority::new().file()), "PACKER_REGISTRY_CA_FILE"),
        (&server(&authority, "other.test", 2100), Some(authority.file()), "is for another name"),
        (&server(&authority, "localhost", 2021), Some(authority.file()), "has expired"),
    ] {
        let message = push(server, ca_file).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_ca_file_that_is_none_is_named() {
    let authority = Authority::new();
    let server = server(&authority, "localhost", 2100);
    let empty = tempfile::NamedTempFile::new().unwrap();
    for path in [PathBuf::from("/there/is/no/ca.pem"), empty.path().to_owned()] {
        let message = push(&server, Some(path.clone())).unwrap_err();
        assert!(message.starts_with(&format!("PACKER_REGISTRY_CA_FILE: {}", path.display())), "{message}");
    }
}

#[test]
fn a_server_without_tls_is_told_from_one_with_a_bad_certificate() {
    let server = SocketServer::open();
    let message = push(&server, Some(Authority::new().file())).unwrap_err();
    assert!(message.contains("does not speak TLS"), "{message}");
}

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use packer_plugin_registry::backend::Backend as _;
use packer_plugin_registry::config::ServerAccess;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

use super::{client_with, patience};
use crate::support::record::build;
use crate::support::socket_server::SocketServer;

/// A certificate authority, and the file that its certificate is in.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A server with a certificate for `name`, valid up to the year `until`.
    fn server(&self, name: &str, until: i32) -> SocketServer {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        SocketServer::start(None, Some(TlsAcceptor::from(Arc::new(config))), Router::new())
    }
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
    assert_eq!(push(&authority.server("localhost", 2100), Some(authority.file())), Ok(()));
}

#[test]
fn each_fault_of_a_certificate_has_a_message_that_says_what_to_do() {
    let authority = Authority::new();
    let good = authority.server("localhost", 2100);
    for (server, ca_file, expected) in [
        (&good, None, "PACKER_REGISTRY_CA_FILE to the CA's certificate"),
        (&good, Some(Authority::new().file()), "PACKER_REGISTRY_CA_FILE"),
        (&authority.server("other.test", 2100), Some(authority.file()), "is for another name"),
        (&authority.server("localhost", 2021), Some(authority.file()), "has expired"),
    ] {
        let message = push(server, ca_file).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_ca_file_that_is_none_is_named() {
    let authority = Authority::new();
    let server = authority.server("localhost", 2100);
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

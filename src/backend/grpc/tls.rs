//! Whom a client trusts.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// Certificates that a CA file may hold.
const MAX_CERTIFICATES: usize = 1_000;

/// What a client of TLS trusts: the certificates in `ca_file` and no others, or without one, those of the system.
///
/// There is no list of authorities in this program to fall back on: it would grow old, and a registry within a company
/// is rarely signed by one of them.
pub(in crate::backend) fn roots(ca_file: Option<&Path>) -> Result<Arc<RootCertStore>, String> {
    let roots = match ca_file {
        Some(path) => of_file(path)?,
        None => of_system()?,
    };
    Ok(Arc::new(roots))
}

/// How TLS is spoken with what `roots` vouch for; `protocol` is the one that is asked for by ALPN.
pub(in crate::backend) fn client_config(
    roots: Arc<RootCertStore>,
    protocol: &[u8],
) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    Ok(Arc::new(config))
}

fn of_file(path: &Path) -> Result<RootCertStore, String> {
    let fault = |cause: String| format!("PACKER_REGISTRY_CA_FILE: {}: {cause}", path.display());
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| fault(error.to_string()))?;
    for certificate in certificates.take(MAX_CERTIFICATES) {
        let certificate = certificate.map_err(|error| fault(error.to_string()))?;
        roots.add(certificate).map_err(|error| fault(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(fault(
            "it holds no certificate; it must be the CA's, in PEM (-----BEGIN CERTIFICATE-----)".to_owned(),
        ));
    }
    Ok(roots)
}

fn of_system() -> Result<RootCertStore, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // A system's collection may hold some that are malformed; those that are not count.
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok(roots);
    }
    let cause = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
    Err(format!(
        "this machine knows no certificate authorities{cause}; install its package ca-certificates, or set \
         PACKER_REGISTRY_CA_FILE to the certificate of the server's CA"
    ))
}

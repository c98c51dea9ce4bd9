use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};

use super::TlsError;

/// The most bytes that a file with certificates or a key may have.
const MAX_SIZE: u64 = 1 << 20;

/// The certificate in `cert` with those that lead to its CA, and its private key in `key`.
pub(super) fn read(cert: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let chain = certificates(cert)?;
    let private = private_key(key)?;
    CertifiedKey::from_der(chain, private, &rustls::crypto::ring::default_provider()).map_err(|error| match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => TlsError::new(format!(
            "{} is not the private key of the first certificate in {}; the server's own certificate has to come first",
            key.display(),
            cert.display()
        )),
        Error::InvalidCertificate(_) => TlsError::at(cert, "the first certificate cannot be read"),
        other => TlsError::at(key, format!("the private key cannot be used: {other}")),
    })
}

/// The certificates in a PEM file, of which there is at least one.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = bytes(path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(TlsError::at(path, "there is no certificate in it; it has to be PEM")),
        Ok(chain) => Ok(chain),
        Err(error) => Err(TlsError::at(path, format!("no valid PEM: {error}"))),
    }
}

/// The private key in a PEM file.
fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let text = bytes(path)?;
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        PemError::NoItemsFound => TlsError::at(
            path,
            "there is no private key in it that can be read; it has to be PEM, and not encrypted with a password",
        ),
        other => TlsError::at(path, format!("no valid PEM: {other}")),
    })
}

/// The text of a PEM file that we have written.
pub(super) fn text(path: &Path) -> Result<String, TlsError> {
    String::from_utf8(bytes(path)?).map_err(|_| TlsError::at(path, "no valid PEM: it is not text"))
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut bytes));
    read.map_err(|error| TlsError::at(path, format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(TlsError::at(path, "is larger than 1 MiB; it is probably another file"));
    }
    Ok(bytes)
}

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::TlsError;

/// The folder of the local CA: `DATA/tls`.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The certificate of the CA, which clients are given.
    pub(super) ca_cert: PathBuf,
    /// The private key of the CA.
    pub(super) ca_key: PathBuf,
    /// The certificate of the server.
    pub(super) server_cert: PathBuf,
    /// The private key of the server.
    pub(super) server_key: PathBuf,
}

impl Folder {
    pub(super) fn in_data(data: &Path) -> Self {
        let path = data.join("tls");
        let file = |name: &str| path.join(name);
        Self {
            ca_cert: file("ca.pem"),
            ca_key: file("ca.key"),
            server_cert: file("server.pem"),
            server_key: file("server.key"),
            path,
        }
    }

    /// Creates the folder, and keeps other servers from changing what is in it until the answer is dropped.
    pub(super) fn lock(&self) -> Result<File, TlsError> {
        crate::server::create_private_folder(&self.path).map_err(|error| TlsError::at(&self.path, error))?;
        let path = self.path.join("lock");
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let file = file.map_err(|error| TlsError::at(&path, error))?;
        file.lock().map_err(|error| TlsError::at(&path, format!("cannot be locked: {error}")))?;
        Ok(file)
    }
}

use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::private_file::{try_private_file, write_private_file};
use crate::model::Credentials;

/// The file below the data folder.
const FILE: &str = "owner.json";

/// More bytes than the file has.
const SIZE: usize = 1024;

/// The owner that the first start of a server makes.
#[derive(Debug)]
pub struct FirstOwner {
    /// What nobody can be told again.
    pub credentials: Credentials,
    /// Where it was left.
    pub file: PathBuf,
    /// Why it could not be left there, although that had been tried: then it has to be noted at once.
    pub trouble: Option<io::Error>,
}

impl FirstOwner {
    /// Finds out whether credentials could be left in the data folder. Where they cannot, nobody may be made owner: who starts
    /// a server may not see what it prints, and the secret is not told again.
    ///
    /// # Errors
    /// The file, and what the system says.
    pub(super) fn try_to_leave(data: &Path) -> Result<(), (PathBuf, io::Error)> {
        let file = data.join(FILE);
        try_private_file(&file, SIZE).map_err(|error| (file, error))
    }

    /// Leaves the credentials in the data folder, where only the user of the server can read them.
    pub(super) fn leave(credentials: Credentials, data: &Path) -> Self {
        let file = data.join(FILE);
        let (id, secret) = (&credentials.principal.client_id, credentials.client_secret.expose());
        let text = json!({ "client_id": id, "client_secret": secret });
        let trouble = write_private_file(&file, format!("{text:#}\n").as_bytes()).err();
        if let Some(error) = &trouble {
            tracing::error!(
                "the secret of the owner, who was just made, cannot be left in {}: {error}; only stdout shows it",
                file.display()
            );
        }
        Self { credentials, file, trouble }
    }
}

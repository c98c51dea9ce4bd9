use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::write_private_file;
use crate::model::Credentials;

/// The file below the data folder.
const FILE: &str = "owner.json";

/// The owner that the first start of a server makes.
#[derive(Debug)]
pub struct FirstOwner {
    /// What nobody can be told again.
    pub credentials: Credentials,
    /// Where it was left.
    pub file: PathBuf,
    /// Why it could not be left there: then it has to be noted at once.
    pub trouble: Option<io::Error>,
}

impl FirstOwner {
    /// Leaves the credentials in the data folder, where only the user of the server can read them.
    pub(super) fn leave(credentials: Credentials, data: &Path) -> Self {
        let file = data.join(FILE);
        let (id, secret) = (&credentials.principal.client_id, credentials.client_secret.expose());
        let text = json!({ "client_id": id, "client_secret": secret });
        let trouble = write_private_file(&file, format!("{text:#}\n").as_bytes()).err();
        Self { credentials, file, trouble }
    }
}

use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::write_private_file;
use crate::model::Credentials;

/// The file below the data folder.
const FILE: &str = "owner.json";

/// Where the credentials of the owner are left at the first start.
pub(super) fn path(data: &Path) -> PathBuf {
    data.join(FILE)
}

/// Writes them where only the user of the server can read them.
pub(super) fn write(path: &Path, credentials: &Credentials) -> io::Result<()> {
    let (id, secret) = (&credentials.principal.client_id, credentials.client_secret.expose());
    let text = json!({ "client_id": id, "client_secret": secret });
    write_private_file(path, format!("{text:#}\n").as_bytes())
}

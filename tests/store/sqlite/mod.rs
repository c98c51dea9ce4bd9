//! What only the SQLite engine has to show: files, and processes that share one.

mod crash;
mod opening;
mod processes;
mod threads;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::backend::EmbeddedBackend;
use packer_plugin_registry::model::SystemClock;
use packer_plugin_registry::registry::store::{OpenMode, Patience, SqliteStore};

use super::registry::{NOON, Registry};

/// A registry in a new file.
pub(super) fn fresh() -> Registry<SqliteStore> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let handle = || {
        let patience = Patience::new(Duration::from_secs(30), || false);
        SqliteStore::open(path.clone(), OpenMode::Create(NOON), patience).unwrap()
    };
    Registry::new([handle(), handle()], folder)
}

/// What a plugin process opens.
fn backend(path: &Path) -> EmbeddedBackend {
    EmbeddedBackend::new(path.to_owned(), Arc::new(SystemClock), Caller::local("ada"), || false)
}

//! What only the PostgreSQL engine has to show: several servers on one database, and a database that goes away.

mod crash;
pub(crate) mod database;
mod lineage;
mod opening;
mod retries;
mod writers;

use std::sync::Arc;
use std::time::Duration;

use packer_plugin_registry::model::SettableClock;
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, PostgresStore, StoreError};

use self::database::Database;
use super::block_on;
use super::registry::{NOON, Registry};

/// Connections of each store: fewer than the writers of the tests, so that some wait for one.
const CONNECTIONS: usize = 4;

/// A registry in a new database.
pub(super) fn fresh() -> Registry<PostgresStore> {
    let database = Database::with_registry();
    let handle = || connect(&database.url).unwrap();
    Registry::new([handle(), handle()], database)
}

/// A server's registry on the database at `url`.
pub(crate) fn service(url: &str) -> Service<PostgresStore> {
    Service::new(connect(url).unwrap(), Arc::new(SettableClock::at(NOON)))
}

/// What a server opens.
fn connect(url: &str) -> Result<PostgresStore, StoreError> {
    connect_in(url, OpenMode::Create(NOON))
}

fn connect_in(url: &str, mode: OpenMode) -> Result<PostgresStore, StoreError> {
    let patience = Patience::new(Duration::from_secs(30), || false);
    block_on(PostgresStore::connect(url, CONNECTIONS, mode, patience))
}

use std::time::Duration;

use crate::config::server::Database;
use crate::registry::RegistryError;
use crate::registry::store::{AnyStore, OpenMode, Patience, PostgresStore, SqliteStore};

/// How long an operation waits while other processes write into the same file.
const PATIENCE: Duration = Duration::from_secs(20);

/// Connections to PostgreSQL: what one server can keep busy, and a tenth of what PostgreSQL allows by default.
const CONNECTIONS: usize = 16;

/// Opens a database, and brings its schema to this version if need be. Called within a runtime.
///
/// # Errors
/// [`RegistryError::Store`] where it cannot be opened, or is not there and may not be created.
pub async fn open_store(database: &Database, mode: OpenMode) -> Result<AnyStore, RegistryError> {
    let patience = Patience::new(PATIENCE, || false);
    let store = match database {
        Database::Sqlite(path) => SqliteStore::open(path.clone(), mode, patience).map(AnyStore::Sqlite),
        Database::Postgres(url) => {
            PostgresStore::connect(url.expose(), CONNECTIONS, mode, patience).await.map(AnyStore::Postgres)
        }
    };
    Ok(store?)
}

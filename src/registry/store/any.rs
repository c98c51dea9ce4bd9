use super::catalog::{self, Catalog};
use super::{Migrated, Op, PostgresStore, SqliteStore, Store, StoreError};
use crate::registry::RegistryError;

/// A registry on the engine that was chosen when the program began.
#[expect(clippy::large_enum_variant, reason = "a process has one")]
pub enum AnyStore {
    /// In a SQLite file.
    Sqlite(SqliteStore),
    /// In a PostgreSQL database.
    Postgres(PostgresStore),
}

impl AnyStore {
    /// What opening it did to the schema.
    pub fn migrated(&self) -> Migrated {
        match self {
            Self::Sqlite(store) => store.migrated(),
            Self::Postgres(store) => store.migrated(),
        }
    }

    /// What the engine knows of the schema.
    pub(in crate::registry) fn catalog(&self) -> &'static Catalog {
        match self {
            Self::Sqlite(_) => &catalog::SQLITE,
            Self::Postgres(_) => &catalog::POSTGRES,
        }
    }
}

impl Store for AnyStore {
    fn default_project(&self) -> &str {
        match self {
            Self::Sqlite(store) => store.default_project(),
            Self::Postgres(store) => store.default_project(),
        }
    }

    fn unwritable(&self) -> Option<StoreError> {
        match self {
            Self::Sqlite(store) => store.unwritable(),
            Self::Postgres(store) => store.unwritable(),
        }
    }

    async fn execute<O: Op>(&self, op: O) -> Result<O::Out, RegistryError> {
        match self {
            Self::Sqlite(store) => store.execute(op).await,
            // Kilobytes that whoever uses SQLite would move around with each call.
            Self::Postgres(store) => Box::pin(store.execute(op)).await,
        }
    }
}

use super::{Op, PostgresStore, SqliteStore, Store};
use crate::registry::RegistryError;

/// A registry on the engine that was chosen when the program began.
#[expect(clippy::large_enum_variant, reason = "a process has one")]
pub enum AnyStore {
    /// In a SQLite file.
    Sqlite(SqliteStore),
    /// In a PostgreSQL database.
    Postgres(PostgresStore),
}

impl Store for AnyStore {
    fn default_project(&self) -> &str {
        match self {
            Self::Sqlite(store) => store.default_project(),
            Self::Postgres(store) => store.default_project(),
        }
    }

    async fn execute<O: Op>(&self, op: O) -> Result<O::Out, RegistryError> {
        match self {
            Self::Sqlite(store) => store.execute(op).await,
            Self::Postgres(store) => store.execute(op).await,
        }
    }
}

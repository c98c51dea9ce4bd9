//! PostgreSQL: a pool of connections, which any number of servers have to one database.
//!
//! Operations that write run at READ COMMITTED, and begin by taking their bucket's row: whatever they read afterwards,
//! they read as the one before them committed it. Unique constraints and triggers guard besides. Operations that read
//! run on one snapshot.

mod fault;
mod schema;
mod tls;
mod tx;
mod url;
mod value;

use std::fmt;
use std::time::{Duration, Instant};

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use uuid::Uuid;

use self::tx::PostgresTx;
use self::url::Address;
use super::writability::Writability;
use super::{Fault, Migrated, Op, OpenMode, Patience, Store, StoreError, migrations};
use crate::registry::RegistryError;

/// How long to wait for a connection that is being made.
const CONNECT: Duration = Duration::from_secs(10);

/// What each connection is told first. Without limits, a server that lost its network would keep a bucket locked.
const SETTINGS: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'";

/// Attempts of an operation that others got in the way of.
const ATTEMPTS: u32 = 20;

/// Attempts of an operation whose connection was lost: those that a restart of the database cut are noticed one by one.
const ATTEMPTS_TO_REACH: u32 = 3;

/// The longest pause before the second attempt, which doubles with each.
const PAUSE: Duration = Duration::from_millis(4);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// A registry in a PostgreSQL database.
pub struct PostgresStore {
    place: String,
    default_project: String,
    migrated: Migrated,
    patience: Patience,
    pool: Pool,
    writability: Writability,
}

impl PostgresStore {
    /// Connects to the database at `url`, which is libpq's `postgres://…`; creates or migrates the registry if need be.
    ///
    /// It makes `connections` at most. It needs a Tokio runtime, then and in every call.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be reached or used; [`Fault::Absent`] where `mode` does not let it be created.
    /// The password is in none of them.
    pub async fn connect(
        url: &str,
        connections: usize,
        mode: OpenMode,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        let Address { config, tls, place } = Address::parse(url)?;
        let at = |error: StoreError| error.at_server(&place);
        let manager = Manager::from_config(config, tls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(patience.limit()))
            .create_timeout(Some(CONNECT))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move { client.batch_execute(SETTINGS).await.map_err(HookError::Backend) })
            }))
            .build()
            .map_err(|error| at(StoreError::new(Fault::Internal(error.to_string()))))?;
        let mut client = pool.get().await.map_err(|error| at(error.into()))?;
        let found = schema::prepare(&mut client, mode).await.map_err(at)?;
        let migrated = Migrated::from(found, migrations::POSTGRES);
        let default_project = schema::default_project(&client).await.map_err(at)?;
        drop(client);
        Ok(Self { place, default_project, migrated, patience, pool, writability: Writability::default() })
    }

    pub(super) fn migrated(&self) -> Migrated {
        self.migrated
    }

    async fn with_retries<O: Op>(&self, op: &O) -> Result<O::Out, RegistryError> {
        let since = Instant::now();
        let mut attempt = 1;
        loop {
            match self.attempt(op).await {
                Err(RegistryError::Store(error)) if self.goes_on(error.fault(), attempt, since) => {
                    tokio::time::sleep(pause(attempt)).await;
                    attempt += 1;
                }
                Err(RegistryError::Store(error)) => return Err(error.at_server(&self.place).into()),
                result => return result,
            }
        }
    }

    async fn attempt<O: Op>(&self, op: &O) -> Result<O::Out, RegistryError> {
        let client = self.pool.get().await.map_err(StoreError::from)?;
        let mut tx = PostgresTx::of::<O>(&client);
        let out = op.run(&mut tx).await?;
        tx.commit().await?;
        Ok(out)
    }

    /// Whether an operation that failed with `fault` is worth another attempt after this one.
    fn goes_on(&self, fault: &Fault, attempt: u32, since: Instant) -> bool {
        let attempts = match fault {
            Fault::Conflict(_) => ATTEMPTS,
            Fault::Unreachable(_) => ATTEMPTS_TO_REACH,
            _ => 1,
        };
        attempt < attempts && self.patience.check(since).is_ok()
    }
}

impl Store for PostgresStore {
    fn default_project(&self) -> &str {
        &self.default_project
    }

    async fn execute<O: Op>(&self, op: O) -> Result<O::Out, RegistryError> {
        let result = self.with_retries(&op).await;
        if O::WRITES {
            self.writability.note(&result);
        }
        result
    }

    fn unwritable(&self) -> Option<StoreError> {
        self.writability.obstacle()
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresStore").field(&self.place).finish()
    }
}

/// How long to pause after the attempt with this number: at random, so that those who met do not meet again.
fn pause(attempt: u32) -> Duration {
    let longest = PAUSE.saturating_mul(1 << attempt.min(16)).min(LONGEST_PAUSE);
    let [byte, ..] = *Uuid::new_v4().as_bytes();
    longest.mul_f64(f64::from(byte) / f64::from(u8::MAX))
}

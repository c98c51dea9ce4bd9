use std::borrow::Cow;

use deadpool_postgres::ClientWrapper;
use futures::FutureExt;
use futures::future::join;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Statement};

use super::value::cell;
use crate::registry::store::groups::Groups;
use crate::registry::store::{Fault, Op, Row, StoreError, Tx, Value};

/// It does not ask to write: a database that may only be read then says so at the first statement that would.
const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Lifts, to the end of a transaction, what administrators set for roles or databases so that no request takes long. Not
/// every version of PostgreSQL has all of these.
pub(super) const WITHOUT_LIMITS: &str = "SELECT set_config(name, '0', true) FROM pg_catalog.pg_settings
    WHERE name IN ('statement_timeout', 'transaction_timeout')";

/// A transaction, rolled back unless it is committed. It begins with its first statement, in the same round trip.
pub(super) struct PostgresTx<'c> {
    client: &'c ClientWrapper,
    writes: bool,
    one_statement: bool,
    takes_long: bool,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    /// A statement failed: PostgreSQL runs no other one before the transaction ends.
    Failed,
    Over,
}

impl<'c> PostgresTx<'c> {
    pub(super) fn of<O: Op>(client: &'c ClientWrapper) -> Self {
        Self {
            client,
            writes: O::WRITES,
            one_statement: O::ONE_STATEMENT,
            takes_long: O::TAKES_LONG,
            state: State::New,
        }
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        match std::mem::replace(&mut self.state, State::Over) {
            State::New | State::Over => Ok(()),
            State::Failed => {
                self.state = State::Failed;
                Err(StoreError::new(Fault::Internal("an operation went on after a failed statement".to_owned())))
            }
            State::Open if self.writes => self.client.batch_execute("COMMIT").await.map_err(uncertain),
            State::Open => {
                self.send("COMMIT");
                Ok(())
            }
        }
    }

    /// Sends a statement whose answer is of no interest; a later one waits for it.
    fn send(&self, statement: &str) {
        let _ = self.client.batch_execute(statement).now_or_never();
    }

    async fn prepared(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        let prepared = self.client.prepare_cached(sql).await;
        self.note(prepared)
    }

    /// Waits for a statement, in the transaction.
    async fn run<T>(&mut self, statement: impl Future<Output = Result<T, Error>>) -> Result<T, StoreError> {
        let result = if self.state == State::New && !self.one_statement {
            self.state = State::Open;
            let begin = if self.writes { WRITE } else { READ };
            let begin: Cow<'_, str> =
                if self.takes_long { format!("{begin}; {WITHOUT_LIMITS}").into() } else { begin.into() };
            // Both are sent before either is waited for.
            let (begun, result) = join(self.client.batch_execute(&begin), statement).await;
            begun.and(result)
        } else {
            statement.await
        };
        self.note(result)
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, StoreError> {
        if result.is_err() && self.state == State::Open {
            self.state = State::Failed;
        }
        Ok(result?)
    }
}

impl Drop for PostgresTx<'_> {
    fn drop(&mut self) {
        if matches!(self.state, State::Open | State::Failed) {
            self.send("ROLLBACK");
        }
    }
}

impl Tx for PostgresTx<'_> {
    async fn grouped_rows(
        &mut self,
        sql: &'static str,
        values: &[Value],
        groups: &'static [usize],
    ) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql).await?;
        let mut groups = Groups::new(groups, statement.columns().len());
        let (client, values) = (self.client, parameters(values));
        let rows = self.run(client.query(&statement, &values)).await?;
        rows.iter().map(|row| groups.row(|column| cell(row, column))).collect()
    }

    async fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<usize, StoreError> {
        let statement = self.prepared(sql).await?;
        let (client, values) = (self.client, parameters(values));
        let changed = self.run(client.execute(&statement, &values)).await?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// A connection that was lost while it committed leaves open whether it did.
fn uncertain(error: Error) -> StoreError {
    let error = StoreError::from(error);
    match error.fault() {
        Fault::Unreachable(cause) => StoreError::new(Fault::Uncertain(cause.clone())),
        _ => error,
    }
}

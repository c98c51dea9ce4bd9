use std::sync::{Arc, Mutex};

use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::{Op, Row, Store, StoreError, Tx, Value};

/// A statement with its values.
#[derive(Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) sql: &'static str,
    pub(crate) values: Vec<Value>,
}

impl Statement {
    /// Whether it changes something.
    pub(crate) fn writes(&self) -> bool {
        !self.sql.starts_with("SELECT")
    }
}

/// A store that remembers the statements of its operations, one list for each.
pub(crate) struct Recorder<S> {
    store: S,
    operations: Arc<Mutex<Vec<Vec<Statement>>>>,
}

impl<S: Store> Recorder<S> {
    pub(crate) fn new(store: S) -> (Self, Arc<Mutex<Vec<Vec<Statement>>>>) {
        let operations = Arc::default();
        (Self { store, operations: Arc::clone(&operations) }, operations)
    }
}

impl<S: Store> Store for Recorder<S> {
    fn default_project(&self) -> &str {
        self.store.default_project()
    }

    async fn execute<O: Op>(&self, op: O) -> Result<O::Out, RegistryError> {
        let (out, statements) = self.store.execute(Recorded(op)).await?;
        self.operations.lock().expect("nobody panics").push(statements);
        Ok(out)
    }
}

/// An operation that answers with its statements, too.
struct Recorded<O>(O);

impl<O: Op> Op for Recorded<O> {
    type Out = (O::Out, Vec<Statement>);
    const WRITES: bool = O::WRITES;
    const ONE_STATEMENT: bool = O::ONE_STATEMENT;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let mut tx = RecordingTx { tx, statements: Vec::new() };
        let out = self.0.run(&mut tx).await?;
        Ok((out, tx.statements))
    }
}

struct RecordingTx<'t, T> {
    tx: &'t mut T,
    statements: Vec<Statement>,
}

impl<T> RecordingTx<'_, T> {
    fn note(&mut self, sql: &'static str, values: &[Value]) {
        self.statements.push(Statement { sql, values: values.to_vec() });
    }
}

impl<T: Tx> Tx for RecordingTx<'_, T> {
    async fn grouped_rows(
        &mut self,
        sql: &'static str,
        values: &[Value],
        groups: &'static [usize],
    ) -> Result<Vec<Row>, StoreError> {
        self.note(sql, values);
        self.tx.grouped_rows(sql, values, groups).await
    }

    async fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<usize, StoreError> {
        self.note(sql, values);
        self.tx.exec(sql, values).await
    }
}

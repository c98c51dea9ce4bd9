use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

use rusqlite::Connection;

use super::open::Connections;
use super::tx::{self, Transaction};
use crate::registry::RegistryError;
use crate::registry::store::{Fault, Op, StoreError};

/// Connections that read at once: more than the processors that serve a small registry only cost memory.
const MOST: usize = 4;

/// Connections that only read, opened as they are needed.
///
/// Reading never waits for those who write, and takes microseconds: it runs on the thread that asks.
#[derive(Default)]
pub(super) struct Readers {
    pool: Mutex<Pool>,
    freed: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    open: usize,
}

impl Readers {
    /// Runs `op` on a connection of its own.
    pub(super) fn read<O: Op>(&self, connections: &Connections, op: &O) -> Result<O::Out, RegistryError> {
        let mut reader = self.take(connections)?;
        let since = Instant::now();
        loop {
            match attempt(&mut reader, op) {
                Err(RegistryError::Store(error)) if *error.fault() == Fault::Busy => {
                    connections.patience().check(since)?;
                }
                result => return result,
            }
        }
    }

    /// A connection that nobody uses; waits where all are in use.
    fn take(&self, connections: &Connections) -> Result<Reader<'_>, StoreError> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = pool.idle.pop() {
                return Ok(Reader { readers: self, connection: Some(connection) });
            }
            if pool.open < MOST {
                break;
            }
            pool = self.freed.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.open += 1;
        drop(pool);
        // From here on, dropping the reader gives its place back, whether it got a connection or not.
        let mut reader = Reader { readers: self, connection: None };
        reader.connection = Some(connections.reader()?);
        Ok(reader)
    }
}

fn attempt<O: Op>(connection: &mut Connection, op: &O) -> Result<O::Out, RegistryError> {
    if O::ONE_STATEMENT {
        return tx::run(op, connection);
    }
    let mut transaction = Transaction::begin(connection, "BEGIN")?;
    let out = tx::run(op, transaction.connection())?;
    transaction.commit()?;
    Ok(out)
}

/// A connection in use, which goes back when it is dropped.
struct Reader<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

const GONE: &str = "a reader has its connection until it is dropped";

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect(GONE)
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect(GONE)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) => pool.idle.push(connection),
            None => pool.open -= 1,
        }
        drop(pool);
        self.readers.freed.notify_one();
    }
}

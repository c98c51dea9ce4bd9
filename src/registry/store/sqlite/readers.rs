use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

use rusqlite::Connection;

use super::known::Known;
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
    idle: Vec<Connected>,
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
            if let Some(connected) = pool.idle.pop() {
                return Ok(Reader { readers: self, connected: Some(connected) });
            }
            if pool.open < MOST {
                break;
            }
            pool = self.freed.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.open += 1;
        drop(pool);
        // From here on, dropping the reader gives its place back, whether it got a connection or not.
        let mut reader = Reader { readers: self, connected: None };
        reader.connected = Some(Connected { connection: connections.reader()?, known: Known::default() });
        Ok(reader)
    }
}

fn attempt<O: Op>(Connected { connection, known }: &mut Connected, op: &O) -> Result<O::Out, RegistryError> {
    if O::ONE_STATEMENT {
        return tx::run_knowing(op, connection, known);
    }
    let mut transaction = Transaction::begin(connection, "BEGIN")?;
    let out = tx::run(op, transaction.connection())?;
    transaction.commit()?;
    Ok(out)
}

/// A connection, with what was read on it.
struct Connected {
    connection: Connection,
    known: Known,
}

/// A connection in use, which goes back when it is dropped.
struct Reader<'r> {
    readers: &'r Readers,
    connected: Option<Connected>,
}

const GONE: &str = "a reader has its connection until it is dropped";

impl Deref for Reader<'_> {
    type Target = Connected;

    fn deref(&self) -> &Connected {
        self.connected.as_ref().expect(GONE)
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Connected {
        self.connected.as_mut().expect(GONE)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connected.take() {
            Some(connected) => pool.idle.push(connected),
            None => pool.open -= 1,
        }
        drop(pool);
        self.readers.freed.notify_one();
    }
}

use std::future::Future;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use super::job::{Job, Waiting};
use super::open::Connections;
use super::tx::{self, Transaction};
use crate::registry::RegistryError;
use crate::registry::store::{Fault, Op, Patience, StoreError};

/// Operations that wait for the writer; beyond it, who asks is told to try again.
const QUEUE: usize = 1024;

/// Operations that are committed together.
const BATCH: usize = 128;

/// The thread that writes: it takes all operations that wait, runs each within a savepoint, commits them together, and
/// then answers. Those who write at once so share the wait for the disk.
pub(super) struct Writer {
    /// Taken to end the thread.
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connections: &Connections) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::sync_channel(QUEUE);
        let mut thread = WriterThread { connection: connections.writer()?, patience: connections.patience().clone() };
        let thread = thread::Builder::new()
            .name("registry-writer".to_owned())
            .spawn(move || thread.work(&waiting))
            .map_err(|error| StoreError::new(Fault::Io(error.to_string())))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Takes `op` in; answers what waits for its answer.
    pub(super) fn accept<O: Op>(
        &self,
        op: O,
    ) -> Result<impl Future<Output = Result<O::Out, RegistryError>> + Send + use<O>, StoreError> {
        let (job, answer) = Waiting::new(op);
        let queue = self.queue.as_ref().ok_or_else(ended)?;
        queue.try_send(Box::new(job)).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::new(Fault::Busy),
            TrySendError::Disconnected(_) => ended(),
        })?;
        Ok(answer)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panic was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn ended() -> StoreError {
    StoreError::new(Fault::Internal("the thread that writes has ended".to_owned()))
}

struct WriterThread {
    connection: Connection,
    patience: Patience,
}

/// What became of a batch.
enum Outcome {
    Committed,
    /// Others keep the file locked.
    Busy,
    /// The operation at this place brought the whole transaction down.
    BroughtDown(usize),
    Failed(StoreError),
}

impl WriterThread {
    fn work(&mut self, waiting: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = waiting.recv() {
            let batch = std::iter::once(first).chain(waiting.try_iter()).take(BATCH).collect();
            self.write(batch);
        }
    }

    /// Writes until all jobs of the batch have their answer.
    fn write(&mut self, mut batch: Vec<Box<dyn Job>>) {
        while !batch.is_empty() {
            match self.attempt(&mut batch) {
                Outcome::Committed => batch.drain(..).for_each(|job| job.answer()),
                Outcome::Busy => batch = self.those_with_patience(batch),
                // The others are tried again without it.
                Outcome::BroughtDown(position) => batch.remove(position).answer(),
                Outcome::Failed(error) => batch.drain(..).for_each(|job| job.fail(error.clone())),
            }
        }
    }

    fn attempt(&mut self, batch: &mut [Box<dyn Job>]) -> Outcome {
        self.try_attempt(batch).unwrap_or_else(|error| match error.fault() {
            Fault::Busy => Outcome::Busy,
            _ => Outcome::Failed(error),
        })
    }

    fn try_attempt(&mut self, batch: &mut [Box<dyn Job>]) -> Result<Outcome, StoreError> {
        // It takes the write lock at once: SQLite does not let a reader that wants to write wait for its turn.
        let mut transaction = Transaction::begin(&mut self.connection, "BEGIN IMMEDIATE")?;
        for (position, job) in batch.iter_mut().enumerate() {
            let connection = transaction.connection();
            tx::execute(connection, "SAVEPOINT operation")?;
            let keep = job.run(connection);
            if connection.is_autocommit() {
                // A full disk, say: SQLite has rolled everything back.
                return Ok(Outcome::BroughtDown(position));
            }
            if !keep {
                tx::execute(connection, "ROLLBACK TO operation")?;
            }
            tx::execute(connection, "RELEASE operation")?;
        }
        transaction.commit()?;
        Ok(Outcome::Committed)
    }

    /// Gives up on the jobs that have waited for long enough.
    fn those_with_patience(&self, batch: Vec<Box<dyn Job>>) -> Vec<Box<dyn Job>> {
        let mut patient = Vec::new();
        for job in batch {
            match self.patience.check(job.since()) {
                Ok(()) => patient.push(job),
                Err(error) => job.fail(error),
            }
        }
        patient
    }
}

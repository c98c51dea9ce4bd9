use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::thread;
use std::time::Instant;

use futures::channel::oneshot::{self, Sender};
use rusqlite::Connection;

use super::tx;
use crate::registry::RegistryError;
use crate::registry::store::{Fault, Op, StoreError};

/// An operation that waits to be written, whatever its type.
pub(super) trait Job: Send {
    /// Runs it in the transaction that is open, and notes its answer; tells whether to keep what it wrote.
    fn run(&mut self, connection: &mut Connection) -> bool;

    /// Sends the answer of the last run.
    fn answer(self: Box<Self>);

    /// Sends that it was not written.
    fn fail(self: Box<Self>, error: StoreError);

    /// Since when it waits.
    fn since(&self) -> Instant;
}

/// An answer, or the panic that came in its place.
type Answer<O> = thread::Result<Result<<O as Op>::Out, RegistryError>>;

/// An operation, and who waits for its answer.
pub(super) struct Waiting<O: Op> {
    op: O,
    since: Instant,
    answer: Option<Answer<O>>,
    reply: Sender<Answer<O>>,
}

impl<O: Op> Waiting<O> {
    /// `op`, and what waits for its answer.
    pub(super) fn new(op: O) -> (Self, impl Future<Output = Result<O::Out, RegistryError>> + Send + use<O>) {
        let (reply, answer) = oneshot::channel();
        let answer = async {
            match answer.await {
                Ok(Ok(result)) => result,
                Ok(Err(panicked)) => panic::resume_unwind(panicked),
                Err(_) => Err(unanswered().into()),
            }
        };
        (Self { op, since: Instant::now(), answer: None, reply }, answer)
    }
}

impl<O: Op> Job for Waiting<O> {
    fn run(&mut self, connection: &mut Connection) -> bool {
        // One operation that panics must not take those of others down with it.
        let answer = panic::catch_unwind(AssertUnwindSafe(|| tx::run(&self.op, connection)));
        let keep = matches!(answer, Ok(Ok(_)));
        self.answer = Some(answer);
        keep
    }

    fn answer(self: Box<Self>) {
        let Self { answer, reply, .. } = *self;
        // Who asked may be gone.
        let _ = reply.send(answer.unwrap_or_else(|| Ok(Err(unanswered().into()))));
    }

    fn fail(self: Box<Self>, error: StoreError) {
        let _ = self.reply.send(Ok(Err(error.into())));
    }

    fn since(&self) -> Instant {
        self.since
    }
}

fn unanswered() -> StoreError {
    StoreError::new(Fault::Internal("an operation was left without an answer".to_owned()))
}

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Fault, StoreError};

/// How long to wait for one's turn, and what ends the wait early.
#[derive(Clone)]
pub struct Patience {
    limit: Duration,
    cancel: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Patience {
    /// Waits for `limit` at most, and no longer than until `cancel` answers true.
    pub fn new(limit: Duration, cancel: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { limit, cancel: Arc::new(cancel) }
    }

    pub(super) fn start(&self) -> Wait<'_> {
        Wait { patience: self, since: Instant::now() }
    }

    /// Attempts until the answer is something other than [`Fault::Busy`], or patience ends.
    pub(super) fn attempt<T>(&self, mut attempt: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let wait = self.start();
        loop {
            match attempt() {
                Err(error) if *error.fault() == Fault::Busy => wait.check()?,
                result => return result,
            }
        }
    }
}

/// A wait that has begun.
pub(super) struct Wait<'p> {
    patience: &'p Patience,
    since: Instant,
}

impl Wait<'_> {
    /// Whether to go on waiting.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        if (self.patience.cancel)() {
            Err(StoreError::new(Fault::Cancelled))
        } else if self.since.elapsed() >= self.patience.limit {
            Err(StoreError::new(Fault::Busy))
        } else {
            Ok(())
        }
    }
}

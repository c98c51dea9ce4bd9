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

    /// How long to wait at most.
    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    /// Whether one who waits since `since` goes on waiting.
    pub(super) fn check(&self, since: Instant) -> Result<(), StoreError> {
        if (self.cancel)() {
            Err(StoreError::new(Fault::Cancelled))
        } else if since.elapsed() >= self.limit {
            Err(StoreError::new(Fault::Busy))
        } else {
            Ok(())
        }
    }

    /// Attempts until the answer is something other than [`Fault::Busy`], or patience ends.
    pub(super) fn attempt<T>(&self, mut attempt: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let since = Instant::now();
        loop {
            match attempt() {
                Err(error) if *error.fault() == Fault::Busy => self.check(since)?,
                result => return result,
            }
        }
    }
}

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;

/// When to look whether watched channels have moved.
pub trait Pulse: Send + Sync + 'static {
    /// Ends when it is worth to look again. Dropping the future loses nothing.
    fn next(&self) -> BoxFuture<'_, ()>;
}

/// Looks once per second. An engine that can tell when something changed may spare the queries.
#[derive(Clone, Copy, Debug, Default)]
pub struct EverySecond;

impl Pulse for EverySecond {
    fn next(&self) -> BoxFuture<'_, ()> {
        tokio::time::sleep(Duration::from_secs(1)).boxed()
    }
}

//! Tells when channels move.
//!
//! [`Watches`] looks at each watched channel once per [`Pulse`], whatever the number of those who watch it: one cheap
//! query by key. Where it has moved, each [`stream`] reads what it has not seen yet, as its own caller, so that nobody
//! is told what they may not read. What another server on the same database did is seen in the same way.

mod pulse;
mod stream;
mod watches;

pub use pulse::{EverySecond, Pulse};
pub use stream::HEARTBEAT;
pub(super) use stream::watch;
pub(super) use watches::Watches;
pub use watches::{MAX_WATCHED, MAX_WATCHERS};

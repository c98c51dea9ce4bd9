//! What is read: operations that write nothing, each in one transaction, so that what they answer fits together.

mod behind_channel;
mod bucket;
mod build;
mod channel;
mod iteration;
mod place;

pub(super) use behind_channel::BehindChannel;
pub(super) use bucket::{Buckets, OneBucket};
pub(super) use build::Page;
pub use channel::MAX_MOVES;
pub(super) use channel::{ChannelHistory, ChannelMoves, Channels, OneChannel};
pub(super) use iteration::{Iterations, IterationsPage, OneIteration};
pub(super) use place::FindPlace;
pub use place::Place;

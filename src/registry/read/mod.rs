//! What is read: operations that write nothing, each in one transaction, so that what they answer fits together.

mod ancestry;
mod behind_channel;
mod bucket;
mod build;
mod channel;
mod descendants;
mod iteration;
mod located;
mod place;
mod recordable;
mod search;

pub(super) use ancestry::Ancestry;
pub(super) use behind_channel::BehindChannel;
pub(super) use bucket::{Buckets, OneBucket};
pub(super) use build::{Page, one_build};
pub use channel::MAX_MOVES;
pub(super) use channel::{ChannelHistory, ChannelMoves, ChannelWithIteration, Channels, OneChannel};
pub(super) use descendants::Descendants;
pub(super) use iteration::{
    GovernedIteration, IterationWithBuild, Iterations, IterationsPage, OneIteration, SeveralIterations,
};
pub(super) use located::{LocateBuild, LocateIteration};
pub use place::Place;
pub(super) use place::{FindPlace, TryToWrite};
pub(super) use recordable::CheckRecordable;
pub use search::MAX_FOUND;
pub(super) use search::Search;

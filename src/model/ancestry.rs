use std::fmt;

use super::{BucketName, ChannelName, Fingerprint, IterationId, IterationSelector};

/// Which relations of a bucket are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AncestryQuery {
    /// Only those to what it was built from, or only those to what was built from it.
    pub side: Option<AncestrySide>,
    /// Those of this iteration; otherwise what its newest iteration in force was built from, and what was built from any
    /// of its iterations.
    pub iteration: Option<IterationSelector>,
    /// Of what was built from it, only what was found by this channel.
    pub channel: Option<ChannelName>,
}

/// A direction to look in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AncestrySide {
    /// Towards what it was built from.
    Parents,
    /// Towards what was built from it.
    Children,
}

/// That one iteration was built from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// What it was built from.
    pub parent: Relative,
    /// The channel that the parent was found by, where it was, and is still there for the caller to see.
    pub channel: Option<ChannelName>,
    /// What that channel points at by now.
    pub channel_points_at: Option<Relative>,
    /// What was built: the newest iteration in force of its bucket.
    pub child: Relative,
    /// Whether it should be built again.
    pub status: AncestryStatus,
}

/// One end of a [`Relation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relative {
    /// Its bucket.
    pub bucket: BucketName,
    /// Its id.
    pub id: IterationId,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Its number.
    pub version: Option<u32>,
}

/// Whether what was built from an iteration is still built from the one that it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AncestryStatus {
    /// Nobody can tell: the parent was not found by a channel, or the channel is gone.
    Undetermined,
    /// The channel still points at the parent.
    UpToDate,
    /// The channel has moved on.
    OutOfDate,
}

impl AncestryStatus {
    /// That of several relations: it takes only one that is out of date. `None` of none.
    pub fn of_all(relations: &[Relation]) -> Option<Self> {
        relations.iter().map(|relation| relation.status).max()
    }
}

impl fmt::Display for AncestryStatus {
    /// The word for people and scripts: `undetermined`, `up_to_date`, `out_of_date`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Undetermined => "undetermined",
            Self::UpToDate => "up_to_date",
            Self::OutOfDate => "out_of_date",
        })
    }
}

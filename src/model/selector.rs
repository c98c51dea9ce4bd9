use std::fmt;

use super::{ChannelName, Fingerprint, IterationId};

/// One way to name an iteration within a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IterationSelector {
    /// What a channel points at.
    Channel(ChannelName),
    /// By fingerprint, complete or not.
    Fingerprint(Fingerprint),
    /// By version number; only complete iterations have one.
    Version(u32),
    /// By id.
    Id(IterationId),
}

impl fmt::Display for IterationSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(name) => write!(f, "channel {name}"),
            Self::Fingerprint(fingerprint) => write!(f, "fingerprint {fingerprint}"),
            Self::Version(number) => write!(f, "version v{number}"),
            Self::Id(id) => write!(f, "iteration {id}"),
        }
    }
}

use std::fmt;

use super::{BucketName, ChannelName, ComponentType, Fingerprint, IterationId, RunUuid};

/// Names one build of one run: the key of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildKey {
    /// The bucket.
    pub bucket: BucketName,
    /// The fingerprint that the record asked for; the registry finds the iteration that took it.
    pub fingerprint: Fingerprint,
    /// The build.
    pub component_type: ComponentType,
    /// The run.
    pub run_uuid: RunUuid,
}

/// A registry's answer to a record: where it went, and how far its iteration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The iteration that took the record.
    pub iteration_id: IterationId,
    /// Its fingerprint: the record's own, or its fresh one.
    pub fingerprint: Fingerprint,
    /// The version number, once the iteration is complete.
    pub version: Option<u32>,
    /// How many of the expected builds are recorded and confirmed.
    pub recorded: usize,
    /// How many builds are expected.
    pub expected: usize,
    /// The expected builds that are not recorded yet (or not confirmed).
    pub missing: Vec<ComponentType>,
    /// The channels that now point at the iteration because of this call.
    pub assigned: Vec<ChannelName>,
    /// Whether the same record had been ingested before, so that nothing changed.
    pub replayed: bool,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// Something that went otherwise than asked for, in words for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The fingerprint named an iteration that is already complete; the record went to a fresh one.
    WentToFreshIteration {
        /// The fingerprint that was asked for.
        asked: Fingerprint,
        /// The fingerprint that was used.
        used: Fingerprint,
    },
    /// An earlier run had recorded the same build of this incomplete iteration; its identifiers are superseded.
    Superseded {
        /// The build.
        component_type: ComponentType,
        /// The run whose record was replaced.
        run_uuid: RunUuid,
        /// The identifiers that it had recorded.
        external_identifiers: Vec<String>,
    },
    /// A newer record of the same build is already there; this one is kept as superseded.
    ArrivedSuperseded {
        /// The build.
        component_type: ComponentType,
    },
    /// The same build of the same run had been recorded with less; what is new was added.
    Added {
        /// The build.
        component_type: ComponentType,
        /// The identifiers and file names that were added.
        names: Vec<String>,
    },
    /// A channel has moved since the record was made, so that it stays where it is.
    ChannelMovedSince {
        /// The channel.
        channel: ChannelName,
    },
}

impl fmt::Display for Warning {
    /// A sentence for a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WentToFreshIteration { asked, used } => write!(
                f,
                "iteration {asked} is complete and never changes again, so this build was recorded as iteration {used}; \
                 set on_existing = \"fail\" to refuse this before the build"
            ),
            Self::Superseded { component_type, run_uuid, external_identifiers } => write!(
                f,
                "{component_type} of this iteration had been recorded by run {run_uuid} before; this build replaces it; \
                 superseded: {}",
                external_identifiers.join(", ")
            ),
            Self::ArrivedSuperseded { component_type } => write!(
                f,
                "a newer record of {component_type} is already in this iteration; this one is kept as superseded"
            ),
            Self::Added { component_type, names } => {
                write!(f, "{component_type} of this run had been recorded before; added to it: {}", names.join(", "))
            }
            Self::ChannelMovedSince { channel } => {
                write!(f, "channel {channel} has moved since this record was made, so it stays where it is")
            }
        }
    }
}

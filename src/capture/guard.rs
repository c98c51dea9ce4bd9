use super::row::Row;
use super::{table, unknown};
use crate::model::ArtifactFacts;

/// What to read from an artifact beyond what every artifact answers, and what to leave alone.
///
/// `BuilderId`, `Id`, `Files` and `String` come first, `generated_data` and the keys named here next, and the HCP
/// metadata last: a plugin that panics over it answers nothing afterwards.
#[derive(Clone, Copy, Debug)]
pub struct ReadingPlan {
    /// The `State` keys that help to derive images; asking for them is safe, and none of them holds a secret.
    pub state_keys: &'static [&'static str],
    guard: Guard,
}

/// Whether a builder may be asked for its HCP metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataGuard {
    /// It may: ask last, after everything else is in hand.
    Read,
    /// It must not: the question would crash the plugin, or is answered with something else.
    Skip {
        /// Why, in words for a person.
        reason: String,
    },
}

/// When a builder may be asked for its HCP metadata.
#[derive(Clone, Copy, Debug)]
pub(super) enum Guard {
    /// At any time.
    Open,
    /// If its `generated_data` has these texts, or is no map at all: it asserts their type, and a Go plugin does not
    /// outlive a failed assertion.
    Texts(&'static [&'static str]),
    /// If its `generated_data` is a map: it asserts that.
    Map,
    /// If each of its files is a URL with a host: it takes the third part of the path unseen.
    Urls,
    /// Never, for this reason.
    Shut(&'static str),
}

/// The plan for artifacts of `builder_id`; an unknown builder gets a plain one.
pub fn reading_plan(builder_id: &str) -> ReadingPlan {
    let Row { state_keys, guard, .. } = table::row(builder_id).unwrap_or(&unknown::ROW);
    ReadingPlan { state_keys, guard: *guard }
}

impl ReadingPlan {
    /// Whether `par.artifact.metadata` may be read, given everything else that is known of the artifact.
    pub fn metadata_may_be_read(&self, facts: &ArtifactFacts) -> MetadataGuard {
        match self.guard.objection(facts) {
            None => MetadataGuard::Read,
            Some(reason) => MetadataGuard::Skip { reason },
        }
    }
}

impl Guard {
    fn objection(self, facts: &ArtifactFacts) -> Option<String> {
        match self {
            Self::Open => None,
            Self::Texts(keys) => {
                let data = facts.generated_data.as_ref()?;
                let missing = keys.iter().find(|key| !data.contains_key(**key))?;
                Some(format!("the plugin would crash over it, because its generated data has no {missing}"))
            }
            Self::Map => facts
                .generated_data
                .is_none()
                .then(|| "the plugin would crash over it, because it has no generated data".to_owned()),
            Self::Urls => facts
                .files
                .iter()
                .find(|file| file.split('/').count() < 3)
                .map(|file| format!("the plugin would crash over it, because {file:?} is not a URL")),
            Self::Shut(reason) => Some(reason.to_owned()),
        }
    }
}

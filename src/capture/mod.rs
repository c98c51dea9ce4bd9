//! What an artifact says of itself -> its images per cloud and region.

use std::collections::BTreeMap;

use crate::model::{ArtifactFacts, Captured, Secret, StateValue};

/// What to read from an artifact beyond what every artifact answers, in which order, and what to leave alone.
#[derive(Clone, Copy, Debug)]
pub struct ReadingPlan {
    /// The `State` keys that help to derive images; reading them is safe.
    pub state_keys: &'static [&'static str],
}

/// Whether a builder may be asked for its HCP metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataGuard {
    /// It may: ask last, after everything else is in hand.
    Read,
    /// It must not: the question would crash the plugin, or its answer is something else.
    Skip {
        /// Why, in words for a person.
        reason: String,
    },
}

/// The plan for artifacts of `builder_id`; an unknown builder gets the plain one.
pub fn reading_plan(builder_id: &str) -> ReadingPlan {
    let _ = builder_id;
    ReadingPlan { state_keys: &[] }
}

impl ReadingPlan {
    /// Whether `par.artifact.metadata` may be read, given everything else that is known of the artifact.
    pub fn metadata_may_be_read(&self, facts: &ArtifactFacts) -> MetadataGuard {
        let _ = facts;
        MetadataGuard::Read
    }
}

/// Splits `State("generated_data")` into its harmless part and the secrets in it; `None` where it is not a map.
pub fn split_generated_data(data: &StateValue) -> (Option<BTreeMap<String, String>>, Vec<Secret>) {
    let _ = data;
    (None, Vec::new())
}

/// Derives the images, or the files that stand in for them.
pub fn images(facts: &ArtifactFacts) -> Captured {
    let _ = facts;
    Captured::default()
}

use std::collections::BTreeMap;

use super::guard::Guard;
use crate::model::{ArtifactFacts, CapturedImage, Labels};

/// What is known of the artifacts of one kind of builder or post-processor.
pub(super) struct Row {
    /// The values of `BuilderId()` that the row is for.
    pub(super) builder_ids: &'static [&'static str],
    /// The platform where the builder does not report one; empty where the artifact hides it.
    pub(super) platform: &'static str,
    /// The `State` keys that `located`, `sources` and `remark` look at.
    pub(super) state_keys: &'static [&'static str],
    /// When the builder may be asked for its HCP metadata.
    pub(super) guard: Guard,
    /// Puts right what the builder reports wrongly; nearly all rows leave it alone.
    pub(super) amend: fn(&mut CapturedImage),
    /// Where the images lie, without HCP metadata.
    pub(super) located: fn(&ArtifactFacts) -> Vec<Located>,
    /// Where the source image stands, without HCP metadata; the first that is there counts.
    pub(super) sources: &'static [Source],
    /// What the artifact's files are.
    pub(super) files: Files,
    /// Something about this artifact that a person should know.
    pub(super) remark: fn(&ArtifactFacts) -> Option<String>,
}

impl Row {
    /// What most rows have: nothing to guard, nothing beyond the id itself.
    pub(super) const PLAIN: Self = Self {
        builder_ids: &[],
        platform: "",
        state_keys: &[],
        guard: Guard::Open,
        amend: |_| {},
        located: super::id::whole,
        sources: &[],
        files: Files::NotLocal,
        remark: |_| None,
    };
}

/// An image as derived from an artifact without HCP metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Located {
    /// The region, or empty.
    pub(super) region: String,
    /// The identifier.
    pub(super) id: String,
    /// What else the artifact gives away, under the labels that the builder's HCP metadata would use.
    pub(super) labels: Labels,
}

impl Located {
    /// An image without labels.
    pub(super) fn new(region: impl Into<String>, id: impl Into<String>) -> Self {
        Self { region: region.into(), id: id.into(), labels: BTreeMap::new() }
    }

    /// The same with a label, where there is a value for it.
    pub(super) fn with_label(mut self, key: &str, value: Option<String>) -> Self {
        self.labels.extend(value.map(|value| (key.to_owned(), value)));
        self
    }
}

/// Where a builder keeps what an image was built from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// Under a key of `State("generated_data")`.
    GeneratedData(&'static str),
    /// Under a `State` key of its own.
    State(&'static str),
}

/// What the entries of `Files()` are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Files {
    /// URLs, bare names or nothing: they are not looked at.
    NotLocal,
    /// Local files that are digested where there is no image.
    StandIn,
    /// Local files that are the image: digested although it also has a name, which anyone can give again.
    Content,
}

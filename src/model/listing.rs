use super::{Artifact, Build, ComponentType, Iteration, Labels};

/// Narrows the artifacts of an iteration; an empty query matches all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArtifactQuery {
    /// The cloud; the usual aliases are accepted (`gcp` for `gce`).
    pub platform: Option<String>,
    /// The region; compared without case and spaces where the cloud writes it so (`eastus`, `East US`).
    pub region: Option<String>,
    /// The build.
    pub component_type: Option<ComponentType>,
    /// Labels that the build must have, with these values.
    pub labels: Labels,
}

/// An artifact that matches a query, and the build it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct ArtifactMatch<'a> {
    /// The build.
    pub build: &'a Build,
    /// The artifact.
    pub artifact: &'a Artifact,
}

impl ArtifactQuery {
    /// The artifacts of `iteration` that match, without those of superseded, destroyed or unconfirmed builds.
    pub fn matches<'a>(&self, iteration: &'a Iteration) -> Vec<ArtifactMatch<'a>> {
        let _ = iteration;
        Vec::new()
    }
}

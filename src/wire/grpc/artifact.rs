use prost::Message as _;

use super::malformed::count;
use super::v1::no_single_artifact::{Ambiguous, Missing, Outcome};
use super::{details, v1};
use crate::model::{ArtifactMatch, BuildStatus, Candidate, ComponentType, Iteration, NoSingleMatch};

/// Candidates, and unusable builds, that a detail lists.
const MAX_LISTED: usize = 50;

/// The answer to a request for the one artifact of `iteration` that matches.
pub fn resolved(iteration: &Iteration, found: ArtifactMatch<'_>) -> v1::ResolveArtifactResponse {
    let ArtifactMatch { build, artifact } = found;
    v1::ResolveArtifactResponse {
        artifact: Some(artifact.clone().into()),
        build_id: build.id.clone(),
        component_type: build.component_type.to_string(),
        iteration_id: iteration.id.to_string(),
        fingerprint: iteration.fingerprint.to_string(),
        version: iteration.version,
        status: v1::IterationStatus::from(iteration.status).into(),
        revocation: iteration.revocation.clone().map(Into::into),
    }
}

impl From<NoSingleMatch> for v1::NoSingleArtifact {
    /// As many candidates as an error can carry: see [`MAX_DETAILS`](super::MAX_DETAILS).
    fn from(fault: NoSingleMatch) -> Self {
        let mut detail = match fault {
            NoSingleMatch::Missing { iteration, query, available, unusable } => Self {
                iteration,
                query: details::cut(query, details::MAX_TEXT),
                outcome: Some(Outcome::Missing(Missing {
                    available: available.into_iter().take(MAX_LISTED).map(Into::into).collect(),
                    unusable: unusable.into_iter().take(MAX_LISTED).map(Into::into).collect(),
                })),
            },
            NoSingleMatch::Ambiguous { iteration, query, candidates, way_out } => Self {
                iteration,
                query: details::cut(query, details::MAX_TEXT),
                outcome: Some(Outcome::Ambiguous(Ambiguous {
                    total: count(candidates.len()),
                    candidates: candidates.into_iter().take(MAX_LISTED).map(Into::into).collect(),
                    way_out,
                })),
            },
        };
        while detail.encoded_len() > details::MAX_DETAILS && detail.forget_one() {}
        detail
    }
}

impl v1::NoSingleArtifact {
    /// Drops the last entry of the longest list; false when nothing is left to drop.
    fn forget_one(&mut self) -> bool {
        match &mut self.outcome {
            Some(Outcome::Missing(Missing { available, unusable })) => {
                if available.len() > unusable.len() {
                    available.pop().is_some()
                } else {
                    unusable.pop().is_some()
                }
            }
            Some(Outcome::Ambiguous(Ambiguous { candidates, .. })) => candidates.pop().is_some(),
            None => false,
        }
    }
}

impl From<Candidate> for v1::ArtifactCandidate {
    fn from(candidate: Candidate) -> Self {
        let Candidate { component_type, platform, region, external_identifier } = candidate;
        Self { component_type: component_type.to_string(), platform, region, external_identifier }
    }
}

impl From<(ComponentType, BuildStatus)> for v1::UnusableBuild {
    fn from((component_type, status): (ComponentType, BuildStatus)) -> Self {
        Self { component_type: component_type.to_string(), status: v1::BuildStatus::from(status).into() }
    }
}

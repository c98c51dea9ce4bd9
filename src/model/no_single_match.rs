use std::fmt;

use super::{ArtifactMatch, BuildStatus, ComponentType};

/// How many candidates a message lists; the error itself has all of them.
pub(super) const MAX_CANDIDATES_SHOWN: usize = 50;

/// What a person needs to know of an artifact in order to ask for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The build it belongs to.
    pub component_type: ComponentType,
    /// The cloud.
    pub platform: String,
    /// The region as the builder reports it; empty where there is none.
    pub region: String,
    /// The identifier in that cloud.
    pub external_identifier: String,
}

/// Why a query has no single answer; the message lists what there is, one per line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSingleMatch {
    /// Nothing matches.
    #[error("no artifact of {iteration} matches {query}{}", what_there_is(.available, .unusable))]
    Missing {
        /// The iteration, in words.
        iteration: String,
        /// What was asked for, in words.
        query: String,
        /// The artifacts that the iteration does have, sorted.
        available: Vec<Candidate>,
        /// The builds that may not be used, with their status, sorted.
        unusable: Vec<(ComponentType, BuildStatus)>,
    },
    /// Several artifacts match.
    #[error("{} artifacts of {iteration} match {query}:{}\n{way_out}", .candidates.len(), lines(.candidates))]
    Ambiguous {
        /// The iteration, in words.
        iteration: String,
        /// What was asked for, in words.
        query: String,
        /// The artifacts that match, sorted.
        candidates: Vec<Candidate>,
        /// How to narrow the query.
        way_out: String,
    },
}

impl Candidate {
    pub(super) fn of(found: &ArtifactMatch<'_>) -> Self {
        Self {
            component_type: found.build.component_type.clone(),
            platform: found.artifact.platform.clone(),
            region: found.artifact.region.clone(),
            external_identifier: found.artifact.external_identifier.clone(),
        }
    }
}

impl fmt::Display for Candidate {
    /// Component type, platform, region and identifier, with `-` for a region that there is not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = if self.region.is_empty() { "-" } else { &self.region };
        let line = format!("{}  {}  {region}  {}", self.component_type, self.platform, self.external_identifier);
        // What a builder reports must not break the line, or steer the terminal.
        f.write_str(&line.replace(char::is_control, "\u{fffd}"))
    }
}

fn lines(candidates: &[Candidate]) -> String {
    let mut text: String =
        candidates.iter().take(MAX_CANDIDATES_SHOWN).map(|candidate| format!("\n  {candidate}")).collect();
    if candidates.len() > MAX_CANDIDATES_SHOWN {
        text.push_str(&format!("\n  … and {} more", candidates.len() - MAX_CANDIDATES_SHOWN));
    }
    text
}

fn what_there_is(available: &[Candidate], unusable: &[(ComponentType, BuildStatus)]) -> String {
    let mut text = if available.is_empty() {
        "; it has no artifact of a build that is done".to_owned()
    } else {
        format!("; it has:{}\nask for one of these, or for another iteration", lines(available))
    };
    for (component, status) in unusable {
        text.push_str(&format!("\nnot to be used: {component} is {status}"));
    }
    text
}

/// Names what tells the candidates apart.
pub(super) fn way_out(candidates: &[Candidate]) -> String {
    let differs =
        |part: fn(&Candidate) -> &str| candidates.iter().any(|candidate| part(candidate) != part(&candidates[0]));
    let parts: Vec<&str> = [
        ("platform", differs(|candidate| &candidate.platform)),
        ("region", differs(|candidate| &candidate.region)),
        ("component type", differs(|candidate| candidate.component_type.as_str())),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect();
    if parts.is_empty() {
        "one build made several in one region, so that no query tells them apart: list them and choose by identifier"
            .to_owned()
    } else {
        format!("narrow it by {}", parts.join(" or "))
    }
}

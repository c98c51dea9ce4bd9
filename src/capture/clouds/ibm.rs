use crate::capture::row::{Located, Row};
use crate::capture::{placeholder, text};
use crate::model::ArtifactFacts;

/// IBM Cloud. `State("ibmApiKey")` hands out the API key of the build; it is never asked for.
pub(super) const ROWS: &[Row] = &[
    Row {
        builder_ids: &["ibmcloud.vpc.builder"],
        platform: "ibmcloud",
        state_keys: &["region", "image_id"],
        located: |facts| vpc(facts, placeholder::meaningful(&facts.id)),
        ..Row::PLAIN
    },
    Row {
        // Its id is that of the export job.
        builder_ids: &["ibmcloud.post-processor.vpc-export"],
        platform: "ibmcloud",
        state_keys: &["region", "image_id"],
        located: |facts| vpc(facts, None),
        ..Row::PLAIN
    },
    Row { builder_ids: &["ibmcloud.classic.builder"], platform: "ibmcloud-classic", located: classic, ..Row::PLAIN },
];

fn vpc(facts: &ArtifactFacts, artifact_id: Option<&str>) -> Vec<Located> {
    let id = text::state(facts, "image_id").or_else(|| artifact_id.map(str::to_owned));
    let region = text::state(facts, "region").unwrap_or_default();
    id.map(|id| Located::new(region, id)).into_iter().collect()
}

/// `String()` is `datacenter::id (name)`.
fn classic(facts: &ArtifactFacts) -> Vec<Located> {
    let datacenter = facts.description.split_once("::").map_or("", |(datacenter, _)| datacenter.trim());
    placeholder::meaningful(&facts.id).map(|id| Located::new(datacenter, id)).into_iter().collect()
}

use crate::capture::id;
use crate::capture::row::{Files, Located, Row};
use crate::model::ArtifactFacts;

/// The providers whose box only points at an image in a cloud.
const CLOUD_PROVIDERS: &[&str] = &["aws", "azure", "digitalocean", "google", "scaleway"];

/// Vagrant: a box file whose id is the word for its provider, and two places to upload it to.
pub(super) const ROWS: &[Row] = &[
    Row {
        builder_ids: &["vagrant", "mitchellh.post-processor.vagrant"],
        platform: "vagrant",
        located: id::none,
        files: Files::StandIn,
        remark,
        ..Row::PLAIN
    },
    Row {
        builder_ids: &["pearkes.post-processor.vagrant-cloud"],
        platform: "vagrant-cloud",
        located: tag,
        ..Row::PLAIN
    },
    Row {
        builder_ids: &["hashicorp.post-processor.vagrant-registry"],
        platform: "vagrant-registry",
        located: tag,
        ..Row::PLAIN
    },
];

/// `String()` is `'provider': org/box`; the version is not exposed.
fn tag(facts: &ArtifactFacts) -> Vec<Located> {
    let tag = facts.description.rsplit_once("': ").map_or("", |(_, tag)| tag.trim());
    if tag.is_empty() { Vec::new() } else { vec![Located::new("", tag)] }
}

fn remark(facts: &ArtifactFacts) -> Option<String> {
    CLOUD_PROVIDERS.contains(&facts.id.as_str()).then(|| {
        format!(
            "the vagrant box only points at an image of {}, whose identifier it hides: put this post-processor before \
             vagrant to record it",
            facts.id
        )
    })
}

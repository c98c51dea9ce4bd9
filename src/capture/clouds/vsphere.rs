use crate::capture::row::{Located, Row, Source};
use crate::capture::{id, placeholder, text};
use crate::model::ArtifactFacts;

/// vSphere: the name of a virtual machine; the datacenter is reported for HCP, and nowhere else.
pub(super) const ROWS: &[Row] = &[
    Row {
        builder_ids: &["jetbrains.vsphere"],
        platform: "vsphere",
        // `metadata` holds the labels that the builder reports for HCP.
        state_keys: &["metadata", "iso_path", "source_template"],
        located: machine,
        sources: &[Source::State("iso_path"), Source::State("source_template")],
        ..Row::PLAIN
    },
    Row { builder_ids: &["packer.post-processor.vsphere"], platform: "vsphere", located: uploaded, ..Row::PLAIN },
];

fn machine(facts: &ArtifactFacts) -> Vec<Located> {
    let labels = text::labels(facts.state.get("metadata"));
    id::whole(facts).into_iter().map(|located| Located { labels: labels.clone(), ..located }).collect()
}

/// `datastore::folder::name`.
fn uploaded(facts: &ArtifactFacts) -> Vec<Located> {
    let Some((place, name)) = facts.id.rsplit_once("::") else { return id::whole(facts) };
    let Some(name) = placeholder::meaningful(name) else { return Vec::new() };
    let (datastore, folder) = place.split_once("::").unwrap_or((place, ""));
    let label = |text| placeholder::meaningful(text).map(str::to_owned);
    let located = Located::new("", name).with_label("datastore", label(datastore)).with_label("folder", label(folder));
    vec![located]
}

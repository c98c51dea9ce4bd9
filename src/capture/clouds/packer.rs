use crate::capture::id;
use crate::capture::row::{Files, Located, Row};
use crate::model::ArtifactFacts;

/// What Packer itself brings along: the builders null and file, and post-processors that return their own artifact.
pub(super) const ROWS: &[Row] = &[
    Row { builder_ids: &["fnoeding.null"], platform: "null", located: null, ..Row::PLAIN },
    Row { builder_ids: &["packer.file"], platform: "packer.file", located: file, files: Files::Content, ..Row::PLAIN },
    Row {
        // They return files alone; whichever platform the artifact before them was of, they do not say.
        builder_ids: &[
            "packer.post-processor.checksum",
            "packer.post-processor.compress",
            "packer.post-processor.artifice",
        ],
        located: id::none,
        files: Files::StandIn,
        ..Row::PLAIN
    },
    // What Packer appends after it has published a build to HCP Packer; so spelt.
    Row { builder_ids: &["packer.post-processor.hpc-packer-registry"], located: id::none, ..Row::PLAIN },
];

fn null(facts: &ArtifactFacts) -> Vec<Located> {
    id::whole(facts).into_iter().map(|located| Located { region: "null".to_owned(), ..located }).collect()
}

/// As the builder reports it for HCP: the folder for the region and the name for the id, split at slashes on every
/// system.
fn file(facts: &ArtifactFacts) -> Vec<Located> {
    let located = |path: &String| {
        let (folder, name) = match path.rfind('/') {
            Some(0) => (&path[..1], &path[1..]),
            Some(at) => (&path[..at], &path[at + 1..]),
            None => (".", path.as_str()),
        };
        (!name.is_empty()).then(|| Located::new(folder, name))
    };
    facts.files.iter().filter_map(located).collect()
}

use crate::capture::row::{Located, Row, Source};
use crate::capture::{id, placeholder, text};
use crate::model::ArtifactFacts;

/// Yandex Cloud: an image belongs to a folder, which stands in the region's place.
pub(super) const ROWS: &[Row] = &[
    Row {
        builder_ids: &["packer.yandex"],
        platform: "yandex",
        state_keys: &["ImageID", "FolderID"],
        located: image,
        sources: &[Source::GeneratedData("SourceImageID")],
        ..Row::PLAIN
    },
    Row { builder_ids: &["packer.post-processor.yandex-export"], platform: "yandex", located: exported, ..Row::PLAIN },
    Row {
        // An image id or the URL of an object; the folder is not exposed.
        builder_ids: &["packer.post-processor.yandex-import"],
        platform: "yandex",
        state_keys: &["source_id"],
        sources: &[Source::State("source_id"), Source::GeneratedData("source_id")],
        ..Row::PLAIN
    },
];

fn image(facts: &ArtifactFacts) -> Vec<Located> {
    let folder = text::state(facts, "FolderID").or_else(|| text::generated(facts, "ImageFolderID"));
    let id = placeholder::meaningful(&facts.id).map(str::to_owned).or_else(|| text::state(facts, "ImageID"));
    id.map(|id| Located::new(folder.unwrap_or_default(), id)).into_iter().collect()
}

/// The id is the URL of the first object; all of them are in the files, as `s3://bucket/object`.
fn exported(facts: &ArtifactFacts) -> Vec<Located> {
    let is_first = |path: &str| facts.id.ends_with(&format!("/{path}"));
    let others = facts.files.iter().filter(|file| file.strip_prefix("s3://").is_some_and(|path| !is_first(path)));
    id::whole(facts).into_iter().chain(others.map(|file| Located::new("", file))).collect()
}

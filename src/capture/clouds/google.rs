use crate::capture::guard::Guard;
use crate::capture::row::{Located, Row, Source};
use crate::capture::{placeholder, text};
use crate::model::ArtifactFacts;

const PLATFORM: &str = "gce";

/// Google Compute Engine: the builder, the export to a bucket and the import from one.
pub(super) const ROWS: &[Row] = &[
    Row {
        // The region is the build's zone; the image itself is global, and its name is unique within a project only.
        builder_ids: &["packer.googlecompute"],
        platform: PLATFORM,
        state_keys: &["BuildZone"],
        guard: Guard::Texts(&["SourceImageName"]),
        located: image,
        sources: &[Source::GeneratedData("SourceImageName")],
        ..Row::PLAIN
    },
    Row {
        builder_ids: &["packer.post-processor.googlecompute-export"],
        platform: PLATFORM,
        guard: Guard::Urls,
        located: exported,
        ..Row::PLAIN
    },
    Row {
        builder_ids: &["packer.post-processor.googlecompute-import"],
        platform: PLATFORM,
        guard: Guard::Urls,
        // It takes its own name for the platform, and the host of the image's URL for its region.
        amend: |image| {
            PLATFORM.clone_into(&mut image.platform);
            image.region.clear();
        },
        located: imported,
        ..Row::PLAIN
    },
];

fn image(facts: &ArtifactFacts) -> Vec<Located> {
    let Some(name) = placeholder::meaningful(&facts.id) else { return Vec::new() };
    let zone = text::state(facts, "BuildZone").unwrap_or_default();
    let project = text::between(facts, "created in the '", "' project").map(str::to_owned);
    vec![Located::new(zone, name).with_label("project_id", project)]
}

/// `gs://bucket/object`, with the bucket as the region.
fn exported(facts: &ArtifactFacts) -> Vec<Located> {
    let located = |file: &String| {
        let path = placeholder::meaningful(file)?;
        let bucket = path.strip_prefix("gs://")?.split('/').next()?;
        Some(Located::new(bucket, path))
    };
    facts.files.iter().filter_map(located).collect()
}

/// The self link of the image.
fn imported(facts: &ArtifactFacts) -> Vec<Located> {
    facts.files.iter().filter_map(|file| placeholder::meaningful(file)).map(|link| Located::new("", link)).collect()
}

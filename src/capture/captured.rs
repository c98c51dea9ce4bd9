use super::placeholder::meaningful;
use super::row::{Files, Located, Row, Source};
use super::{metadata, table, text, unknown};
use crate::model::{ArtifactFacts, Captured, CapturedImage};

/// The platform of an artifact that names neither its platform nor its builder.
const NO_PLATFORM: &str = "unknown";

/// Derives the images of an artifact, or the local files that stand in for them.
///
/// It always answers: an unknown builder, and a plugin that crashed while it was read, give what there is and a
/// warning.
pub fn images(facts: &ArtifactFacts) -> Captured {
    let known = table::row(&facts.builder_id);
    let row = known.unwrap_or(&unknown::ROW);
    let platform = match known {
        Some(row) => row.platform,
        None if facts.builder_id.is_empty() => NO_PLATFORM,
        None => &facts.builder_id,
    };
    let source = source(facts, row);
    let mut images = reported(facts, row, platform);
    let is_reported = !images.is_empty();
    if !is_reported {
        images = derived(facts, row, platform, source.as_ref());
    }
    one_per_place(&mut images);

    let files_to_digest = match row.files {
        Files::Content => text::local_files(facts),
        Files::StandIn if images.is_empty() => text::local_files(facts),
        Files::StandIn | Files::NotLocal => Vec::new(),
    };
    let mut captured = Captured {
        platform: images.first().map_or(platform, |image| &image.platform).to_owned(),
        source_external_identifier: if images.is_empty() { source } else { common_source(&images) },
        images,
        files_to_digest,
        warnings: Vec::new(),
    };
    captured.warnings = warnings(facts, &captured, known, is_reported);
    captured
}

fn reported(facts: &ArtifactFacts, row: &Row, platform: &str) -> Vec<CapturedImage> {
    let mut images = facts.metadata.as_ref().map(|value| metadata::reported(value, platform)).unwrap_or_default();
    images.iter_mut().for_each(row.amend);
    images
}

fn source(facts: &ArtifactFacts, row: &Row) -> Option<String> {
    row.sources.iter().find_map(|source| match source {
        Source::GeneratedData(key) => text::generated(facts, key),
        Source::State(key) => text::state(facts, key),
    })
}

fn derived(facts: &ArtifactFacts, row: &Row, platform: &str, source: Option<&String>) -> Vec<CapturedImage> {
    let image = |Located { region, id, labels }| CapturedImage {
        platform: platform.to_owned(),
        region,
        external_identifier: id,
        source_external_identifier: source.cloned(),
        labels,
    };
    (row.located)(facts).into_iter().filter(|located| meaningful(&located.id).is_some()).map(image).collect()
}

fn common_source(images: &[CapturedImage]) -> Option<String> {
    let first = images.first()?.source_external_identifier.as_ref()?;
    images.iter().all(|image| image.source_external_identifier.as_ref() == Some(first)).then(|| first.clone())
}

/// Sorts, and joins what is said twice of one image in one place.
fn one_per_place(images: &mut Vec<CapturedImage>) {
    images.sort();
    images.dedup_by(|again, first| {
        let is_same = again.platform == first.platform
            && again.region == first.region
            && again.external_identifier == first.external_identifier;
        if is_same {
            if first.source_external_identifier.is_none() {
                first.source_external_identifier = again.source_external_identifier.take();
            }
            for (key, value) in std::mem::take(&mut again.labels) {
                first.labels.entry(key).or_insert(value);
            }
        }
        is_same
    });
}

fn warnings(facts: &ArtifactFacts, captured: &Captured, known: Option<&Row>, is_reported: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    let builder = &facts.builder_id;
    if let (Some(failure), false) = (&facts.metadata_failure, is_reported) {
        warnings.push(format!(
            "what the builder reports of its images could not be read ({failure}); they were derived from what else \
             its artifact says"
        ));
    }
    warnings.extend(known.and_then(|row| (row.remark)(facts)));
    let has_nothing = captured.images.is_empty() && captured.files_to_digest.is_empty();
    match (known, has_nothing) {
        (None, _) if builder.is_empty() => warnings.push(
            "the artifact does not name its builder, most likely because the plugin that made it has crashed: \
             the record has only what the artifact still answered"
                .to_owned(),
        ),
        (_, true) => warnings.push(format!(
            "the artifact of {builder} names neither an image nor local files: put this post-processor before the \
             one that replaces the artifact, or set platform, region and image_id"
        )),
        (None, false) if !is_reported => warnings.push(format!(
            "the builder {builder} is not known: its artifact was recorded as it names itself; set platform, region \
             and image_id where that is not enough"
        )),
        _ => {}
    }
    warnings
}

use crate::capture::id;
use crate::capture::row::{Row, Source};
use crate::model::ArtifactFacts;

/// DigitalOcean: the builder, and the import under the same builder id.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &["pearkes.digitalocean"],
    platform: "digitalocean",
    state_keys: &["source_image_id"],
    located: id::regions_of_one,
    sources: &[Source::State("source_image_id")],
    remark,
    ..Row::PLAIN
}];

/// The import loses the first of several regions and leaves an empty name in the place of another.
fn remark(facts: &ArtifactFacts) -> Option<String> {
    let (regions, _) = facts.id.rsplit_once(':')?;
    regions.split(',').any(|region| region.trim().is_empty()).then(|| {
        "the digitalocean plugin lost the name of a region, so that the image may be in regions that are not recorded"
            .to_owned()
    })
}

//! Reads what a builder reports for HCP Packer.

use super::placeholder::meaningful;
use super::text;
use crate::model::{CapturedImage, StateValue};

/// The images in `State("par.artifact.metadata")`, as the builder reports them.
///
/// It is one map with the fields of the SDK's `image.Image` (`ImageID`, `ProviderName`, `ProviderRegion`,
/// `SourceImageID`, `Labels`), or a list of such maps; a map of them is taken as well. As Packer's own decoder does,
/// this takes the field names in any case and numbers for texts. What has no identifier is not an image: some plugins
/// answer every question with a map of something else, or with an empty text.
pub(super) fn reported(metadata: &StateValue, default_platform: &str) -> Vec<CapturedImage> {
    let entries: Vec<&StateValue> = match metadata {
        StateValue::List(items) => items.iter().collect(),
        StateValue::Map(_) if field(metadata, "imageid").is_some() => vec![metadata],
        StateValue::Map(map) => map.values().collect(),
        _ => Vec::new(),
    };
    let mut images: Vec<CapturedImage> =
        entries.into_iter().filter_map(|entry| image(entry, default_platform)).collect();
    drop_lost_regions(&mut images);
    images
}

fn image(entry: &StateValue, default_platform: &str) -> Option<CapturedImage> {
    Some(CapturedImage {
        external_identifier: field_text(entry, "imageid")?,
        platform: field_text(entry, "providername").unwrap_or_else(|| default_platform.to_owned()),
        region: field_text(entry, "providerregion").unwrap_or_default(),
        source_external_identifier: field_text(entry, "sourceimageid"),
        labels: text::labels(field(entry, "labels")),
    })
}

/// The field `name`, which is given in lower case and without separators.
fn field<'a>(entry: &'a StateValue, name: &str) -> Option<&'a StateValue> {
    let StateValue::Map(map) = entry else { return None };
    map.iter().find(|(key, _)| is_field(key, name)).map(|(_, value)| value)
}

fn is_field(key: &str, name: &str) -> bool {
    key.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).eq(name.bytes())
}

fn field_text(entry: &StateValue, name: &str) -> Option<String> {
    let text = match field(entry, name)? {
        StateValue::Text(text) => text.clone(),
        StateValue::Int(number) => number.to_string(),
        _ => return None,
    };
    meaningful(&text).map(str::to_owned)
}

/// Drops an entry without a region where the same image is also reported with one: digitalocean's import loses the
/// name of a region and keeps its place.
fn drop_lost_regions(images: &mut Vec<CapturedImage>) {
    let located: std::collections::BTreeSet<String> =
        images.iter().filter(|image| !image.region.is_empty()).map(|image| image.external_identifier.clone()).collect();
    images.retain(|image| !image.region.is_empty() || !located.contains(&image.external_identifier));
}

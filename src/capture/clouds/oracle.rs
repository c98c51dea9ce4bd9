use crate::capture::row::{Located, Row};
use crate::capture::{placeholder, text};
use crate::model::ArtifactFacts;

/// Oracle. Both plugins report their builder id as the platform, so that is what it is called here.
pub(super) const ROWS: &[Row] = &[
    // Crashes over its HCP metadata where it has no base image, and gives no sign of it beforehand.
    Row { builder_ids: &["packer.oracle.oci"], platform: "packer.oracle.oci", located, ..Row::PLAIN },
    Row { builder_ids: &["packer.oracle.classic"], platform: "packer.oracle.classic", ..Row::PLAIN },
];

/// The region stands in `String()`, and as a short code in the OCID: `ocid1.image.oc1.iad.aaaa…`.
fn located(facts: &ArtifactFacts) -> Vec<Located> {
    let Some(id) = placeholder::meaningful(&facts.id) else { return Vec::new() };
    let of_ocid = || id.starts_with("ocid1.").then(|| id.split('.').nth(3)).flatten();
    let region = text::between(facts, "in region '", "'").or_else(of_ocid).unwrap_or_default();
    vec![Located::new(region, id)]
}

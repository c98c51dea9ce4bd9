use serde::Serialize;

use crate::model::{self, Relative};

/// The iteration whose revocation another one has inherited; its id alone, where it was deleted since or the caller may not
/// see it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RevokedAncestor {
    iteration_id: String,
    #[serde(flatten)]
    place: Option<AncestorPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct AncestorPlace {
    bucket_slug: String,
    iteration_fingerprint: String,
    iteration_incremental_version: u32,
}

impl RevokedAncestor {
    /// Says where to read it.
    pub(super) fn at(&mut self, href: Option<String>) {
        self.href = href;
    }
}

impl From<&model::RevokedAncestor> for RevokedAncestor {
    fn from(ancestor: &model::RevokedAncestor) -> Self {
        let place = ancestor.seen().map(|Relative { bucket, fingerprint, version, .. }| AncestorPlace {
            bucket_slug: bucket.to_string(),
            iteration_fingerprint: fingerprint.to_string(),
            iteration_incremental_version: version.unwrap_or_default(),
        });
        Self { iteration_id: ancestor.id().to_string(), place, href: None }
    }
}

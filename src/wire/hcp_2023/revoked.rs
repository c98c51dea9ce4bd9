use serde::Serialize;

use super::version::name_of;
use crate::model::{self, Iteration, Relative};
use crate::wire::hcp::Revoked;

/// The version whose revocation another one has inherited; its id alone, where it was deleted since or the caller may not
/// see it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RevokedAncestor {
    version_id: String,
    #[serde(flatten)]
    place: Option<AncestorPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct AncestorPlace {
    bucket_name: String,
    version_name: String,
    version_fingerprint: String,
}

/// That a version is revoked, or will be.
pub(super) fn revoked(iteration: &Iteration) -> Option<Revoked<RevokedAncestor>> {
    iteration.revocation.as_ref().map(Revoked::new)
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
            bucket_name: bucket.to_string(),
            version_name: name_of(*version),
            version_fingerprint: fingerprint.to_string(),
        });
        Self { version_id: ancestor.id().to_string(), place, href: None }
    }
}

use serde::Serialize;

use crate::model::{IterationId, Revocation};

/// The fields of an iteration that is revoked, or will be; others do not have them, because clients take a time that is
/// there for one that is set.
#[derive(Clone, Debug, Serialize)]
pub struct Revoked {
    revoke_at: String,
    revocation_author: String,
    revocation_message: String,
    revocation_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_inherited_from: Option<RevokedAncestor>,
}

/// An iteration that was revoked along with what was built from it, as a version of the API names its id.
#[derive(Clone, Debug, Serialize)]
pub enum RevokedAncestor {
    /// In 2023.
    #[serde(rename = "version_id")]
    Version(String),
    /// In 2021.
    #[serde(rename = "iteration_id")]
    Iteration(String),
}

impl Revoked {
    /// A revocation, with what it is inherited from in the words of a version of the API.
    pub fn new(revocation: &Revocation, ancestor: fn(String) -> RevokedAncestor) -> Self {
        let Revocation { revoke_at, message, author, through } = revocation;
        Self {
            revoke_at: revoke_at.to_rfc3339(),
            revocation_author: author.clone(),
            revocation_message: message.clone(),
            revocation_type: if through.is_some() { "INHERITED" } else { "MANUAL" },
            revocation_inherited_from: through.as_ref().map(IterationId::to_string).map(ancestor),
        }
    }
}

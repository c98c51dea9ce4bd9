use serde::Serialize;

use crate::model::{self, Revocation};

/// The fields of an iteration that is revoked, or will be, with what it is inherited from in the words `A` of a version of the
/// API; others do not have them, because clients take a time that is there for one that is set.
#[derive(Clone, Debug, Serialize)]
pub struct Revoked<A> {
    revoke_at: String,
    revocation_author: String,
    revocation_message: String,
    revocation_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_inherited_from: Option<A>,
}

impl<A: for<'a> From<&'a model::RevokedAncestor>> Revoked<A> {
    /// The fields of a revocation.
    pub fn new(revocation: &Revocation) -> Self {
        let Revocation { revoke_at, message, author, through } = revocation;
        Self {
            revoke_at: revoke_at.to_rfc3339(),
            revocation_author: author.clone(),
            revocation_message: message.clone(),
            revocation_type: if through.is_some() { "INHERITED" } else { "MANUAL" },
            revocation_inherited_from: through.as_ref().map(A::from),
        }
    }
}

impl<A> Revoked<A> {
    /// The same where the API has no words for what it is inherited from.
    #[must_use]
    pub fn without_ancestor(self) -> Self {
        Self { revocation_inherited_from: None, ..self }
    }

    /// What it is inherited from, where it is.
    pub fn ancestor(&mut self) -> Option<&mut A> {
        self.revocation_inherited_from.as_mut()
    }
}

use super::store::StoreError;
use crate::access::Denied;
use crate::model::OrganizationId;

/// Why the registry did not do what it was asked to; every message names the input at fault and the way out.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// What was asked for does not exist.
    #[error("{what} does not exist; {way_out}")]
    NotFound {
        /// What was asked for, for example `bucket web`.
        what: String,
        /// What there is instead, or what to do.
        way_out: String,
    },
    /// A rule forbids it.
    #[error("{0}")]
    Refused(String),
    /// What was to be made is there already.
    #[error("{0}")]
    Exists(String),
    /// The caller may not do it, though they may know that it is there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RegistryError {
    /// The answer about a project that is not there, or that the caller may not know of: both are the same.
    pub fn no_project(id: impl std::fmt::Display) -> Self {
        Self::NotFound { what: format!("project {id}"), way_out: "list the projects to see which there are".to_owned() }
    }

    /// The answer about an organization that is not the caller's: there is no way to know of others.
    pub fn no_organization(id: impl std::fmt::Display, own: &OrganizationId) -> Self {
        Self::NotFound { what: format!("organization {id}"), way_out: format!("yours is {own}") }
    }
}

/// How many names an error lists.
const LISTED: usize = 10;

/// A not-found error that lists what there is, `kinds` being the plural of what was asked for.
pub(super) fn not_found(what: String, kinds: &str, existing: Vec<String>) -> RegistryError {
    RegistryError::NotFound { what, way_out: there_are(kinds, existing) }
}

/// What there is, in words.
pub(super) fn there_are(kinds: &str, mut existing: Vec<String>) -> String {
    let more = existing.len().saturating_sub(LISTED);
    existing.truncate(LISTED);
    match (existing.is_empty(), more) {
        (true, _) => format!("there are no {kinds} yet"),
        (false, 0) => format!("there are: {}", existing.join(", ")),
        (false, more) => format!("there are: {}, and {more} more", existing.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_not_found_error_lists_ten_names_at_most() {
        let names: Vec<String> = (1..=12).map(|n| format!("b{n:02}")).collect();
        let message = not_found("bucket web".to_owned(), "buckets", names).to_string();
        assert_eq!(
            message,
            "bucket web does not exist; there are: b01, b02, b03, b04, b05, b06, b07, b08, b09, b10, and 2 more"
        );
        let message = not_found("bucket web".to_owned(), "buckets", Vec::new()).to_string();
        assert_eq!(message, "bucket web does not exist; there are no buckets yet");
    }
}

//! Issuers that the whole world shares: whoever asks them for a token gets one, with an audience of their choice. A rule
//! for one of these must say whose jobs it means.

use super::{Condition, Issuer};

/// A shared issuer, and the claims that say whose job it is.
struct SharedIssuer {
    address: &'static str,
    /// `owner/name`, perhaps after a prefix such as `repo:`; with a `*`, the owner must stand before it in full.
    paths: &'static [&'static str],
    /// Names and numbers of owners and projects: in full.
    names: &'static [&'static str],
}

/// Sources: "OpenID Connect reference" (docs.github.com, actions), "OpenID Connect (OIDC) Authentication Using ID
/// Tokens" (docs.gitlab.com, ci).
const SHARED: &[SharedIssuer] = &[
    SharedIssuer {
        address: "https://token.actions.githubusercontent.com",
        paths: &["sub", "repository", "job_workflow_ref", "workflow_ref"],
        names: &["repository_id", "repository_owner", "repository_owner_id", "enterprise", "enterprise_id"],
    },
    SharedIssuer {
        address: "https://gitlab.com",
        paths: &["sub", "project_path", "ci_config_ref_uri"],
        names: &["project_id", "namespace_id", "namespace_path"],
    },
];

/// The claims of which a rule for `issuer` must have at least one; `None` where it has what it needs.
pub(super) fn lacks_owner(issuer: &Issuer, conditions: &[Condition]) -> Option<String> {
    let shared = SHARED.iter().find(|shared| issuer.as_str().trim_end_matches('/') == shared.address)?;
    let names_owner = |condition: &Condition| {
        let Condition { claim, pattern } = condition;
        let is = |names: &[&str]| names.contains(&claim.as_str());
        let beginning = pattern.literal_beginning();
        let has_owner = beginning.find('/').is_some_and(|at| at > 0 && !beginning[..at].ends_with(':'));
        is(shared.names) && pattern.is_exact() || is(shared.paths) && (pattern.is_exact() || has_owner)
    };
    let claims = || [shared.paths, shared.names].concat().join(", ");
    (!conditions.iter().any(names_owner)).then(claims)
}

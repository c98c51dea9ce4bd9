//! Issuers that the whole world shares: whoever asks them for a token gets one, with an audience of their choice. A rule
//! for one of these must say whose jobs it means.

use super::{Condition, Issuer};

/// A shared issuer, and the claims that say whose job it is.
struct SharedIssuer {
    address: &'static str,
    /// `owner/name`, perhaps after a prefix such as `repo:`; with a `*`, the owner must stand before it in full.
    paths: &'static [&'static str],
    /// The same after the issuer's host: `gitlab.com/owner/name`.
    places: &'static [&'static str],
    /// Names and numbers of owners and projects: in full.
    names: &'static [&'static str],
}

/// Sources: "OpenID Connect reference" (docs.github.com, actions), "OpenID Connect (OIDC) Authentication Using ID
/// Tokens" (docs.gitlab.com, ci).
const SHARED: &[SharedIssuer] = &[
    SharedIssuer {
        address: "https://token.actions.githubusercontent.com",
        // Not job_workflow_ref: it names the workflow that is called, which may be public, and not who calls it.
        paths: &["sub", "repository", "workflow_ref"],
        places: &[],
        names: &["repository_id", "repository_owner", "repository_owner_id", "enterprise", "enterprise_id"],
    },
    SharedIssuer {
        address: "https://gitlab.com",
        paths: &["sub", "project_path"],
        places: &["ci_config_ref_uri"],
        names: &["project_id", "namespace_id", "namespace_path"],
    },
];

/// The claims of which a rule for `issuer` must have at least one; `None` where it has what it needs.
pub(super) fn lacks_owner(issuer: &Issuer, conditions: &[Condition]) -> Option<String> {
    let shared = SHARED.iter().find(|shared| issuer.as_str().trim_end_matches('/') == shared.address)?;
    let names_owner = |condition: &Condition| {
        let Condition { claim, pattern } = condition;
        let is = |names: &[&str]| names.contains(&claim.as_str());
        let host = shared.address.trim_start_matches("https://");
        let beginning = pattern.literal_beginning();
        let in_host = beginning.strip_prefix(host).and_then(|rest| rest.strip_prefix('/'));
        is(shared.names) && pattern.is_exact()
            || is(shared.paths) && (pattern.is_exact() || has_owner(beginning))
            || is(shared.places) && (pattern.is_exact() || in_host.is_some_and(has_owner))
    };
    let claims = || [shared.paths, shared.places, shared.names].concat().join(", ");
    (!conditions.iter().any(names_owner)).then(claims)
}

/// Whether a path begins with an owner that is there in full.
fn has_owner(path: &str) -> bool {
    path.find('/').is_some_and(|at| at > 0 && !path[..at].ends_with(':'))
}

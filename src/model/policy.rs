use std::collections::BTreeMap;

use super::{PrincipalId, Role};

/// Who holds which role exactly in one place: what is held in a wider one is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPolicy {
    /// The role of each principal that holds one.
    pub members: BTreeMap<PrincipalId, Role>,
    /// Names this state of it: changes with the members, and only with them.
    pub etag: String,
}

/// What became of a wish to replace an [`AccessPolicy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyChange {
    /// It is so now.
    Made(AccessPolicy),
    /// Nothing was changed: whoever wishes has seen another state than there is.
    Outdated,
}

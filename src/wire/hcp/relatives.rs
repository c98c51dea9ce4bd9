use serde::Serialize;

use crate::model::{AncestryStatus, Relation};

/// That something was built from something, or something from it: how that stands, and where to read more.
#[derive(Debug, Serialize)]
pub struct Relatives {
    href: String,
    status: &'static str,
}

impl Relatives {
    /// What `relations` come to, which can be read at `href`; nothing where there are none.
    pub fn of(relations: &[Relation], href: String) -> Option<Self> {
        AncestryStatus::of_all(relations).map(|worst| Self { href, status: ancestry_status(worst) })
    }
}

/// How the APIs write it.
pub fn ancestry_status(status: AncestryStatus) -> &'static str {
    match status {
        AncestryStatus::Undetermined => "UNDETERMINED",
        AncestryStatus::UpToDate => "UP_TO_DATE",
        AncestryStatus::OutOfDate => "OUT_OF_DATE",
    }
}

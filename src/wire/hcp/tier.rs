use super::{Invalid, said};
use crate::model::Tier;

/// The tier of a registry, if one is said.
///
/// # Errors
/// [`Invalid`].
pub fn read_tier(text: Option<String>) -> Result<Option<Tier>, Invalid> {
    match said(text).as_deref() {
        None | Some("UNSET") => Ok(None),
        Some("STANDARD") => Ok(Some(Tier::Standard)),
        Some("PLUS") => Ok(Some(Tier::Plus)),
        Some(other) => Err(Invalid::new("feature_tier", format!("{other:?} is not known; use STANDARD or PLUS"))),
    }
}

/// How the APIs write it.
pub fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Standard => "STANDARD",
        Tier::Plus => "PLUS",
    }
}

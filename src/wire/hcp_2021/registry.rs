use serde::Deserialize;

use crate::model::RegistryUpdate;
use crate::wire::hcp::{Invalid, read_tier};

/// A request to set the tier of a registry, or to take it into use again.
///
/// Go's clients leave out what is false, so that none of them can say that a registry shall be active no more.
#[derive(Debug, Deserialize)]
pub struct UpdateRegistryRequest {
    activate: Option<bool>,
    feature_tier: Option<String>,
}

impl UpdateRegistryRequest {
    /// What shall change.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<RegistryUpdate, Invalid> {
        let Self { activate, feature_tier } = self;
        Ok(RegistryUpdate { tier: read_tier(feature_tier)?, active: activate, on_untracked_image: None })
    }
}

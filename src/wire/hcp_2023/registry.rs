use serde::Deserialize;

use crate::model::RegistryUpdate;
use crate::wire::hcp::{Invalid, UpdateMask, read_tier};

const FIELDS: &[&str] = &["activated", "feature_tier"];

/// A request to change a registry: whether it is active changes only where the mask says so.
#[derive(Debug, Deserialize)]
pub struct UpdateRegistryRequest {
    activated: Option<bool>,
    feature_tier: Option<String>,
    update_mask: Option<String>,
}

impl UpdateRegistryRequest {
    /// What shall change.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<RegistryUpdate, Invalid> {
        let Self { activated, feature_tier, update_mask } = self;
        let mask = UpdateMask::read("update_mask", update_mask.as_deref().unwrap_or_default(), FIELDS)?;
        let active = mask.as_ref().filter(|mask| mask.has("activated")).map(|_| activated.unwrap_or_default());
        let tier = match &mask {
            Some(mask) if !mask.has("feature_tier") => None,
            _ => read_tier(feature_tier)?,
        };
        Ok(RegistryUpdate { tier, active, on_untracked_image: None })
    }
}

use serde::{Deserialize, Serialize};

use super::run_task::behaviour;
use super::{Invalid, Location, Operation, read_tier, tier};
use crate::model::{RegistrySettings, Tier};

/// A request to create a registry.
#[derive(Debug, Deserialize)]
pub struct CreateRegistryRequest {
    feature_tier: Option<String>,
}

/// The registry of a project.
#[derive(Debug, Serialize)]
pub struct RegistryResponse {
    registry: Registry,
}

/// A registry that was changed, which is done.
#[derive(Debug, Serialize)]
pub struct RegistryOperationResponse {
    operation: Operation,
    registry: Registry,
}

/// A registry.
#[derive(Debug, Serialize)]
pub struct Registry {
    id: String,
    location: Location,
    created_at: String,
    updated_at: String,
    config: Config,
}

#[derive(Debug, Serialize)]
struct Config {
    activated: bool,
    feature_tier: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_deprovision: Option<Deprovision>,
    tfc_run_task_config: TaskConfig,
}

#[derive(Debug, Serialize)]
struct Deprovision {
    at: String,
    message: String,
    reason: &'static str,
}

#[derive(Debug, Serialize)]
struct TaskConfig {
    on_untracked_image: &'static str,
}

impl CreateRegistryRequest {
    /// The tier.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<Tier, Invalid> {
        Ok(read_tier(self.feature_tier)?.unwrap_or_default())
    }
}

impl Registry {
    /// A registry of the place `location`.
    pub fn new(settings: &RegistrySettings, location: Location) -> Self {
        let RegistrySettings { id, tier, deactivation, on_untracked_image, created_at, updated_at, .. } = settings;
        let deprovision = deactivation.as_ref().map(|deactivation| Deprovision {
            at: deactivation.at.to_rfc3339(),
            message: format!("deactivated by {}", deactivation.by),
            reason: "USER_REQUEST",
        });
        let config = Config {
            activated: deactivation.is_none(),
            feature_tier: self::tier(*tier),
            billing_deprovision: deprovision,
            tfc_run_task_config: TaskConfig { on_untracked_image: behaviour(*on_untracked_image) },
        };
        let (created_at, updated_at) = (created_at.to_rfc3339(), updated_at.to_rfc3339());
        Self { id: id.clone(), location, created_at, updated_at, config }
    }
}

impl From<Registry> for RegistryResponse {
    fn from(registry: Registry) -> Self {
        Self { registry }
    }
}

impl RegistryOperationResponse {
    /// A registry as it is now that `operation` is done.
    pub fn new(registry: Registry, operation: Operation) -> Self {
        Self { operation, registry }
    }
}

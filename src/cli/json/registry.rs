use serde::Serialize;

use crate::model::RegistrySettings;

/// What is set for a registry; `null` for the deactivation of one that is in use.
#[derive(Serialize)]
pub(in crate::cli) struct RegistryView {
    id: String,
    project_id: String,
    tier: String,
    active: bool,
    deactivated_at: Option<String>,
    deactivated_by: Option<String>,
    on_untracked_image: String,
    created_at: String,
    updated_at: String,
}

impl From<RegistrySettings> for RegistryView {
    fn from(settings: RegistrySettings) -> Self {
        let RegistrySettings { id, project_id, tier, deactivation, on_untracked_image, created_at, updated_at } =
            settings;
        Self {
            id,
            project_id: project_id.to_string(),
            tier: tier.to_string(),
            active: deactivation.is_none(),
            deactivated_at: deactivation.as_ref().map(|deactivation| deactivation.at.to_rfc3339()),
            deactivated_by: deactivation.map(|deactivation| deactivation.by),
            on_untracked_image: on_untracked_image.to_string(),
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

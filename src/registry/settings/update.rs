use super::row::{self, require_manager};
use crate::model::{Deactivation, RegistrySettings, RegistryUpdate};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx};

/// Sets something for the registry of a project, or takes it into use or out of it.
pub(in crate::registry) struct UpdateRegistry {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) update: RegistryUpdate,
}

impl Op for UpdateRegistry {
    type Out = RegistrySettings;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, update } = self;
        let (mut settings, _) = row::require(tx, scope).await?;
        require_manager(scope)?;
        settings.tier = update.tier.unwrap_or(settings.tier);
        settings.on_untracked_image = update.on_untracked_image.unwrap_or(settings.on_untracked_image);
        match update.active {
            Some(true) => settings.deactivation = None,
            Some(false) if settings.deactivation.is_none() => {
                settings.deactivation = Some(Deactivation { at: scope.now, by: scope.caller.name.clone() });
            }
            _ => {}
        }
        row::write(tx, &settings, scope.now).await?;
        Ok(row::require(tx, scope).await?.0)
    }
}

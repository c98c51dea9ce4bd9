use super::row::{self, Found, require_manager};
use crate::model::{RegistrySettings, Tier};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx};

/// Creates the registry of a project, for which nothing was set, or which was deleted.
pub(in crate::registry) struct CreateRegistry {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) tier: Tier,
}

impl Op for CreateRegistry {
    type Out = RegistrySettings;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, tier } = self;
        let Some(Found { settings, has_row, is_deleted }) = row::find(tx, scope).await? else {
            return Err(RegistryError::no_project(&scope.project_id));
        };
        require_manager(scope)?;
        if has_row && !is_deleted {
            return Err(RegistryError::Exists(format!(
                "project {} has a registry already; update that one",
                scope.project_id
            )));
        }
        let created = RegistrySettings { tier: *tier, deactivation: None, created_at: scope.now, ..settings };
        row::write(tx, &created, scope.now).await?;
        Ok(row::require(tx, scope).await?.0)
    }
}

use super::row::{self, require_manager};
use crate::model::RegistrySettings;
use crate::registry::delete_bucket::delete;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx, values};
use crate::registry::{RegistryError, enforced};

/// Deletes the registry of a project with all of its buckets and enforced blocks, after it was taken out of use.
pub(in crate::registry) struct DeleteRegistry {
    pub(in crate::registry) scope: Scope,
}

impl Op for DeleteRegistry {
    type Out = RegistrySettings;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope } = self;
        let (settings, _) = row::require(tx, scope).await?;
        require_manager(scope)?;
        if settings.deactivation.is_none() {
            return Err(RegistryError::Refused(format!(
                "the registry of project {} is in use; deactivate it first: registry deactivate",
                scope.project_id
            )));
        }
        let sql = "SELECT id FROM buckets WHERE project_id = $1 AND deleted_at IS NULL ORDER BY id";
        for mut row in tx.rows(sql, values![&scope.project_id]).await? {
            let id = row.text()?;
            delete(tx, scope, &id).await?;
        }
        enforced::delete_all(tx, &scope.project_id).await?;
        let sql = "UPDATE registries SET deleted_at = $2, updated_at = $2, run_task_id = NULL, run_task_key = NULL
            WHERE project_id = $1";
        tx.exec(sql, values![&scope.project_id, scope.now]).await?;
        Ok(settings)
    }
}

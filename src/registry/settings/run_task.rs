use uuid::Uuid;

use super::row::{self, require_manager};
use crate::model::{RunTask, Secret};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Fault, Op, StoreError, Tx, values};

/// How Terraform reaches the run task of a registry; it is set up when it is first asked for.
pub(in crate::registry) struct FindRunTask {
    pub(in crate::registry) scope: Scope,
    /// What both sides sign with, if there is no key yet.
    pub(in crate::registry) new_key: Secret,
}

/// Exchanges the key that both sides sign with: the one before is good for nothing any more.
pub(in crate::registry) struct RegenerateRunTaskKey {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) new_key: Secret,
}

impl Op for FindRunTask {
    type Out = RunTask;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        find(tx, &self.scope, &self.new_key).await
    }
}

impl Op for RegenerateRunTaskKey {
    type Out = RunTask;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, new_key } = self;
        find(tx, scope, new_key).await?;
        let sql = "UPDATE registries SET run_task_key = $2, updated_at = $3 WHERE project_id = $1";
        tx.exec(sql, values![&scope.project_id, new_key.expose(), scope.now]).await?;
        find(tx, scope, new_key).await
    }
}

async fn find<T: Tx>(tx: &mut T, scope: &Scope, new_key: &Secret) -> Result<RunTask, RegistryError> {
    let (settings, has_row) = row::require(tx, scope).await?;
    require_manager(scope)?;
    if !has_row {
        row::write(tx, &settings, scope.now).await?;
    }
    let sql = "UPDATE registries SET run_task_id = COALESCE(run_task_id, $2), run_task_key = COALESCE(run_task_key, $3)
        WHERE project_id = $1 RETURNING run_task_id, run_task_key";
    let values = values![&scope.project_id, Uuid::new_v4().to_string(), new_key.expose()];
    let Some(mut row) = tx.rows(sql, values).await?.pop() else {
        return Err(StoreError::new(Fault::Corrupt(format!("registry {} is gone", settings.id))).into());
    };
    Ok(RunTask { id: row.text()?, hmac_key: Secret::new(row.text()?) })
}

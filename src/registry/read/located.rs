//! Where iterations and builds are, for those who know them by their ids alone.

use crate::model::{BucketName, IterationId};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::settings::require_active;
use crate::registry::store::{Op, Tx, values};

/// The bucket of an iteration.
pub(in crate::registry) struct LocateIteration {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) id: IterationId,
}

/// The bucket and the iteration of a build.
pub(in crate::registry) struct LocateBuild {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) id: String,
}

impl Op for LocateIteration {
    type Out = BucketName;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, id } = self;
        let sql = "SELECT k.name FROM iterations i JOIN buckets k ON k.id = i.bucket_id
            WHERE i.id = $1 AND k.project_id = $2 AND i.deleted_at IS NULL";
        if let Some(mut row) = tx.rows(sql, values![id, &scope.project_id]).await?.pop() {
            let bucket = row.parsed(BucketName::parse)?;
            if scope.caller.may_see(&bucket) {
                require_active(tx, scope).await?;
                return Ok(bucket);
            }
        }
        let way_out = "list the iterations of a bucket to see which there are".to_owned();
        Err(RegistryError::NotFound { what: format!("iteration {id}"), way_out })
    }
}

impl Op for LocateBuild {
    type Out = (BucketName, IterationId);
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, id } = self;
        let sql =
            "SELECT k.name, i.id FROM builds b JOIN iterations i ON i.id = b.iteration_id AND i.deleted_at IS NULL
            JOIN buckets k ON k.id = i.bucket_id WHERE b.id = $1 AND k.project_id = $2";
        if let Some(mut row) = tx.rows(sql, values![id, &scope.project_id]).await?.pop() {
            let (bucket, iteration) = (row.parsed(BucketName::parse)?, row.parsed(IterationId::parse)?);
            if scope.caller.may_see(&bucket) {
                require_active(tx, scope).await?;
                return Ok((bucket, iteration));
            }
        }
        let shown: String = id.chars().take(64).collect();
        let way_out = "list the builds of an iteration to see which there are".to_owned();
        Err(RegistryError::NotFound { what: format!("build {shown:?}"), way_out })
    }
}

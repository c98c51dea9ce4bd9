use super::read::OneIteration;
use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, iteration_row, json};
use crate::access::Permission;
use crate::model::{BucketName, Fingerprint, Iteration, IterationSelector, TemplateType};

/// Creates an iteration that has no builds yet.
pub(super) struct CreateIteration {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) fingerprint: Fingerprint,
    pub(super) template_type: Option<TemplateType>,
}

impl Op for CreateIteration {
    type Out = Iteration;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Iteration, RegistryError> {
        let Self { scope, bucket, fingerprint, template_type } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Push).await?;
        if iteration_row::by_fingerprint(tx, &bucket_id, fingerprint).await?.is_some() {
            let message = format!("there is an iteration {fingerprint} of bucket {bucket} already; choose another one");
            return Err(RegistryError::Exists(message));
        }
        let created = iteration_row::create(tx, scope, &bucket_id, fingerprint.clone(), scope.now).await?;
        let sql = "UPDATE iterations SET template_type = $2 WHERE id = $1";
        tx.exec(sql, values![&created.id, template_type.map(json::template_type)]).await?;
        bucket_row::touch(tx, scope, &bucket_id).await?;
        let selector = IterationSelector::Id(created.id);
        OneIteration { scope: scope.clone(), bucket: bucket.clone(), selector }.run(tx).await
    }
}

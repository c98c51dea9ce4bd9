use crate::model::BucketName;
use crate::registry::scope::Scope;
use crate::registry::settings::require_active;
use crate::registry::store::{Op, Tx};
use crate::registry::{RegistryError, bucket_row};

/// Whether a record would be taken, as far as that can be said before there is one.
pub(in crate::registry) struct CheckRecordable {
    pub(in crate::registry) scope: Scope,
    /// The bucket of the record, where that is known already.
    pub(in crate::registry) bucket: Option<BucketName>,
}

impl Op for CheckRecordable {
    type Out = ();
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket } = self;
        if let Some(bucket) = bucket {
            bucket_row::check_push(tx, scope, bucket).await?;
        }
        require_active(tx, scope).await
    }
}

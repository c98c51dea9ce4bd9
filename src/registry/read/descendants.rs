use super::ancestry::relative;
use crate::model::{BucketName, IterationSelector, Relative};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx, values};
use crate::registry::{RegistryError, bucket_row, revocation_row, selection};

/// All that was built from an iteration, and from that, and so on, as far as the caller may see it.
pub(in crate::registry) struct Descendants {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) selector: IterationSelector,
}

impl Op for Descendants {
    type Out = Vec<Relative>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, selector } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        let mut found = Vec::new();
        let sql = "SELECT k.name, i.id, i.fingerprint, i.version FROM iterations i
            JOIN buckets k ON k.id = i.bucket_id WHERE i.id = $1";
        for id in revocation_row::descendants(tx, scope, &iteration.id).await? {
            for mut row in tx.rows(sql, values![&id]).await? {
                found.push(relative(&mut row)?);
            }
        }
        found.retain(|relative| scope.caller.may_see(&relative.bucket));
        found.sort_by(|one, other| (&one.bucket, one.version).cmp(&(&other.bucket, other.version)));
        Ok(found)
    }
}

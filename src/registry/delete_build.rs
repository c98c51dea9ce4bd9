use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, build_row, sbom, selection};
use crate::access::Permission;
use crate::model::{BucketName, IterationSelector};

/// Deletes a build of an incomplete iteration: what nobody can have used yet.
///
/// The iteration does not become complete by that, even where nothing else is missing: the next build to be done
/// completes it, or whoever asks for that.
pub(super) struct DeleteBuild {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) id: String,
}

impl Op for DeleteBuild {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, bucket, selector, id } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        let build = build_row::require(tx, &iteration, id).await?;
        if iteration.is_complete() {
            return Err(RegistryError::Refused(format!(
                "{selector} of bucket {bucket} is complete and keeps its builds; revoke it, or delete it as a whole"
            )));
        }
        sbom::delete_of_build(tx, &build.id).await?;
        for sql in [
            "UPDATE builds SET superseded_by = NULL WHERE superseded_by = $1",
            "DELETE FROM parents WHERE build_id = $1",
            "DELETE FROM files WHERE build_id = $1",
            "DELETE FROM artifacts WHERE build_id = $1",
            "DELETE FROM builds WHERE id = $1",
        ] {
            tx.exec(sql, values![&build.id]).await?;
        }
        bucket_row::touch(tx, scope, &bucket_id).await
    }
}

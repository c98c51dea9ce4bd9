use super::{package_row, row};
use crate::access::Permission;
use crate::model::{BucketName, IterationSelector, NewSbom, Sbom, SbomName};
use crate::registry::limits::MAX_SBOMS;
use crate::registry::scope::Scope;
use crate::registry::store::{Fault, Op, StoreError, Tx, values};
use crate::registry::update_build::complete_already;
use crate::registry::{RegistryError, bucket_row, build_row, selection};

/// Keeps a document of a build that is not done yet.
///
/// The same once more changes nothing: the answer may have been lost.
pub(super) struct UploadSbom {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) build_id: String,
    pub(super) sbom: NewSbom,
}

impl Op for UploadSbom {
    type Out = Sbom;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Sbom, RegistryError> {
        let Self { scope, bucket, selector, build_id, sbom } = self;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Push).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        let build = build_row::require(tx, &iteration, build_id).await?;
        if iteration.is_complete() {
            return Err(complete_already());
        }
        if build_row::announced(build.status).is_none() {
            return Err(RegistryError::Refused(format!(
                "build {} is {}, and takes no SBOM any more; send it before the build is done",
                build.component_type, build.status
            )));
        }
        row::delete_of_former_runs(tx, build_id).await?;
        let name = sbom.name.as_ref().map_or(iteration.fingerprint.as_str(), SbomName::as_str);
        let existing = row::of_build(tx, build_id).await?;
        if let Some(same) = existing.iter().find(|existing| existing.name == name) {
            return if is_kept(tx, &same.id, sbom).await? {
                Ok(same.clone())
            } else {
                Err(RegistryError::Exists(format!(
                    "build {} has an SBOM {name} already, which says something else; give this one another name",
                    build.component_type
                )))
            };
        }
        if existing.len() >= MAX_SBOMS {
            return Err(RegistryError::Refused(format!(
                "build {} has {MAX_SBOMS} SBOMs, which is the most",
                build.component_type
            )));
        }
        let id = scope.new_id();
        let sql = "INSERT INTO sboms (id, build_id, run_uuid, name, format, content, size, author, created_at)
            SELECT $2, b.id, b.run_uuid, $3, $4, $5, $6, $7, $8 FROM builds b WHERE b.id = $1";
        let size = i64::try_from(sbom.size).unwrap_or(i64::MAX);
        let (format, content, author) = (row::format(sbom.format), sbom.compressed.as_slice(), &scope.caller.name);
        tx.exec(sql, values![build_id, &id, name, format, content, size, author, scope.now]).await?;
        package_row::insert(tx, &id, &sbom.packages).await?;
        bucket_row::touch(tx, scope, &bucket_id).await?;
        let made = row::of_build(tx, build_id).await?.into_iter().find(|made| made.id == id);
        made.ok_or_else(|| StoreError::new(Fault::Corrupt(format!("SBOM {id} is gone"))).into())
    }
}

/// Whether this very document is the one that is kept.
async fn is_kept<T: Tx>(tx: &mut T, id: &str, sbom: &NewSbom) -> Result<bool, RegistryError> {
    let sql = "SELECT COUNT(*) FROM sboms WHERE id = $1 AND format = $2 AND content = $3";
    let values = values![id, row::format(sbom.format), sbom.compressed.as_slice()];
    let count = tx.rows(sql, values).await?.pop().map_or(Ok(0), |mut row| row.integer())?;
    Ok(count > 0)
}

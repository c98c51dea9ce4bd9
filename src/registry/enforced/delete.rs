use super::{link, row};
use crate::model::EnforcedLink;
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx, values};

/// Deletes an enforced block with its versions.
pub(super) struct DeleteEnforcedBlock {
    pub(super) scope: Scope,
    pub(super) block_id: String,
}

/// Deletes a version of an enforced block.
pub(super) struct DeleteEnforcedVersion {
    pub(super) scope: Scope,
    pub(super) block_id: String,
    pub(super) version_id: String,
}

impl Op for DeleteEnforcedBlock {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, block_id } = self;
        row::require_writer(tx, scope).await?;
        let block = row::hold(tx, scope, block_id).await?;
        refuse_linked(&format!("enforced block {}", block.name), &link::of_block(tx, block_id).await?)?;
        tx.exec("DELETE FROM enforced_versions WHERE block_id = $1", values![block_id]).await?;
        tx.exec("DELETE FROM enforced_blocks WHERE id = $1", values![block_id]).await?;
        Ok(())
    }
}

impl Op for DeleteEnforcedVersion {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, block_id, version_id } = self;
        row::require_writer(tx, scope).await?;
        let block = row::hold(tx, scope, block_id).await?;
        let version = row::require_version(tx, &block, version_id).await?;
        let mut links = link::of_block(tx, block_id).await?;
        links.retain(|link| link.version_id == *version_id);
        refuse_linked(&format!("version {} of enforced block {}", version.name, block.name), &links)?;
        tx.exec("DELETE FROM enforced_versions WHERE id = $1", values![version_id]).await?;
        Ok(())
    }
}

/// Deletes all blocks of a project, whose buckets were deleted.
pub(in crate::registry) async fn delete_all<T: Tx>(tx: &mut T, project_id: &str) -> Result<(), RegistryError> {
    for sql in [
        "DELETE FROM enforced_links WHERE block_id IN (SELECT id FROM enforced_blocks WHERE project_id = $1)",
        "DELETE FROM enforced_versions WHERE block_id IN (SELECT id FROM enforced_blocks WHERE project_id = $1)",
        "DELETE FROM enforced_blocks WHERE project_id = $1",
    ] {
        tx.exec(sql, values![project_id]).await?;
    }
    Ok(())
}

fn refuse_linked(what: &str, links: &[EnforcedLink]) -> Result<(), RegistryError> {
    if links.is_empty() {
        return Ok(());
    }
    let buckets: Vec<&str> = links.iter().map(|link| link.bucket.as_str()).collect();
    Err(RegistryError::Refused(format!("{what} is linked to {}; unlink it first", buckets.join(", "))))
}

use super::create::refuse_taken;
use super::row;
use crate::model::{EnforcedBlock, EnforcedBlockUpdate, EnforcedVersion};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx, values};
use crate::registry::{RegistryError, json, limits};

/// Gives an enforced block another name, or other labels.
pub(super) struct UpdateEnforcedBlock {
    pub(super) scope: Scope,
    pub(super) block_id: String,
    pub(super) update: EnforcedBlockUpdate,
}

impl Op for UpdateEnforcedBlock {
    type Out = EnforcedBlock;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, block_id, update: EnforcedBlockUpdate { name, labels } } = self;
        row::require_writer(tx, scope).await?;
        let block = row::hold(tx, scope, block_id).await?;
        if let Some(name) = name {
            let mut others = row::all(tx, scope).await?;
            others.retain(|other| other.id != block.id);
            refuse_taken(&others, name)?;
            tx.exec("UPDATE enforced_blocks SET name = $2 WHERE id = $1", values![block_id, name.as_str()]).await?;
        }
        if let Some(labels) = labels {
            limits::check_enforced_labels(labels)?;
            let sql = "UPDATE enforced_blocks SET labels = $2 WHERE id = $1";
            tx.exec(sql, values![block_id, json::labels(labels)?]).await?;
        }
        row::require(tx, scope, block_id).await
    }
}

/// Describes a version of an enforced block otherwise; what it says stays.
pub(super) struct DescribeEnforcedVersion {
    pub(super) scope: Scope,
    pub(super) block_id: String,
    pub(super) version_id: String,
    /// `None` leaves it as it is.
    pub(super) description: Option<String>,
}

impl Op for DescribeEnforcedVersion {
    type Out = EnforcedVersion;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, block_id, version_id, description } = self;
        row::require_writer(tx, scope).await?;
        let block = row::hold(tx, scope, block_id).await?;
        let version = row::require_version(tx, &block, version_id).await?;
        let Some(description) = description else { return Ok(version) };
        limits::check_enforced_description(description)?;
        let sql = "UPDATE enforced_versions SET description = $2, updated_at = $3 WHERE id = $1";
        tx.exec(sql, values![version_id, description, scope.now]).await?;
        row::require_version(tx, &block, version_id).await
    }
}

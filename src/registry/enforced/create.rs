use super::row;
use crate::model::{EnforcedBlock, EnforcedBlockName, EnforcedVersion, Labels, NewEnforcedVersion};
use crate::registry::limits::{self, MAX_ENFORCED_BLOCKS, MAX_ENFORCED_VERSIONS};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx, values};
use crate::registry::{RegistryError, json};

/// Creates an enforced block with its first version.
pub(super) struct CreateEnforcedBlock {
    pub(super) scope: Scope,
    pub(super) name: EnforcedBlockName,
    pub(super) labels: Labels,
    pub(super) version: NewEnforcedVersion,
}

impl Op for CreateEnforcedBlock {
    type Out = (EnforcedBlock, EnforcedVersion);
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, name, labels, version } = self;
        row::require_writer(tx, scope).await?;
        limits::check_enforced_labels(labels)?;
        row::check_version(version)?;
        let existing = row::all(tx, scope).await?;
        refuse_taken(&existing, name)?;
        if existing.len() >= MAX_ENFORCED_BLOCKS {
            return Err(RegistryError::Refused(format!(
                "the project has {MAX_ENFORCED_BLOCKS} enforced blocks, which is the most; delete one of them"
            )));
        }
        let id = scope.new_id();
        let sql = "INSERT INTO enforced_blocks (id, project_id, name, labels, seq, created_at, updated_at)
            VALUES ($1, $2, $3, $4, 0, $5, $5)";
        tx.exec(sql, values![&id, &scope.project_id, name.as_str(), json::labels(labels)?, scope.now]).await?;
        let block = row::require(tx, scope, &id).await?;
        let version_id = row::insert_version(tx, scope, &block, version).await?;
        let version = row::require_version(tx, &block, &version_id).await?;
        Ok((block, version))
    }
}

/// Adds a version to an enforced block.
pub(super) struct CreateEnforcedVersion {
    pub(super) scope: Scope,
    pub(super) block_id: String,
    pub(super) version: NewEnforcedVersion,
}

impl Op for CreateEnforcedVersion {
    type Out = EnforcedVersion;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, block_id, version } = self;
        row::require_writer(tx, scope).await?;
        row::check_version(version)?;
        let block = row::hold(tx, scope, block_id).await?;
        let mut names = tx.rows("SELECT name FROM enforced_versions WHERE block_id = $1", values![block_id]).await?;
        if names.len() >= MAX_ENFORCED_VERSIONS {
            return Err(RegistryError::Refused(format!(
                "enforced block {} has {MAX_ENFORCED_VERSIONS} versions, which is the most; delete one that is not linked",
                block.name
            )));
        }
        for row in &mut names {
            if row.text()? == version.name.as_str() {
                return Err(RegistryError::Exists(format!(
                    "enforced block {} has a version {} already, which does not change; choose another name",
                    block.name, version.name
                )));
            }
        }
        let id = row::insert_version(tx, scope, &block, version).await?;
        row::require_version(tx, &block, &id).await
    }
}

/// Refuses a name that another block has.
pub(super) fn refuse_taken(others: &[EnforcedBlock], name: &EnforcedBlockName) -> Result<(), RegistryError> {
    if others.iter().any(|other| other.name == *name) {
        return Err(RegistryError::Exists(format!(
            "there is an enforced block called {name} already; choose another name"
        )));
    }
    Ok(())
}

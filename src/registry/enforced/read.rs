use super::row::{self, select_version};
use crate::model::{BucketName, EnforcedBlock, EnforcedBlockName, EnforcedVersion};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, bucket_row};

/// The enforced blocks of the project by name.
pub(super) struct EnforcedBlocks {
    pub(super) scope: Scope,
}

/// An enforced block with its versions, newest first.
pub(super) struct OneEnforcedBlock {
    pub(super) scope: Scope,
    pub(super) block_id: String,
}

/// What builds of a bucket have to run, by the names of the blocks: these with their names.
pub(super) struct EnforcedOnBucket {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
}

impl Op for EnforcedBlocks {
    type Out = Vec<EnforcedBlock>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        row::require_reader(&self.scope)?;
        row::all(tx, &self.scope).await
    }
}

impl Op for OneEnforcedBlock {
    type Out = (EnforcedBlock, Vec<EnforcedVersion>);
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, block_id } = self;
        row::require_reader(scope)?;
        let block = row::require(tx, scope, block_id).await?;
        let sql = select_version!("WHERE v.block_id = $1 ORDER BY v.position DESC");
        let rows = tx.rows(sql, values![block_id]).await?;
        let versions = rows.into_iter().map(row::read_version).collect::<Result<_, _>>()?;
        Ok((block, versions))
    }
}

impl Op for EnforcedOnBucket {
    type Out = Vec<(EnforcedBlockName, EnforcedVersion)>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let bucket_id = bucket_row::require(tx, &self.scope, &self.bucket).await?;
        let sql = "SELECT e.name, v.id, v.block_id, v.name, v.content, v.template_type, v.description, v.created_at,
                v.updated_at
            FROM enforced_links l JOIN enforced_blocks e ON e.id = l.block_id
            JOIN enforced_versions v ON v.id = l.version_id WHERE l.bucket_id = $1 ORDER BY e.name";
        let read = |mut row: Row| -> Result<_, StoreError> {
            Ok((row.parsed(EnforcedBlockName::parse)?, row::read_next_version(&mut row)?))
        };
        let rows = tx.rows(sql, values![&bucket_id]).await?;
        Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
    }
}

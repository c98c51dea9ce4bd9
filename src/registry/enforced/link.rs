use std::collections::BTreeSet;

use super::row;
use crate::access::Permission;
use crate::model::{BucketName, EnforcedLink};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, bucket_row};

/// Links a version of an enforced block to these buckets and to no others. One that had another version has this one now.
pub(super) struct LinkBuckets {
    pub(super) scope: Scope,
    pub(super) block_id: String,
    pub(super) version_id: String,
    /// Ordered, so that those who hold several buckets do not wait for each other in a circle. `None` changes nothing.
    pub(super) buckets: Option<BTreeSet<BucketName>>,
}

impl Op for LinkBuckets {
    type Out = Vec<EnforcedLink>;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, block_id, version_id, buckets } = self;
        row::require_writer(tx, scope).await?;
        let block = row::hold(tx, scope, block_id).await?;
        row::require_version(tx, &block, version_id).await?;
        let Some(buckets) = buckets else { return of_version(tx, block_id, version_id).await };
        let mut asked = BTreeSet::new();
        for bucket in buckets {
            asked.insert(bucket_row::require_held(tx, scope, bucket, Permission::ManageBuckets).await?);
        }
        for link in of_block(tx, block_id).await? {
            match (link.version_id == *version_id, asked.contains(&link.bucket_id)) {
                (true, true) => drop(asked.remove(&link.bucket_id)),
                (false, false) => {}
                _ => drop(tx.exec("DELETE FROM enforced_links WHERE id = $1", values![&link.id]).await?),
            }
        }
        for bucket_id in asked {
            let sql = "INSERT INTO enforced_links (id, block_id, version_id, bucket_id, author, created_at)
                VALUES ($1, $2, $3, $4, $5, $6)";
            let author = &scope.caller.name;
            tx.exec(sql, values![scope.new_id(), block_id, version_id, bucket_id, author, scope.now]).await?;
        }
        of_version(tx, block_id, version_id).await
    }
}

/// The buckets that a version of an enforced block is linked to.
pub(super) struct LinkedBuckets {
    pub(super) scope: Scope,
    pub(super) block_id: String,
    pub(super) version_id: String,
}

impl Op for LinkedBuckets {
    type Out = Vec<EnforcedLink>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, block_id, version_id } = self;
        row::require_reader(scope)?;
        let block = row::require(tx, scope, block_id).await?;
        row::require_version(tx, &block, version_id).await?;
        of_version(tx, block_id, version_id).await
    }
}

/// The links of a block by the names of their buckets.
pub(super) async fn of_block<T: Tx>(tx: &mut T, block_id: &str) -> Result<Vec<EnforcedLink>, RegistryError> {
    let sql = "SELECT l.id, l.block_id, l.version_id, l.bucket_id, b.name, l.created_at
        FROM enforced_links l JOIN buckets b ON b.id = l.bucket_id WHERE l.block_id = $1 ORDER BY b.name";
    let rows = tx.rows(sql, values![block_id]).await?;
    Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
}

async fn of_version<T: Tx>(tx: &mut T, block_id: &str, version_id: &str) -> Result<Vec<EnforcedLink>, RegistryError> {
    let mut links = of_block(tx, block_id).await?;
    links.retain(|link| link.version_id == version_id);
    Ok(links)
}

/// Unlinks a bucket that is deleted from all that it was linked to.
pub(in crate::registry) async fn unlink_bucket<T: Tx>(tx: &mut T, bucket_id: &str) -> Result<(), RegistryError> {
    tx.exec("DELETE FROM enforced_links WHERE bucket_id = $1", values![bucket_id]).await?;
    Ok(())
}

fn read(mut row: Row) -> Result<EnforcedLink, StoreError> {
    Ok(EnforcedLink {
        id: row.text()?,
        block_id: row.text()?,
        version_id: row.text()?,
        bucket_id: row.text()?,
        bucket: row.parsed(BucketName::parse)?,
        created_at: row.time()?,
    })
}

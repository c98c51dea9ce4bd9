use std::collections::BTreeMap;

use crate::model::{Bucket, BucketName, BucketSummary};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, bucket_row, json};

/// All buckets that the caller may see, by name.
pub(in crate::registry) struct Buckets {
    pub(in crate::registry) scope: Scope,
}

/// One bucket.
pub(in crate::registry) struct OneBucket {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.name, b.description, b.labels, b.created_at, b.updated_at,
                (SELECT COUNT(*) FROM iterations i WHERE i.bucket_id = b.id AND i.deleted_at IS NULL),
                (SELECT i.version FROM iterations i
                 WHERE i.bucket_id = b.id AND i.version IS NOT NULL AND (i.revoke_at IS NULL OR i.revoke_at > $2)
                    AND i.deleted_at IS NULL
                 ORDER BY i.recorded_at DESC, i.version DESC LIMIT 1)
             FROM buckets b WHERE b.project_id = $1 AND b.deleted_at IS NULL ",
            $rest
        )
    };
}

impl Op for Buckets {
    type Out = Vec<BucketSummary>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Scope { project_id, now, caller } = &self.scope;
        if let Some(project) = caller.project_id.as_ref().filter(|project| !caller.may_see_project(project)) {
            return Err(RegistryError::no_project(project));
        }
        let sql = "SELECT DISTINCT bucket_id, platform FROM builds WHERE project_id = $1 AND platform <> ''
            ORDER BY bucket_id, platform";
        let mut platforms: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for mut row in tx.rows(sql, values![project_id]).await? {
            platforms.entry(row.text()?).or_default().push(row.text()?);
        }
        let rows = tx.rows(select!("ORDER BY b.name"), values![project_id, *now]).await?;
        let summary = |row| {
            let mut summary = read(row)?;
            summary.platforms = platforms.remove(&summary.bucket.id).unwrap_or_default();
            Ok(summary)
        };
        let buckets = rows.into_iter().map(summary).collect::<Result<Vec<_>, StoreError>>()?;
        Ok(buckets.into_iter().filter(|summary| caller.may_see(&summary.bucket.name)).collect())
    }
}

impl Op for OneBucket {
    type Out = BucketSummary;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket } = self;
        let id = bucket_row::require(tx, scope, bucket).await?;
        let values = values![&scope.project_id, scope.now, &id];
        let mut rows = tx.rows(select!("AND b.id = $3"), values).await?;
        let mut summary = match rows.pop() {
            Some(row) => read(row)?,
            None => {
                return Err(RegistryError::NotFound {
                    what: format!("bucket {bucket}"),
                    way_out: "it is gone".to_owned(),
                });
            }
        };
        let sql = "SELECT DISTINCT platform FROM builds WHERE bucket_id = $1 AND platform <> '' ORDER BY platform";
        for mut row in tx.rows(sql, values![&id]).await? {
            summary.platforms.push(row.text()?);
        }
        Ok(summary)
    }
}

fn read(mut row: Row) -> Result<BucketSummary, StoreError> {
    let bucket = Bucket {
        id: row.text()?,
        name: row.parsed(BucketName::parse)?,
        description: row.text()?,
        labels: row.decoded(json::read_labels)?,
        created_at: row.time()?,
        updated_at: row.time()?,
    };
    Ok(BucketSummary {
        bucket,
        iterations: row.number()?,
        latest_version: row.optional_number()?,
        platforms: Vec::new(),
    })
}

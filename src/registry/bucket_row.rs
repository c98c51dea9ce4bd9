use super::RegistryError;
use super::error::not_found;
use super::scope::Scope;
use super::settings::require_active;
use super::store::{Row, Tx, values};
use crate::access::Permission;
use crate::model::{BucketName, IterationRecord, Labels, Timestamp};
use crate::registry::{channel_row, json};

/// The part of a bucket that the rules need.
pub(super) struct BucketRow {
    pub(super) id: String,
    described_at: Option<Timestamp>,
    labelled_at: Option<Timestamp>,
}

/// Whether the registry of project `$1` is out of use.
macro_rules! is_out_of_use {
    () => {
        "(SELECT COUNT(*) FROM registries r
            WHERE r.project_id = $1 AND (r.deactivated_at IS NOT NULL OR r.deleted_at IS NOT NULL))"
    };
}

/// Refuses what is asked of a bucket, where the next cell of `row` says that.
async fn refuse_if_out_of_use<T: Tx>(tx: &mut T, scope: &Scope, row: &mut Row) -> Result<(), RegistryError> {
    if row.integer()? == 0 { Ok(()) } else { require_active(tx, scope).await }
}

/// The bucket `name`, if there is one that the caller may see, as the last operation that wrote in it left it.
///
/// Operations that write in a bucket begin here. They take its row, so that on an engine where several write at once,
/// they write one after the other in one bucket, and each reads what the one before it committed.
pub(super) async fn hold<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    name: &BucketName,
) -> Result<Option<BucketRow>, RegistryError> {
    if !scope.caller.may_see(name) {
        return Ok(None);
    }
    let sql = concat!(
        "UPDATE buckets SET seq = seq WHERE project_id = $1 AND name = $2 RETURNING id, described_at, labelled_at, ",
        is_out_of_use!()
    );
    let Some(mut row) = tx.rows(sql, values![&scope.project_id, name]).await?.pop() else { return Ok(None) };
    let held = BucketRow { id: row.text()?, described_at: row.optional_time()?, labelled_at: row.optional_time()? };
    refuse_if_out_of_use(tx, scope, &mut row).await?;
    Ok(Some(held))
}

/// The id of the bucket `name`, held for writing what `permission` is about: see [`hold`].
pub(super) async fn require_held<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    name: &BucketName,
    permission: Permission,
) -> Result<String, RegistryError> {
    // Before anything is held: those who may only read hold up nobody.
    if scope.caller.may_see(name) {
        scope.caller.require(permission, Some(name))?;
    }
    match hold(tx, scope, name).await? {
        Some(bucket) => Ok(bucket.id),
        None => Err(unknown(tx, scope, name).await?),
    }
}

/// The bucket `name`, held for recording in it; `None` where it is missing and may be created.
pub(super) async fn hold_to_push<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    name: &BucketName,
) -> Result<Option<BucketRow>, RegistryError> {
    require_push(tx, scope, name).await?;
    let held = hold(tx, scope, name).await?;
    if held.is_none() {
        scope.caller.require(Permission::ManageBuckets, Some(name))?;
    }
    Ok(held)
}

async fn require_push<T: Tx>(tx: &mut T, scope: &Scope, name: &BucketName) -> Result<(), RegistryError> {
    if !scope.caller.may_see(name) {
        return Err(unknown(tx, scope, name).await?);
    }
    Ok(scope.caller.require(Permission::Push, Some(name))?)
}

/// Refuses what [`hold_to_push`] would, and holds nothing.
pub(super) async fn check_push<T: Tx>(tx: &mut T, scope: &Scope, name: &BucketName) -> Result<(), RegistryError> {
    require_push(tx, scope, name).await?;
    let sql = "SELECT 1 FROM buckets WHERE project_id = $1 AND name = $2";
    if tx.rows(sql, values![&scope.project_id, name]).await?.is_empty() {
        scope.caller.require(Permission::ManageBuckets, Some(name))?;
    }
    Ok(())
}

/// The id of the bucket `name`, for reading.
pub(super) async fn require<T: Tx>(tx: &mut T, scope: &Scope, name: &BucketName) -> Result<String, RegistryError> {
    if !scope.caller.may_see(name) {
        return Err(unknown(tx, scope, name).await?);
    }
    let sql = concat!("SELECT id, ", is_out_of_use!(), " FROM buckets WHERE project_id = $1 AND name = $2");
    match tx.rows(sql, values![&scope.project_id, name]).await?.pop() {
        Some(mut row) => {
            let id = row.text()?;
            refuse_if_out_of_use(tx, scope, &mut row).await?;
            Ok(id)
        }
        None => Err(unknown(tx, scope, name).await?),
    }
}

/// The answer about a bucket that is not there, or that the caller may not see: both are the same.
async fn unknown<T: Tx>(tx: &mut T, scope: &Scope, name: &BucketName) -> Result<RegistryError, RegistryError> {
    let sql = "SELECT name FROM buckets WHERE project_id = $1 AND deleted_at IS NULL ORDER BY name";
    let mut names = Vec::new();
    for mut row in tx.rows(sql, values![&scope.project_id]).await? {
        let existing = row.parsed(BucketName::parse)?;
        if scope.caller.may_see(&existing) {
            names.push(existing.to_string());
        }
    }
    Ok(not_found(format!("bucket {name}"), "buckets", names))
}

/// The bucket of `record`: what was `held`, or created with its managed channel, and described as the newest record has
/// it.
pub(super) async fn ensure<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    held: Option<BucketRow>,
    record: &IterationRecord,
) -> Result<String, RegistryError> {
    let bucket = match held {
        Some(bucket) => bucket,
        None => create(tx, scope, &record.bucket).await?,
    };
    let is_newer = |than: Option<Timestamp>| than.is_none_or(|than| record.recorded_at > than);
    if let Some(description) = record.bucket_description.as_ref().filter(|_| is_newer(bucket.described_at)) {
        let sql = "UPDATE buckets SET description = $2, described_at = $3 WHERE id = $1";
        tx.exec(sql, values![&bucket.id, description, record.recorded_at]).await?;
    }
    if let Some(labels) = record.bucket_labels.as_ref().filter(|_| is_newer(bucket.labelled_at)) {
        let sql = "UPDATE buckets SET labels = $2, labelled_at = $3 WHERE id = $1";
        tx.exec(sql, values![&bucket.id, json::labels(labels)?, record.recorded_at]).await?;
    }
    touch(tx, scope, &bucket.id).await?;
    Ok(bucket.id)
}

/// Notes that something in the bucket changed.
pub(super) async fn touch<T: Tx>(tx: &mut T, scope: &Scope, bucket_id: &str) -> Result<(), RegistryError> {
    tx.exec("UPDATE buckets SET updated_at = $2 WHERE id = $1", values![bucket_id, scope.now]).await?;
    Ok(())
}

/// Describes a bucket as somebody says now.
pub(super) async fn describe<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    bucket_id: &str,
    (description, labels): (Option<&String>, Option<&Labels>),
) -> Result<(), RegistryError> {
    if let Some(description) = description {
        let sql = "UPDATE buckets SET description = $2, described_at = $3 WHERE id = $1";
        tx.exec(sql, values![bucket_id, description, scope.now]).await?;
    }
    if let Some(labels) = labels {
        let sql = "UPDATE buckets SET labels = $2, labelled_at = $3 WHERE id = $1";
        tx.exec(sql, values![bucket_id, json::labels(labels)?, scope.now]).await?;
    }
    touch(tx, scope, bucket_id).await
}

pub(super) async fn create<T: Tx>(tx: &mut T, scope: &Scope, name: &BucketName) -> Result<BucketRow, RegistryError> {
    require_active(tx, scope).await?;
    let id = scope.new_id();
    let sql = "INSERT INTO buckets (id, project_id, name, description, labels, seq, created_at, updated_at)
        VALUES ($1, $2, $3, '', '{}', 0, $4, $4)";
    tx.exec(sql, values![&id, &scope.project_id, name, scope.now]).await?;
    channel_row::create_latest(tx, scope, &id).await?;
    Ok(BucketRow { id, described_at: None, labelled_at: None })
}

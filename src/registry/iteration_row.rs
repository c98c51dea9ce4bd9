use super::RegistryError;
use super::scope::Scope;
use super::store::{Row, StoreError, Tx, values};
use crate::model::{Fingerprint, IterationId, RunUuid, Timestamp};

/// The part of an iteration that the rules need.
#[derive(Clone, Debug)]
pub(super) struct IterationRow {
    pub(super) id: IterationId,
    pub(super) bucket_id: String,
    pub(super) fingerprint: Fingerprint,
    /// Its number; an iteration is complete once it has one.
    pub(super) version: Option<u32>,
    /// The time of its newest record.
    pub(super) recorded_at: Timestamp,
    pub(super) revoke_at: Option<Timestamp>,
    /// Whether channels leave it then.
    pub(super) revocation_rolls_back: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.bucket_id, i.fingerprint, i.version, i.recorded_at, i.revoke_at, i.revocation_rolls_back
                FROM iterations i ",
            $rest
        )
    };
}

impl IterationRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed(IterationId::parse)?,
            bucket_id: row.text()?,
            fingerprint: row.parsed(Fingerprint::parse)?,
            version: row.optional_number()?,
            recorded_at: row.time()?,
            revoke_at: row.optional_time()?,
            revocation_rolls_back: row.optional_integer()?.is_some_and(|rolls_back| rolls_back != 0),
        })
    }

    pub(super) fn is_complete(&self) -> bool {
        self.version.is_some()
    }

    /// Whether it may no longer be used; the very moment of revocation counts.
    pub(super) fn is_revoked(&self, now: Timestamp) -> bool {
        self.revoke_at.is_some_and(|moment| moment <= now)
    }
}

fn first(rows: Vec<Row>) -> Result<Option<IterationRow>, RegistryError> {
    Ok(rows.into_iter().next().map(IterationRow::read).transpose()?)
}

/// The iteration with this id.
pub(super) async fn by_id<T: Tx>(
    tx: &mut T,
    bucket_id: &str,
    id: &IterationId,
) -> Result<Option<IterationRow>, RegistryError> {
    first(
        tx.rows(select!("WHERE i.bucket_id = $1 AND i.id = $2 AND i.deleted_at IS NULL"), values![bucket_id, id])
            .await?,
    )
}

/// The iteration with this fingerprint, complete or not.
pub(super) async fn by_fingerprint<T: Tx>(
    tx: &mut T,
    bucket_id: &str,
    fingerprint: &Fingerprint,
) -> Result<Option<IterationRow>, RegistryError> {
    first(tx.rows(select!("WHERE i.bucket_id = $1 AND i.fingerprint = $2"), values![bucket_id, fingerprint]).await?)
}

/// The complete iteration with this number.
pub(super) async fn by_version<T: Tx>(
    tx: &mut T,
    bucket_id: &str,
    version: u32,
) -> Result<Option<IterationRow>, RegistryError> {
    first(
        tx.rows(
            select!("WHERE i.bucket_id = $1 AND i.version = $2 AND i.deleted_at IS NULL"),
            values![bucket_id, version],
        )
        .await?,
    )
}

/// What `latest` points at: the complete iteration with the newest record that is not revoked at `now`.
pub(super) async fn newest_in_force<T: Tx>(
    tx: &mut T,
    bucket_id: &str,
    now: Timestamp,
) -> Result<Option<IterationRow>, RegistryError> {
    let sql = select!(
        "WHERE i.bucket_id = $1 AND i.version IS NOT NULL AND (i.revoke_at IS NULL OR i.revoke_at > $2)
            AND i.deleted_at IS NULL
         ORDER BY i.recorded_at DESC, i.version DESC LIMIT 1"
    );
    first(tx.rows(sql, values![bucket_id, now]).await?)
}

/// The newest entry in the history of a channel that may still be used at `now`.
pub(super) async fn last_in_force<T: Tx>(
    tx: &mut T,
    channel_id: &str,
    now: Timestamp,
) -> Result<Option<IterationRow>, RegistryError> {
    let sql = select!(
        "JOIN channel_assignments a ON a.iteration_id = i.id
         WHERE a.channel_id = $1 AND (i.revoke_at IS NULL OR i.revoke_at > $2) AND i.deleted_at IS NULL
         ORDER BY a.position DESC LIMIT 1"
    );
    first(tx.rows(sql, values![channel_id, now]).await?)
}

/// The bucket's name for `bucket_id`'s newest iterations, as an error lists them.
pub(super) async fn newest_names<T: Tx>(tx: &mut T, bucket_id: &str) -> Result<Vec<String>, RegistryError> {
    let sql = select!(
        "WHERE i.bucket_id = $1 AND i.deleted_at IS NULL
         ORDER BY i.recorded_at DESC, i.version DESC NULLS LAST, i.id DESC"
    );
    let describe = |row| {
        IterationRow::read(row).map(|iteration| match iteration.version {
            Some(version) => format!("{} (v{version})", iteration.fingerprint),
            None => format!("{} (incomplete)", iteration.fingerprint),
        })
    };
    Ok(tx.rows(sql, values![bucket_id]).await?.into_iter().map(describe).collect::<Result<_, _>>()?)
}

/// An incomplete iteration that takes a record of `run_uuid` which asks for `asked`; created if missing.
///
/// A complete iteration does not change: the record goes to `fresh`, which the builds of a run share. Where that is
/// complete too, the builds of a run share an iteration of the registry's choice, found again through its builds.
pub(super) async fn open_for<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    bucket_id: &str,
    (asked, fresh): (&Fingerprint, &Fingerprint),
    (run_uuid, recorded_at): (&RunUuid, Timestamp),
) -> Result<IterationRow, RegistryError> {
    for fingerprint in [asked, fresh] {
        match by_fingerprint(tx, bucket_id, fingerprint).await? {
            None => return create(tx, scope, bucket_id, fingerprint.clone(), recorded_at).await,
            Some(iteration) if !iteration.is_complete() => return Ok(iteration),
            Some(_) => {}
        }
    }
    let sql = select!(
        "JOIN builds b ON b.iteration_id = i.id
         WHERE b.bucket_id = $1 AND b.asked_fingerprint = $2 AND b.run_uuid = $3 AND i.version IS NULL
            AND i.deleted_at IS NULL
         ORDER BY i.created_at DESC, i.id DESC LIMIT 1"
    );
    match first(tx.rows(sql, values![bucket_id, asked, run_uuid]).await?)? {
        Some(iteration) => Ok(iteration),
        None => {
            let chosen = Fingerprint::parse(scope.new_id()).expect("a ULID has 26 letters and digits");
            create(tx, scope, bucket_id, chosen, recorded_at).await
        }
    }
}

pub(super) async fn create<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    bucket_id: &str,
    fingerprint: Fingerprint,
    recorded_at: Timestamp,
) -> Result<IterationRow, RegistryError> {
    let id = IterationId::parse(scope.new_id()).expect("an id just made is a ULID");
    let sql = "INSERT INTO iterations (id, project_id, bucket_id, fingerprint, created_at, recorded_at, author)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![&id, &scope.project_id, bucket_id, &fingerprint, scope.now, recorded_at, &scope.caller.name];
    tx.exec(sql, values).await?;
    let bucket_id = bucket_id.to_owned();
    let (version, revoke_at, revocation_rolls_back) = (None, None, false);
    Ok(IterationRow { id, bucket_id, fingerprint, version, recorded_at, revoke_at, revocation_rolls_back })
}

/// Notes the time of a record that the iteration took.
pub(super) async fn note_record<T: Tx>(
    tx: &mut T,
    iteration: &mut IterationRow,
    recorded_at: Timestamp,
) -> Result<(), RegistryError> {
    if recorded_at > iteration.recorded_at {
        let sql = "UPDATE iterations SET recorded_at = $2 WHERE id = $1";
        tx.exec(sql, values![&iteration.id, recorded_at]).await?;
        iteration.recorded_at = recorded_at;
    }
    Ok(())
}

use super::RegistryError;
use super::iteration_row::{self, IterationRow};
use super::store::{Row, StoreError, Tx, values};
use crate::model::{BuildKey, BuildStatus, ComponentType, Fingerprint, IterationId, Timestamp};

/// The part of a build that the rules need.
pub(super) struct BuildRow {
    pub(super) id: String,
    pub(super) iteration_id: IterationId,
    pub(super) fresh_fingerprint: Fingerprint,
    pub(super) component_type: ComponentType,
    pub(super) platform: String,
    pub(super) status: BuildStatus,
    pub(super) recorded_at: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, iteration_id, fresh_fingerprint, component_type, platform, status, recorded_at FROM builds ",
            $rest
        )
    };
}

impl BuildRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            iteration_id: row.parsed(IterationId::parse)?,
            fresh_fingerprint: row.parsed(Fingerprint::parse)?,
            component_type: row.parsed(ComponentType::parse)?,
            platform: row.text()?,
            status: row.decoded(parse_status)?,
            recorded_at: row.time()?,
        })
    }
}

/// How statuses are stored.
pub(super) fn parse_status(text: &str) -> Result<BuildStatus, String> {
    match text {
        "registered" => Ok(BuildStatus::Registered),
        "running" => Ok(BuildStatus::Running),
        "failed" => Ok(BuildStatus::Failed),
        "cancelled" => Ok(BuildStatus::Cancelled),
        "unconfirmed" => Ok(BuildStatus::Unconfirmed),
        "done" => Ok(BuildStatus::Done),
        "destroyed" => Ok(BuildStatus::Destroyed),
        "superseded" => Ok(BuildStatus::Superseded),
        _ => Err(format!("build status {text} is not known")),
    }
}

/// The build that a record with this key became.
pub(super) async fn find<T: Tx>(
    tx: &mut T,
    bucket_id: &str,
    key: &BuildKey,
) -> Result<Option<BuildRow>, RegistryError> {
    let sql = select!("WHERE bucket_id = $1 AND asked_fingerprint = $2 AND component_type = $3 AND run_uuid = $4");
    let values = values![bucket_id, &key.fingerprint, &key.component_type, &key.run_uuid];
    Ok(tx.rows(sql, values).await?.pop().map(BuildRow::read).transpose()?)
}

/// The build with this id of an iteration.
pub(super) async fn require<T: Tx>(tx: &mut T, iteration: &IterationRow, id: &str) -> Result<BuildRow, RegistryError> {
    let sql = select!("WHERE iteration_id = $1 AND id = $2");
    match tx.rows(sql, values![&iteration.id, id]).await?.pop() {
        Some(row) => Ok(BuildRow::read(row)?),
        None => Err(unknown(&iteration.fingerprint, id)),
    }
}

/// The answer about a build that is not there.
pub(super) fn unknown(fingerprint: &Fingerprint, id: &str) -> RegistryError {
    RegistryError::NotFound {
        what: format!("build {id} of iteration {fingerprint}"),
        way_out: "list the builds of the iteration to see which there are".to_owned(),
    }
}

/// Whether an iteration has a build of this component type that counts.
pub(super) async fn is_registered<T: Tx>(
    tx: &mut T,
    iteration: &IterationId,
    component_type: &ComponentType,
) -> Result<bool, RegistryError> {
    let sql = "SELECT 1 FROM builds WHERE iteration_id = $1 AND component_type = $2
        AND status NOT IN ('superseded', 'destroyed') LIMIT 1";
    Ok(!tx.rows(sql, values![iteration, component_type]).await?.is_empty())
}

/// How a status is stored that a client may announce.
pub(super) fn announced(status: BuildStatus) -> Option<&'static str> {
    match status {
        BuildStatus::Registered => Some("registered"),
        BuildStatus::Running => Some("running"),
        BuildStatus::Failed => Some("failed"),
        BuildStatus::Cancelled => Some("cancelled"),
        BuildStatus::Unconfirmed | BuildStatus::Done | BuildStatus::Destroyed | BuildStatus::Superseded => None,
    }
}

/// The iteration that took a build, unless it was deleted.
pub(super) async fn iteration<T: Tx>(
    tx: &mut T,
    bucket_id: &str,
    build: &BuildRow,
) -> Result<IterationRow, RegistryError> {
    let found = iteration_row::by_id(tx, bucket_id, &build.iteration_id).await?;
    found.ok_or_else(|| {
        RegistryError::Refused(format!(
            "{} of this run was recorded, and its iteration {} was deleted since; build it anew, in another run",
            build.component_type, build.iteration_id
        ))
    })
}

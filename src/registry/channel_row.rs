use super::RegistryError;
use super::iteration_row::{self, IterationRow};
use super::scope::Scope;
use super::store::{Fault, Row, StoreError, Tx, values};
use crate::model::{BucketName, Channel, ChannelAssignment, ChannelName, Fingerprint, IterationId, Timestamp};

/// The author of what the registry does by itself.
const REGISTRY: &str = "registry";

/// A channel with its newest assignment.
pub(super) struct ChannelRow {
    pub(super) id: String,
    pub(super) name: ChannelName,
    pub(super) managed: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    head: Option<Head>,
}

/// The newest entry of a channel's history.
pub(super) struct Head {
    pub(super) assignment: ChannelAssignment,
    /// What the time of a late record is compared with.
    pub(super) effective_at: Timestamp,
    /// Whether it is not in the history, because a revocation took effect since the channel last moved.
    is_turned: bool,
}

impl ChannelRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        let (id, name, managed) = (row.text()?, row.parsed(ChannelName::parse)?, row.integer()? != 0);
        let (created_at, updated_at) = (row.time()?, row.time()?);
        let head = match row.optional_time()? {
            None => None,
            Some(effective_at) => Some(Head { effective_at, assignment: read_assignment(&mut row)?, is_turned: false }),
        };
        Ok(Self { id, name, managed, created_at, updated_at, head })
    }

    /// The iteration that it points at.
    pub(super) fn iteration_id(&self) -> Option<&IterationId> {
        self.head.as_ref()?.assignment.iteration_id.as_ref()
    }

    /// Whether its newest assignment counts for later than a record of `recorded_at`.
    pub(super) fn moved_since(&self, recorded_at: Timestamp) -> bool {
        self.head.as_ref().is_some_and(|head| head.effective_at > recorded_at)
    }

    pub(super) fn into_channel(self, bucket: &BucketName) -> Channel {
        Channel {
            id: self.id,
            name: self.name,
            bucket: bucket.clone(),
            managed: self.managed,
            assignment: self.head.map(|head| head.assignment),
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// What it points at, where that is not in its history yet.
    pub(super) fn into_turned(self) -> Option<ChannelAssignment> {
        self.head.filter(|head| head.is_turned).map(|head| head.assignment)
    }

    /// Turns a managed channel towards what is in force at this moment, in case that a revocation took effect since it
    /// last moved: reading writes nothing.
    async fn turn<T: Tx>(&mut self, tx: &mut T, scope: &Scope, bucket_id: &str) -> Result<(), RegistryError> {
        let in_force = iteration_row::newest_in_force(tx, bucket_id, scope.now).await?;
        if self.iteration_id() == in_force.as_ref().map(|iteration| &iteration.id) {
            return Ok(());
        }
        let moved_at = match self.iteration_id().cloned() {
            Some(id) => iteration_row::by_id(tx, bucket_id, &id).await?.and_then(|iteration| iteration.revoke_at),
            None => None,
        };
        let moved_at = moved_at.filter(|moment| *moment <= scope.now).unwrap_or(scope.now);
        self.head = Some(Head {
            is_turned: true,
            effective_at: in_force.as_ref().map_or(moved_at, |iteration| iteration.recorded_at),
            assignment: ChannelAssignment {
                position: self.head.as_ref().map_or(0, |head| head.assignment.position),
                iteration_id: in_force.as_ref().map(|iteration| iteration.id.clone()),
                fingerprint: in_force.as_ref().map(|iteration| iteration.fingerprint.clone()),
                version: in_force.and_then(|iteration| iteration.version),
                author: REGISTRY.to_owned(),
                assigned_at: moved_at,
            },
        });
        self.updated_at = moved_at;
        Ok(())
    }
}

fn read_assignment(row: &mut Row) -> Result<ChannelAssignment, StoreError> {
    Ok(ChannelAssignment {
        position: row.number()?,
        iteration_id: row.optional_parsed(IterationId::parse)?,
        fingerprint: row.optional_parsed(Fingerprint::parse)?,
        version: row.optional_number()?,
        author: row.text()?,
        assigned_at: row.time()?,
    })
}

async fn stored<T: Tx>(tx: &mut T, bucket_id: &str) -> Result<Vec<ChannelRow>, RegistryError> {
    let sql = "SELECT c.id, c.name, c.managed, c.created_at, c.updated_at,
            a.effective_at, a.position, a.iteration_id, i.fingerprint, i.version, a.author, a.assigned_at
        FROM channels c
        LEFT JOIN channel_assignments a ON a.channel_id = c.id AND a.position = c.head
        LEFT JOIN iterations i ON i.id = a.iteration_id
        WHERE c.bucket_id = $1 ORDER BY c.name";
    let rows = tx.rows(sql, values![bucket_id]).await?;
    Ok(rows.into_iter().map(ChannelRow::read).collect::<Result<_, _>>()?)
}

/// The channels of a bucket by name, as they point at this moment.
pub(super) async fn all<T: Tx>(tx: &mut T, scope: &Scope, bucket_id: &str) -> Result<Vec<ChannelRow>, RegistryError> {
    let mut channels = stored(tx, bucket_id).await?;
    for channel in channels.iter_mut().filter(|channel| channel.managed) {
        channel.turn(tx, scope, bucket_id).await?;
    }
    Ok(channels)
}

/// What a channel has pointed at, newest first.
pub(super) async fn history<T: Tx>(tx: &mut T, channel_id: &str) -> Result<Vec<ChannelAssignment>, RegistryError> {
    let sql = "SELECT a.position, a.iteration_id, i.fingerprint, i.version, a.author, a.assigned_at
        FROM channel_assignments a LEFT JOIN iterations i ON i.id = a.iteration_id
        WHERE a.channel_id = $1 ORDER BY a.position DESC";
    let rows = tx.rows(sql, values![channel_id]).await?;
    Ok(rows.into_iter().map(|mut row| read_assignment(&mut row)).collect::<Result<_, _>>()?)
}

/// What a channel has pointed at since the place `after` in its history, oldest first, at most `limit` of them.
pub(super) async fn moves<T: Tx>(
    tx: &mut T,
    channel_id: &str,
    after: u32,
    limit: u32,
) -> Result<Vec<ChannelAssignment>, RegistryError> {
    let sql = "SELECT a.position, a.iteration_id, i.fingerprint, i.version, a.author, a.assigned_at
        FROM channel_assignments a LEFT JOIN iterations i ON i.id = a.iteration_id
        WHERE a.channel_id = $1 AND a.position > $2 ORDER BY a.position LIMIT $3";
    let rows = tx.rows(sql, values![channel_id, after, limit]).await?;
    Ok(rows.into_iter().map(|mut row| read_assignment(&mut row)).collect::<Result<_, _>>()?)
}

/// Creates the managed channel of a new bucket.
pub(super) async fn create_latest<T: Tx>(tx: &mut T, scope: &Scope, bucket_id: &str) -> Result<(), RegistryError> {
    create(tx, scope, bucket_id, &ChannelName::latest(), true).await.map(drop)
}

/// Creates a channel that points at nothing; answers its id.
pub(super) async fn create<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    bucket_id: &str,
    name: &ChannelName,
    managed: bool,
) -> Result<String, RegistryError> {
    let id = scope.new_id();
    let sql = "INSERT INTO channels (id, project_id, bucket_id, name, managed, head, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 0, $6, $6)";
    tx.exec(sql, values![&id, &scope.project_id, bucket_id, name, managed, scope.now]).await?;
    Ok(id)
}

/// Appends to the history of a channel, which so points at `iteration`.
pub(super) async fn append<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    channel_id: &str,
    iteration: Option<&IterationId>,
    (author, effective_at): (&str, Timestamp),
) -> Result<(), RegistryError> {
    let sql = "UPDATE channels SET head = head + 1, updated_at = $2 WHERE id = $1 RETURNING head";
    let Some(mut row) = tx.rows(sql, values![channel_id, scope.now]).await?.pop() else {
        return Err(StoreError::new(Fault::Corrupt(format!("channel {channel_id} is gone"))).into());
    };
    let sql = "INSERT INTO channel_assignments
            (project_id, channel_id, position, iteration_id, author, assigned_at, effective_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![&scope.project_id, channel_id, row.integer()?, iteration, author, scope.now, effective_at];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Lets `latest` follow the newest iteration in force; answers whether it now points at `completed` and did not before.
pub(super) async fn follow_latest<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    completed: &IterationRow,
) -> Result<Option<ChannelName>, RegistryError> {
    let bucket_id = &completed.bucket_id;
    let in_force = iteration_row::newest_in_force(tx, bucket_id, scope.now).await?;
    let mut moved = None;
    for channel in stored(tx, bucket_id).await?.into_iter().filter(|channel| channel.managed) {
        let target = in_force.as_ref().map(|iteration| &iteration.id);
        if channel.iteration_id() == target {
            continue;
        }
        let effective_at = in_force.as_ref().map_or(scope.now, |iteration| iteration.recorded_at);
        append(tx, scope, &channel.id, target, (REGISTRY, effective_at)).await?;
        moved = Some(channel.name).filter(|_| target == Some(&completed.id));
    }
    Ok(moved)
}

use super::RegistryError;
use super::iteration_row;
use super::scope::Scope;
use super::store::{Fault, Row, StoreError, Tx, values};
use crate::access::Permission;
use crate::model::{
    BucketName, Channel, ChannelAssignment, ChannelName, Fingerprint, IterationId, Relative, Timestamp,
};

/// The author of what the registry does by itself.
const REGISTRY: &str = "registry";

/// A channel, and where it points.
pub(super) struct ChannelRow {
    pub(super) id: String,
    pub(super) name: ChannelName,
    pub(super) managed: bool,
    pub(super) restricted: bool,
    author: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// The newest entry of its history.
    written: Option<Head>,
    /// Moves that are not in its history yet, because revocations that took effect caused them and reading writes nothing:
    /// oldest first, each as it will read once it is written.
    turns: Vec<Head>,
}

/// An entry of a channel's history.
struct Head {
    assignment: ChannelAssignment,
    /// What the time of a late record is compared with.
    effective_at: Timestamp,
    /// When its iteration is revoked, if it is or will be.
    revoke_at: Option<Timestamp>,
    /// Whether the channel leaves it then. The managed one always does.
    rolls_back: bool,
}

impl ChannelRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        let (id, name, managed) = (row.text()?, row.parsed(ChannelName::parse)?, row.integer()? != 0);
        let (restricted, author) = (row.integer()? != 0, row.text()?);
        let (created_at, updated_at) = (row.time()?, row.time()?);
        let written = match row.optional_time()? {
            None => None,
            Some(effective_at) => Some(Head {
                effective_at,
                assignment: read_assignment(&mut row)?,
                revoke_at: row.optional_time()?,
                rolls_back: managed || row.optional_integer()?.is_some_and(|rolls_back| rolls_back != 0),
            }),
        };
        let turns = Vec::new();
        Ok(Self { id, name, managed, restricted, author, created_at, updated_at, written, turns })
    }

    fn head(&self) -> Option<&Head> {
        self.turns.last().or(self.written.as_ref())
    }

    /// The iteration that it points at.
    pub(super) fn iteration_id(&self) -> Option<&IterationId> {
        self.head()?.assignment.iteration_id.as_ref()
    }

    /// Whether its newest assignment counts for later than a record of `recorded_at`.
    pub(super) fn moved_since(&self, recorded_at: Timestamp) -> bool {
        self.head().is_some_and(|head| head.effective_at > recorded_at)
    }

    pub(super) fn into_channel(mut self, bucket: &BucketName) -> Channel {
        Channel {
            assignment: self.turns.pop().or(self.written).map(|head| head.assignment),
            id: self.id,
            name: self.name,
            bucket: bucket.clone(),
            managed: self.managed,
            restricted: self.restricted,
            author: self.author,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// Its moves that are not in its history yet, oldest first.
    pub(super) fn into_turns(self) -> impl DoubleEndedIterator<Item = ChannelAssignment> {
        self.turns.into_iter().map(|turn| turn.assignment)
    }

    /// The iteration that it points at, in the words of a relation of this bucket.
    pub(super) fn points_at(&self, bucket: &BucketName) -> Option<Relative> {
        let ChannelAssignment { iteration_id, fingerprint, version, .. } = &self.head()?.assignment;
        Some(Relative {
            bucket: bucket.clone(),
            id: iteration_id.clone()?,
            fingerprint: fingerprint.clone()?,
            version: *version,
        })
    }

    /// Follows the revocations that took effect since the channel last moved, one after the other, as if each had been
    /// noticed at its moment.
    async fn turn<T: Tx>(&mut self, tx: &mut T, scope: &Scope, bucket_id: &str) -> Result<(), RegistryError> {
        while let Some(turn) = self.next_turn(tx, scope, bucket_id).await? {
            self.updated_at = turn.assignment.assigned_at;
            self.turns.push(turn);
        }
        Ok(())
    }

    async fn next_turn<T: Tx>(
        &self,
        tx: &mut T,
        scope: &Scope,
        bucket_id: &str,
    ) -> Result<Option<Head>, RegistryError> {
        let left = self.head().and_then(|head| head.left_at(scope.now));
        let moved_at = left.unwrap_or(scope.now);
        let in_force = match left {
            _ if self.managed => iteration_row::newest_in_force(tx, bucket_id, moved_at).await?,
            Some(_) => iteration_row::last_in_force(tx, &self.id, moved_at).await?,
            None => return Ok(None),
        };
        if self.iteration_id() == in_force.as_ref().map(|iteration| &iteration.id) {
            return Ok(None);
        }
        let effective_at = match (&in_force, self.head()) {
            (Some(iteration), _) if self.managed => iteration.recorded_at,
            (_, Some(head)) if !self.managed => head.effective_at,
            _ => moved_at,
        };
        Ok(Some(Head {
            effective_at,
            revoke_at: in_force.as_ref().and_then(|iteration| iteration.revoke_at),
            rolls_back: self.managed || in_force.as_ref().is_some_and(|iteration| iteration.revocation_rolls_back),
            assignment: ChannelAssignment {
                position: self.head().map_or(1, |head| head.assignment.position.saturating_add(1)),
                iteration_id: in_force.as_ref().map(|iteration| iteration.id.clone()),
                fingerprint: in_force.as_ref().map(|iteration| iteration.fingerprint.clone()),
                version: in_force.and_then(|iteration| iteration.version),
                author: REGISTRY.to_owned(),
                assigned_at: moved_at,
            },
        }))
    }

    /// Writes down where it has turned.
    async fn write_turns<T: Tx>(&mut self, tx: &mut T, scope: &Scope) -> Result<(), RegistryError> {
        for turn in std::mem::take(&mut self.turns) {
            let ChannelAssignment { iteration_id, assigned_at, .. } = &turn.assignment;
            let at = (*assigned_at, turn.effective_at);
            append(tx, scope, &self.id, (iteration_id.as_ref(), REGISTRY), at).await?;
            self.written = Some(turn);
        }
        Ok(())
    }

    /// Points it at `iteration`, which `author` asked for.
    pub(super) async fn point<T: Tx>(
        &mut self,
        tx: &mut T,
        scope: &Scope,
        iteration: Option<&IterationId>,
        (author, effective_at): (&str, Timestamp),
    ) -> Result<(), RegistryError> {
        self.write_turns(tx, scope).await?;
        append(tx, scope, &self.id, (iteration, author), (scope.now, effective_at)).await
    }
}

impl Head {
    /// When a revocation took the channel off its iteration, if one did by now.
    fn left_at(&self, now: Timestamp) -> Option<Timestamp> {
        let revoked = self.revoke_at.filter(|moment| self.rolls_back && *moment <= now)?;
        // What is built from a revoked iteration is revoked for longer than it is there.
        Some(revoked.max(self.assignment.assigned_at))
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

/// The fingerprint of `i`; one that was deleted had it without its id behind it.
macro_rules! fingerprint {
    () => {
        "CASE WHEN i.deleted_at IS NULL THEN i.fingerprint
            ELSE substr(i.fingerprint, 1, length(i.fingerprint) - length('/' || i.id)) END"
    };
}

async fn stored<T: Tx>(tx: &mut T, bucket_id: &str) -> Result<Vec<ChannelRow>, RegistryError> {
    let sql = concat!(
        "SELECT c.id, c.name, c.managed, c.restricted, c.author, c.created_at, c.updated_at,
            a.effective_at, a.position, a.iteration_id, ",
        fingerprint!(),
        ", i.version, a.author, a.assigned_at, i.revoke_at, i.revocation_rolls_back
        FROM channels c
        LEFT JOIN channel_assignments a ON a.channel_id = c.id AND a.position = c.head
        LEFT JOIN iterations i ON i.id = a.iteration_id
        WHERE c.bucket_id = $1 AND c.deleted_at IS NULL ORDER BY c.name"
    );
    let rows = tx.rows(sql, values![bucket_id]).await?;
    Ok(rows.into_iter().map(ChannelRow::read).collect::<Result<_, _>>()?)
}

/// The channels of a bucket by name, as they point at this moment.
pub(super) async fn all<T: Tx>(tx: &mut T, scope: &Scope, bucket_id: &str) -> Result<Vec<ChannelRow>, RegistryError> {
    let mut channels = stored(tx, bucket_id).await?;
    for channel in &mut channels {
        channel.turn(tx, scope, bucket_id).await?;
    }
    Ok(channels)
}

/// The same, without those that are hidden from the caller.
pub(super) async fn visible<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (bucket_id, bucket): (&str, &BucketName),
) -> Result<Vec<ChannelRow>, RegistryError> {
    let mut channels = all(tx, scope, bucket_id).await?;
    if !scope.caller.may(Permission::Govern, Some(bucket)) {
        channels.retain(|channel| !channel.restricted);
    }
    Ok(channels)
}

macro_rules! select_assignments {
    ($rest:literal) => {
        concat!(
            "SELECT a.position, a.iteration_id, ",
            fingerprint!(),
            ", i.version, a.author, a.assigned_at
             FROM channel_assignments a LEFT JOIN iterations i ON i.id = a.iteration_id ",
            $rest
        )
    };
}

/// What a channel has pointed at, newest first.
pub(super) async fn history<T: Tx>(tx: &mut T, channel_id: &str) -> Result<Vec<ChannelAssignment>, RegistryError> {
    let sql = select_assignments!("WHERE a.channel_id = $1 ORDER BY a.position DESC");
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
    let sql = select_assignments!("WHERE a.channel_id = $1 AND a.position > $2 ORDER BY a.position LIMIT $3");
    let rows = tx.rows(sql, values![channel_id, after, limit]).await?;
    Ok(rows.into_iter().map(|mut row| read_assignment(&mut row)).collect::<Result<_, _>>()?)
}

/// Creates the managed channel of a new bucket.
pub(super) async fn create_latest<T: Tx>(tx: &mut T, scope: &Scope, bucket_id: &str) -> Result<(), RegistryError> {
    let (name, managed, restricted) = (&ChannelName::latest(), true, true);
    create(tx, scope, bucket_id, NewChannel { name, managed, restricted }).await.map(drop)
}

/// A channel that is to be made.
pub(super) struct NewChannel<'n> {
    pub(super) name: &'n ChannelName,
    pub(super) managed: bool,
    pub(super) restricted: bool,
}

impl<'n> NewChannel<'n> {
    /// One that people move, and that everybody sees.
    pub(super) fn open(name: &'n ChannelName) -> Self {
        Self { name, managed: false, restricted: false }
    }
}

/// Creates a channel that points at nothing.
pub(super) async fn create<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    bucket_id: &str,
    channel: NewChannel<'_>,
) -> Result<ChannelRow, RegistryError> {
    let NewChannel { name, managed, restricted } = channel;
    let id = scope.new_id();
    let author = if managed { REGISTRY } else { &scope.caller.name };
    let sql = "INSERT INTO channels
            (id, project_id, bucket_id, name, managed, restricted, author, head, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $8)";
    let values = values![&id, &scope.project_id, bucket_id, name, managed, restricted, author, scope.now];
    tx.exec(sql, values).await?;
    let (created_at, updated_at, written, turns) = (scope.now, scope.now, None, Vec::new());
    let (name, author) = (name.clone(), author.to_owned());
    Ok(ChannelRow { id, name, managed, restricted, author, created_at, updated_at, written, turns })
}

/// Appends to the history of a channel, which so points at an iteration; an author says so.
async fn append<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    channel_id: &str,
    (iteration, author): (Option<&IterationId>, &str),
    (assigned_at, effective_at): (Timestamp, Timestamp),
) -> Result<(), RegistryError> {
    let sql = "UPDATE channels SET head = head + 1, updated_at = $2 WHERE id = $1 RETURNING head";
    let Some(mut row) = tx.rows(sql, values![channel_id, assigned_at]).await?.pop() else {
        return Err(StoreError::new(Fault::Corrupt(format!("channel {channel_id} is gone"))).into());
    };
    let sql = "INSERT INTO channel_assignments
            (project_id, channel_id, position, iteration_id, author, assigned_at, effective_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![&scope.project_id, channel_id, row.integer()?, iteration, author, assigned_at, effective_at];
    tx.exec(sql, values).await?;
    Ok(())
}

/// The channels of a bucket, once it is written down where they have turned.
pub(super) async fn all_written<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    bucket_id: &str,
) -> Result<Vec<ChannelRow>, RegistryError> {
    let mut channels = all(tx, scope, bucket_id).await?;
    for channel in &mut channels {
        channel.write_turns(tx, scope).await?;
    }
    Ok(channels)
}

/// Writes down where channels have turned; answers the names of those that did, and now point at `completed`.
pub(super) async fn turned_to<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    bucket_id: &str,
    completed: &IterationId,
) -> Result<Vec<ChannelName>, RegistryError> {
    let mut turned = Vec::new();
    for mut channel in all(tx, scope, bucket_id).await? {
        let has_turned = !channel.turns.is_empty();
        channel.write_turns(tx, scope).await?;
        if has_turned && channel.iteration_id() == Some(completed) {
            turned.push(channel.name);
        }
    }
    Ok(turned)
}

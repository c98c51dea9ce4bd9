use super::{build, iteration};
use crate::access::Permission;
use crate::model::{
    BucketName, Build, BuildMetadata, Channel, ChannelAssignment, ChannelName, ComponentType, Iteration,
    IterationStatus, RunUuid,
};
use crate::registry::build_row::parse_status;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, json};

/// A channel and the iteration behind it, with its builds and without what they were made of; or with what one needs of
/// it who looks for an artifact.
///
/// This is what the registry is asked most often, so it is one statement. Where it answers
/// nothing, [`ChannelWithIteration`] or [`OneIteration`] knows why.
///
/// [`ChannelWithIteration`]: super::ChannelWithIteration
/// [`OneIteration`]: super::OneIteration
pub(in crate::registry) struct BehindChannel {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) channel: ChannelName,
    /// The builds that are looked for.
    pub(in crate::registry) component_type: Option<ComponentType>,
    /// What the regions of the artifacts that are looked for begin with, in small letters and without spaces.
    pub(in crate::registry) region: String,
}

impl Op for BehindChannel {
    type Out = Option<(Channel, Iteration)>;
    const WRITES: bool = false;
    const ONE_STATEMENT: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, channel, component_type, region } = self;
        if !scope.caller.may_see(bucket) {
            return Ok(None);
        }
        let sql = "SELECT c.managed + COALESCE(i.revocation_rolls_back, 0), c.restricted,
                b.id, b.component_type, b.platform, b.status, b.run_uuid, b.labels, b.source_external_identifier,
                b.started_at, b.recorded_at, b.received_at, b.updated_at,
                a.id, a.platform, a.region, a.external_identifier, a.source_external_identifier, a.labels, a.created_at,
                c.id, c.managed, c.author, c.created_at, c.updated_at, h.position, h.author, h.assigned_at,
                i.id, i.fingerprint, i.version, i.partial_reason, i.revoke_at, i.revocation_message, i.created_at,
                i.recorded_at, i.completed_at, i.author, i.template_type, i.revocation_author, i.revoked_through
            FROM buckets k
            JOIN channels c ON c.bucket_id = k.id AND c.name = $3
            JOIN channel_assignments h ON h.channel_id = c.id AND h.position = c.head
            JOIN iterations i ON i.id = h.iteration_id
            JOIN builds b ON b.iteration_id = i.id AND ($4 = '' OR b.component_type = $4)
            LEFT JOIN artifacts a ON a.build_id = b.id
                AND ($5 = '' OR substr(lower(replace(a.region, ' ', '')), 1, length($5)) = $5)
            WHERE k.project_id = $1 AND k.name = $2 AND NOT EXISTS (
                SELECT 1 FROM registries r WHERE r.project_id = $1 AND r.deactivated_at IS NOT NULL)";
        let component_type = component_type.as_ref().map_or("", ComponentType::as_str);
        let rows = tx.rows(sql, values![&scope.project_id, bucket, channel, component_type, region]).await?;
        let mut found: Option<(Channel, Iteration)> = None;
        for mut row in rows {
            let (leaves_revoked, restricted) = (row.integer()? != 0, row.integer()? != 0);
            if restricted && !scope.caller.may(Permission::Govern, Some(bucket)) {
                return Ok(None);
            }
            let mut build = build(&mut row)?;
            let artifact = if row.is_null() {
                row.skip(build::ARTIFACT_COLUMNS);
                None
            } else {
                Some(build::artifact(&mut row)?)
            };
            let (_, iteration) = match &mut found {
                Some(found) => found,
                None => found.insert(self.pointed(row, restricted)?),
            };
            if leaves_revoked && iteration.status == IterationStatus::Revoked {
                // It has turned towards another one by now.
                return Ok(None);
            }
            match iteration.builds.iter_mut().rev().find(|known| known.id == build.id) {
                Some(known) => known.artifacts.extend(artifact),
                None => {
                    build.artifacts.extend(artifact);
                    iteration.builds.push(build);
                }
            }
        }
        if let Some((_, iteration)) = &mut found {
            put_in_order(&mut iteration.builds);
        }
        Ok(found)
    }
}

/// The order of [`build::read`], which the database puts them in.
fn put_in_order(builds: &mut [Build]) {
    builds.sort_by(|one, other| {
        let by_component = one.component_type.cmp(&other.component_type);
        by_component.then_with(|| (other.recorded_at, &other.id).cmp(&(one.recorded_at, &one.id)))
    });
    for build in builds {
        build.artifacts.sort_by(|one, other| {
            let [one, other] = [one, other].map(|a| (&a.platform, &a.region, &a.external_identifier, &a.id));
            one.cmp(&other)
        });
    }
}
impl BehindChannel {
    /// The channel and its iteration, from what is left of a row.
    fn pointed(&self, mut row: Row, restricted: bool) -> Result<(Channel, Iteration), StoreError> {
        let id = row.text()?;
        let managed = row.integer()? != 0;
        let (author, created_at, updated_at) = (row.text()?, row.time()?, row.time()?);
        let (position, mover, assigned_at) = (row.number()?, row.text()?, row.time()?);
        let iteration = iteration::read(row, &self.bucket, self.scope.now)?;
        let assignment = ChannelAssignment {
            position,
            iteration_id: Some(iteration.id.clone()),
            fingerprint: Some(iteration.fingerprint.clone()),
            version: iteration.version,
            author: mover,
            assigned_at,
        };
        let (name, bucket, assignment) = (self.channel.clone(), self.bucket.clone(), Some(assignment));
        Ok((Channel { id, name, bucket, managed, restricted, author, assignment, created_at, updated_at }, iteration))
    }
}

fn build(row: &mut Row) -> Result<Build, StoreError> {
    Ok(Build {
        id: row.text()?,
        component_type: row.parsed(ComponentType::parse)?,
        platform: row.text()?,
        status: row.decoded(parse_status)?,
        run_uuid: row.parsed(RunUuid::parse)?,
        labels: row.decoded(json::read_labels)?,
        source_external_identifier: row.optional_text()?,
        parents: Vec::new(),
        artifacts: Vec::new(),
        files: Vec::new(),
        metadata: BuildMetadata::default(),
        started_at: row.time()?,
        recorded_at: row.time()?,
        created_at: row.time()?,
        updated_at: row.time()?,
        reported: None,
    })
}

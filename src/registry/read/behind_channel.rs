use super::{build, iteration};
use crate::access::Permission;
use crate::model::{
    Artifact, BucketName, Build, BuildMetadata, Channel, ChannelAssignment, ChannelName, ComponentType, Iteration,
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
        // It is compared with those that are prepared, so it has no spaces that nobody needs.
        let sql = "SELECT \
            a.id, a.platform, a.region, a.external_identifier, a.source_external_identifier, a.labels, a.created_at, \
            b.id, b.component_type, b.platform, b.status, b.run_uuid, b.labels, b.source_external_identifier, \
            b.started_at, b.recorded_at, b.received_at, b.updated_at, \
            c.id, c.managed, c.author, c.created_at, c.updated_at, h.position, h.author, h.assigned_at, c.restricted, \
            i.revocation_rolls_back, \
            i.id, i.fingerprint, i.version, i.partial_reason, i.revoke_at, i.revocation_message, i.created_at, \
            i.recorded_at, i.completed_at, i.author, i.template_type, i.revocation_author, i.revoked_through \
            FROM buckets k \
            JOIN channels c ON c.bucket_id = k.id AND c.name = $3 \
            JOIN channel_assignments h ON h.channel_id = c.id AND h.position = c.head \
            JOIN iterations i ON i.id = h.iteration_id \
            JOIN builds b ON b.iteration_id = i.id AND ($4 = '' OR b.component_type = $4) \
            LEFT JOIN artifacts a ON a.build_id = b.id \
            AND ($5 = '' OR substr(lower(replace(a.region, ' ', '')), 1, length($5)) = $5) \
            WHERE k.project_id = $1 AND k.name = $2 AND NOT EXISTS \
            (SELECT 1 FROM registries r WHERE r.project_id = $1 AND r.deactivated_at IS NOT NULL)";
        let component_type = component_type.as_ref().map_or("", ComponentType::as_str);
        let values = values![&scope.project_id, bucket, channel, component_type, region];
        let mut found: Option<(Channel, Iteration)> = None;
        let mut builds = Builds::default();
        for mut row in tx.grouped_rows(sql, values, &[BUILD, CHANNEL]).await? {
            let artifact = build::artifact_if_any(&mut row)?;
            if !row.is_over() {
                builds.begin(build(&mut row)?);
            }
            builds.add(artifact);
            if !row.is_over() {
                let Some(pointed) = self.pointed(row)? else { return Ok(None) };
                found = Some(pointed);
            }
        }
        if let Some((_, iteration)) = &mut found {
            iteration.builds = builds.in_order();
        }
        Ok(found)
    }
}

/// The columns in which what belongs to a build begins, and to the channel.
const BUILD: usize = build::ARTIFACT_COLUMNS;
const CHANNEL: usize = BUILD + BUILD_COLUMNS;

/// Builds in the order in which they are found.
#[derive(Default)]
struct Builds {
    found: Vec<Build>,
    /// The one that artifacts are added to.
    current: usize,
}

impl Builds {
    /// What follows belongs to `build`, which may have been found before.
    fn begin(&mut self, build: Build) {
        self.current = self.found.iter().rposition(|known| known.id == build.id).unwrap_or_else(|| {
            self.found.push(build);
            self.found.len() - 1
        });
    }

    fn add(&mut self, artifact: Option<Artifact>) {
        if let Some(build) = self.found.get_mut(self.current) {
            build.artifacts.extend(artifact);
        }
    }

    /// All of them, in the order of [`build::read`], which the database puts them in.
    fn in_order(self) -> Vec<Build> {
        let mut builds = self.found;
        builds.sort_by(|one, other| {
            let by_component = one.component_type.cmp(&other.component_type);
            by_component.then_with(|| (other.recorded_at, &other.id).cmp(&(one.recorded_at, &one.id)))
        });
        for build in &mut builds {
            build.artifacts.sort_by(|one, other| {
                let [one, other] = [one, other].map(|a| (&a.platform, &a.region, &a.external_identifier, &a.id));
                one.cmp(&other)
            });
        }
        builds
    }
}

impl BehindChannel {
    /// The channel and its iteration, from what is left of a row; none where the caller may not read it, where it has turned
    /// away from an iteration that is revoked, or where another statement says what the revocation is inherited from.
    fn pointed(&self, mut row: Row) -> Result<Option<(Channel, Iteration)>, StoreError> {
        let id = row.text()?;
        let managed = row.integer()? != 0;
        let (author, created_at, updated_at) = (row.text()?, row.time()?, row.time()?);
        let (position, mover, assigned_at) = (row.number()?, row.text()?, row.time()?);
        let restricted = row.integer()? != 0;
        let rolls_back = row.optional_integer()?.is_some_and(|rolls_back| rolls_back != 0);
        let leaves_revoked = managed || rolls_back;
        if restricted && !self.scope.caller.may(Permission::Govern, Some(&self.bucket)) {
            return Ok(None);
        }
        let iteration = iteration::read(&mut row, &self.bucket, self.scope.now)?;
        if leaves_revoked && iteration.status == IterationStatus::Revoked {
            return Ok(None);
        }
        if iteration.revocation.as_ref().is_some_and(|revocation| revocation.through.is_some()) {
            return Ok(None);
        }
        let assignment = ChannelAssignment {
            position,
            iteration_id: Some(iteration.id.clone()),
            fingerprint: Some(iteration.fingerprint.clone()),
            version: iteration.version,
            author: mover,
            assigned_at,
        };
        let (name, bucket, assignment) = (self.channel.clone(), self.bucket.clone(), Some(assignment));
        let channel = Channel { id, name, bucket, managed, restricted, author, assignment, created_at, updated_at };
        Ok(Some((channel, iteration)))
    }
}

/// How many columns [`build()`] reads.
const BUILD_COLUMNS: usize = 11;

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

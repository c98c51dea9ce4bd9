use super::{build, iteration};
use crate::model::{
    BucketName, Build, BuildMetadata, BuildStatus, ChannelName, ComponentType, Iteration, IterationStatus, RunUuid,
};
use crate::registry::RegistryError;
use crate::registry::json;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};

/// The iteration behind a channel, as one who looks for an artifact needs it: with the done builds that have artifacts,
/// or with the one of these that is named, and without what they were made of.
///
/// This is what the registry is asked most often, so it is one statement, and puts nothing in an order. Where it answers
/// nothing, [`OneIteration`] knows why.
///
/// [`OneIteration`]: super::OneIteration
pub(in crate::registry) struct BehindChannel {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) channel: ChannelName,
    pub(in crate::registry) component_type: Option<ComponentType>,
}

impl Op for BehindChannel {
    type Out = Option<Iteration>;
    const WRITES: bool = false;
    const ONE_STATEMENT: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, channel, component_type } = self;
        if !scope.caller.may_see(bucket) {
            return Ok(None);
        }
        let sql = "SELECT c.managed, b.id, b.component_type, b.platform, b.run_uuid, b.labels,
                b.source_external_identifier, b.started_at, b.recorded_at,
                a.id, a.platform, a.region, a.external_identifier, a.source_external_identifier, a.labels, a.created_at,
                i.id, i.fingerprint, i.version, i.partial_reason, i.revoke_at, i.revocation_message, i.created_at,
                i.recorded_at, i.completed_at
            FROM buckets k
            JOIN channels c ON c.bucket_id = k.id AND c.name = $3
            JOIN channel_assignments h ON h.channel_id = c.id AND h.position = c.head
            JOIN iterations i ON i.id = h.iteration_id
            JOIN builds b ON b.iteration_id = i.id AND b.status = 'done' AND ($4 = '' OR b.component_type = $4)
            JOIN artifacts a ON a.build_id = b.id
            WHERE k.project_id = $1 AND k.name = $2";
        let component_type = component_type.as_ref().map_or("", ComponentType::as_str);
        let rows = tx.rows(sql, values![&scope.project_id, bucket, channel, component_type]).await?;
        let mut found: Option<Iteration> = None;
        for mut row in rows {
            let managed = row.integer()? != 0;
            let mut build = build(&mut row)?;
            let artifact = build::artifact(&mut row)?;
            let iteration = match &mut found {
                Some(iteration) => iteration,
                None => found.insert(iteration::read(row, bucket, scope.now)?),
            };
            if managed && iteration.status == IterationStatus::Revoked {
                // It has turned towards another one by now.
                return Ok(None);
            }
            match iteration.builds.iter_mut().rev().find(|known| known.id == build.id) {
                Some(known) => known.artifacts.push(artifact),
                None => {
                    build.artifacts.push(artifact);
                    iteration.builds.push(build);
                }
            }
        }
        Ok(found)
    }
}

fn build(row: &mut Row) -> Result<Build, StoreError> {
    Ok(Build {
        id: row.text()?,
        component_type: row.parsed(ComponentType::parse)?,
        platform: row.text()?,
        status: BuildStatus::Done,
        run_uuid: row.parsed(RunUuid::parse)?,
        labels: row.decoded(json::read_labels)?,
        source_external_identifier: row.optional_text()?,
        parents: Vec::new(),
        artifacts: Vec::new(),
        files: Vec::new(),
        metadata: BuildMetadata::default(),
        started_at: row.time()?,
        recorded_at: row.time()?,
    })
}

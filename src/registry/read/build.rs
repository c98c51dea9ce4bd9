use std::collections::BTreeMap;

use crate::model::{
    Artifact, BucketName, Build, BuildStatus, ChannelName, ComponentType, FileDigest, Fingerprint, IterationId,
    ParentIteration, RunUuid, Timestamp,
};
use crate::registry::build_row::{self, parse_status};
use crate::registry::expected::Expected;
use crate::registry::iteration_row::IterationRow;
use crate::registry::store::{Row, StoreError, Tx, values};
use crate::registry::{RegistryError, json};

/// Milliseconds after which a build that is said to run, and gives no sign of life, runs no more: Packer gives one every
/// two minutes, and HCP Packer waits for two windows of five minutes.
const LONGEST_SILENCE: i64 = 10 * 60 * 1000;

/// Which builds to read.
#[derive(Clone, Copy)]
pub(in crate::registry) enum Of<'a> {
    /// Those of all iterations of a bucket.
    Bucket(&'a str),
    /// Those of one iteration.
    Iteration(&'a IterationId),
    /// The one with this id, of an iteration.
    Build(&'a IterationId, &'a str),
    /// Those of a page of a bucket's iterations.
    Page(&'a str, &'a Page),
}

/// A page of a bucket's iterations, newest record first: those behind a place.
#[derive(Clone, Debug)]
pub(in crate::registry) struct Page {
    pub(in crate::registry) recorded_at: Timestamp,
    /// 0 for those without one.
    pub(in crate::registry) version: u32,
    pub(in crate::registry) id: String,
    pub(in crate::registry) limit: u32,
}

/// The builds of an iteration, and what their records expect.
#[derive(Default)]
pub(in crate::registry) struct Builds {
    pub(in crate::registry) builds: Vec<Build>,
    pub(in crate::registry) expected: Expected,
}

/// Picks the statement of `$of`, which ends with a condition on `b`, and runs it.
macro_rules! rows {
    ($tx:expr, $of:expr, $select:literal, $order:literal) => {
        match $of {
            Of::Bucket(id) => $tx.rows(concat!($select, " WHERE b.bucket_id = $1 ", $order), values![id]).await?,
            Of::Iteration(id) => $tx.rows(concat!($select, " WHERE b.iteration_id = $1 ", $order), values![id]).await?,
            Of::Build(iteration_id, id) => {
                let sql = concat!($select, " WHERE b.iteration_id = $1 AND b.id = $2 ", $order);
                $tx.rows(sql, values![iteration_id, id]).await?
            }
            Of::Page(bucket_id, Page { recorded_at, version, id, limit }) => {
                let sql = concat!(
                    $select,
                    " WHERE b.iteration_id IN (SELECT i.id FROM iterations i
                        WHERE i.bucket_id = $1 AND i.deleted_at IS NULL AND i.recorded_at <= $2
                            AND (i.recorded_at, COALESCE(i.version, 0), i.id) < ($2, $3, $4)
                        ORDER BY i.recorded_at DESC, COALESCE(i.version, 0) DESC, i.id DESC LIMIT $5) ",
                    $order
                );
                $tx.rows(sql, values![bucket_id, *recorded_at, *version, id, *limit]).await?
            }
        }
    };
}

/// The build with this id of an iteration.
pub(in crate::registry) async fn one_build<T: Tx>(
    tx: &mut T,
    iteration: &IterationRow,
    id: &str,
    now: Timestamp,
) -> Result<Build, RegistryError> {
    let found = read(tx, Of::Build(&iteration.id, id), now).await?.remove(iteration.id.as_str()).unwrap_or_default();
    found.builds.into_iter().next().ok_or_else(|| build_row::unknown(&iteration.fingerprint, id))
}

/// Builds by the id of their iteration: by component type, superseded ones last.
pub(in crate::registry) async fn read<T: Tx>(
    tx: &mut T,
    of: Of<'_>,
    now: Timestamp,
) -> Result<BTreeMap<String, Builds>, RegistryError> {
    let mut artifacts = by_build(
        rows!(
            tx,
            of,
            "SELECT a.build_id, a.id, a.platform, a.region, a.external_identifier, a.source_external_identifier,
                a.labels, a.created_at
             FROM artifacts a JOIN builds b ON b.id = a.build_id",
            "ORDER BY a.platform, a.region, a.external_identifier, a.id"
        ),
        artifact,
    )?;
    let mut files = by_build(
        rows!(
            tx,
            of,
            "SELECT f.build_id, f.name, f.size, f.sha256 FROM files f JOIN builds b ON b.id = f.build_id",
            "ORDER BY f.build_id, f.position"
        ),
        file,
    )?;
    let mut parents = by_build(
        rows!(
            tx,
            of,
            "SELECT p.build_id, p.bucket, p.fingerprint, p.iteration_id, p.version, p.channel, p.external_identifier
             FROM parents p JOIN builds b ON b.id = p.build_id",
            "ORDER BY p.build_id, p.position"
        ),
        parent,
    )?;
    let rows = rows!(
        tx,
        of,
        "SELECT b.iteration_id, b.expected, b.id, b.component_type, b.platform, b.status, b.run_uuid, b.labels,
            b.source_external_identifier, b.metadata, b.started_at, b.recorded_at, b.received_at, b.updated_at, b.reported,
            b.beat_at FROM builds b",
        "ORDER BY b.component_type, b.recorded_at DESC, b.id DESC"
    );
    let mut found: BTreeMap<String, Builds> = BTreeMap::new();
    for mut row in rows {
        let iteration = found.entry(row.text()?).or_default();
        iteration.expected.add(&mut row)?;
        let mut build = build(row, now)?;
        build.artifacts = artifacts.remove(&build.id).unwrap_or_default();
        build.files = files.remove(&build.id).unwrap_or_default();
        build.parents = parents.remove(&build.id).unwrap_or_default();
        iteration.builds.push(build);
    }
    for Builds { builds, .. } in found.values_mut() {
        builds.sort_by_key(|build| build.status == BuildStatus::Superseded);
    }
    Ok(found)
}

fn by_build<T>(
    rows: Vec<Row>,
    read: fn(&mut Row) -> Result<T, StoreError>,
) -> Result<BTreeMap<String, Vec<T>>, StoreError> {
    let mut found: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for mut row in rows {
        found.entry(row.text()?).or_default().push(read(&mut row)?);
    }
    Ok(found)
}

fn build(mut row: Row, now: Timestamp) -> Result<Build, StoreError> {
    let mut build = Build {
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
        metadata: row.decoded(json::read_metadata)?,
        started_at: row.time()?,
        recorded_at: row.time()?,
        created_at: row.time()?,
        updated_at: row.time()?,
        reported: row.optional_text()?,
    };
    let is_silent = row.optional_time()?.is_some_and(|beat| now.0 - beat.0 > LONGEST_SILENCE);
    if build.status == BuildStatus::Running && is_silent {
        build.status = BuildStatus::Cancelled;
    }
    Ok(build)
}

/// The columns that [`artifact`] reads.
pub(super) const ARTIFACT_COLUMNS: usize = 7;

fn artifact(row: &mut Row) -> Result<Artifact, StoreError> {
    Ok(Artifact {
        id: row.text()?,
        platform: row.text()?,
        region: row.text()?,
        external_identifier: row.text()?,
        source_external_identifier: row.optional_text()?,
        labels: row.decoded(json::read_labels)?,
        created_at: row.time()?,
    })
}

/// An artifact, or none where all of its columns are null.
pub(super) fn artifact_if_any(row: &mut Row) -> Result<Option<Artifact>, StoreError> {
    if row.is_null() {
        row.skip(ARTIFACT_COLUMNS);
        return Ok(None);
    }
    artifact(row).map(Some)
}

fn file(row: &mut Row) -> Result<FileDigest, StoreError> {
    let name = row.text()?;
    let size = u64::try_from(row.integer()?).map_err(|error| corrupt(&error))?;
    Ok(FileDigest { name, size, sha256: row.optional_text()? })
}

fn parent(row: &mut Row) -> Result<ParentIteration, StoreError> {
    Ok(ParentIteration {
        bucket: row.parsed(BucketName::parse)?,
        fingerprint: row.parsed(Fingerprint::parse)?,
        iteration_id: row.text()?,
        version: row.optional_number()?,
        channel: row.optional_parsed(ChannelName::parse)?,
        external_identifier: row.text()?,
    })
}

fn corrupt(error: &dyn std::error::Error) -> StoreError {
    StoreError::new(crate::registry::store::Fault::Corrupt(error.to_string()))
}

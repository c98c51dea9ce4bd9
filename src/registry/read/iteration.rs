use std::collections::{BTreeMap, BTreeSet};

use super::build::{self, Builds, Of, Page};
use crate::access::Permission;
use crate::model::{
    BucketName, BuildStatus, Fingerprint, Iteration, IterationId, IterationSelector, IterationStatus, Relative,
    Revocation, RevokedAncestor, Timestamp,
};
use crate::registry::channel_row::ChannelRow;
use crate::registry::scope::Scope;
use crate::registry::store::{Fault, Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, bucket_row, channel_row, json, selection};

/// The iterations of a bucket, newest record first.
pub(in crate::registry) struct Iterations {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
}

/// A page of the iterations of a bucket, newest record first.
pub(in crate::registry) struct IterationsPage {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) page: Page,
}

/// One iteration.
pub(in crate::registry) struct OneIteration {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) selector: IterationSelector,
}

/// One iteration with no other builds than the one that is asked for, whatever there are.
pub(in crate::registry) struct IterationWithBuild {
    pub(in crate::registry) iteration: OneIteration,
    /// The id of the build; nothing has an empty one.
    pub(in crate::registry) build: String,
}

/// One iteration, for whoever may complete or revoke it.
pub(in crate::registry) struct GovernedIteration(pub(in crate::registry) OneIteration);

/// Several iterations, also of different buckets; those that are not there are left out.
pub(in crate::registry) struct SeveralIterations {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) wanted: Vec<(BucketName, IterationSelector)>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.fingerprint, i.version, i.partial_reason, i.revoke_at, i.revocation_message, i.created_at,
                i.recorded_at, i.completed_at, i.author, i.template_type, i.revocation_author, i.revoked_through,
                ak.name, a.fingerprint, a.version
             FROM iterations i LEFT JOIN iterations a ON a.id = i.revoked_through AND a.deleted_at IS NULL
             LEFT JOIN buckets ak ON ak.id = a.bucket_id ",
            $rest
        )
    };
}

impl Op for Iterations {
    type Out = Vec<Iteration>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let channels = channel_row::visible(tx, scope, (&bucket_id, bucket)).await?;
        let builds = build::read(tx, Of::Bucket(&bucket_id), scope.now).await?;
        let sql = select!(
            "WHERE i.bucket_id = $1 AND i.deleted_at IS NULL
             ORDER BY i.recorded_at DESC, i.version DESC NULLS LAST, i.id DESC"
        );
        put_together(tx.rows(sql, values![&bucket_id]).await?, builds, &channels, (bucket, scope))
    }
}

impl Op for IterationsPage {
    type Out = Vec<Iteration>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, page } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let channels = channel_row::visible(tx, scope, (&bucket_id, bucket)).await?;
        let builds = build::read(tx, Of::Page(&bucket_id, page), scope.now).await?;
        // The time stands there twice: an index can be used for it alone.
        let sql = select!(
            "WHERE i.bucket_id = $1 AND i.deleted_at IS NULL AND i.recorded_at <= $2
                AND (i.recorded_at, COALESCE(i.version, 0), i.id) < ($2, $3, $4)
            ORDER BY i.recorded_at DESC, COALESCE(i.version, 0) DESC, i.id DESC LIMIT $5"
        );
        let Page { recorded_at, version, id, limit } = page;
        let rows = tx.rows(sql, values![&bucket_id, *recorded_at, *version, id, *limit]).await?;
        put_together(rows, builds, &channels, (bucket, scope))
    }
}

fn put_together(
    rows: Vec<Row>,
    mut builds: BTreeMap<String, Builds>,
    channels: &[ChannelRow],
    (bucket, scope): (&BucketName, &Scope),
) -> Result<Vec<Iteration>, RegistryError> {
    let mut iterations = Vec::new();
    for row in rows {
        let mut iteration = read_with_ancestor(row, bucket, scope)?;
        let its_builds = builds.remove(iteration.id.as_str()).unwrap_or_default();
        fill(&mut iteration, its_builds, channels);
        iterations.push(iteration);
    }
    Ok(iterations)
}

impl Op for OneIteration {
    type Out = Iteration;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        self.read(tx, None).await
    }
}

impl Op for IterationWithBuild {
    type Out = Iteration;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        self.iteration.read(tx, Some(&self.build)).await
    }
}

impl OneIteration {
    /// Reads it with all of its builds, or with the one that has this id.
    async fn read<T: Tx>(&self, tx: &mut T, build: Option<&str>) -> Result<Iteration, RegistryError> {
        let Self { scope, bucket, selector } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let id = selection::require(tx, scope, (&bucket_id, bucket), selector).await?.id;
        let channels = channel_row::visible(tx, scope, (&bucket_id, bucket)).await?;
        let of = build.map_or(Of::Iteration(&id), |build| Of::Build(&id, build));
        let builds = build::read(tx, of, scope.now).await?.remove(id.as_str()).unwrap_or_default();
        let Some(row) = tx.rows(select!("WHERE i.id = $1"), values![&id]).await?.pop() else {
            return Err(StoreError::new(Fault::Corrupt(format!("iteration {id} is gone"))).into());
        };
        let mut iteration = read_with_ancestor(row, bucket, scope)?;
        fill(&mut iteration, builds, &channels);
        Ok(iteration)
    }
}

impl Op for GovernedIteration {
    type Out = Iteration;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self(one) = self;
        let OneIteration { scope, bucket, .. } = one;
        bucket_row::require(tx, scope, bucket).await?;
        scope.caller.require(Permission::Govern, Some(bucket))?;
        one.run(tx).await
    }
}

impl Op for SeveralIterations {
    type Out = Vec<Option<Iteration>>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, wanted } = self;
        let mut found = Vec::with_capacity(wanted.len());
        for (bucket, selector) in wanted {
            let one = OneIteration { scope: scope.clone(), bucket: bucket.clone(), selector: selector.clone() };
            found.push(match one.run(tx).await {
                Ok(iteration) => Some(iteration),
                Err(RegistryError::NotFound { .. }) => None,
                Err(error) => return Err(error),
            });
        }
        Ok(found)
    }
}

/// An iteration, and behind it, where the one is that it inherits its revocation from, if it does.
fn read_with_ancestor(mut row: Row, bucket: &BucketName, scope: &Scope) -> Result<Iteration, StoreError> {
    let mut iteration = read(&mut row, bucket, scope.now)?;
    let ancestor = iteration.revocation.as_mut().and_then(|revocation| revocation.through.as_mut());
    if let Some(ancestor) = ancestor
        && !row.is_null()
    {
        let bucket = row.parsed(BucketName::parse)?;
        let (fingerprint, version) = (row.parsed(Fingerprint::parse)?, row.optional_number()?);
        if scope.caller.may_see(&bucket) {
            *ancestor = RevokedAncestor::Seen(Relative { bucket, id: ancestor.id().clone(), fingerprint, version });
        }
    }
    Ok(iteration)
}

/// An iteration; of the one that it inherits its revocation from, the id.
pub(super) fn read(row: &mut Row, bucket: &BucketName, now: Timestamp) -> Result<Iteration, StoreError> {
    let (id, fingerprint) = (row.parsed(IterationId::parse)?, row.parsed(Fingerprint::parse)?);
    let (version, partial_reason) = (row.optional_number()?, row.optional_text()?);
    let (revoke_at, message) = (row.optional_time()?, row.optional_text()?);
    let mut iteration = Iteration {
        id,
        bucket: bucket.clone(),
        fingerprint,
        version,
        status: match (version, revoke_at) {
            (None, _) => IterationStatus::Incomplete,
            (Some(_), None) => IterationStatus::Complete,
            // The very moment of revocation counts.
            (Some(_), Some(moment)) if moment <= now => IterationStatus::Revoked,
            (Some(_), Some(_)) => IterationStatus::RevocationScheduled,
        },
        partial_reason,
        revocation: None,
        channels: Vec::new(),
        builds: Vec::new(),
        missing: Vec::new(),
        created_at: row.time()?,
        recorded_at: row.time()?,
        completed_at: row.optional_time()?,
        author: row.text()?,
        template_type: row.optional_parsed(|text| json::read_template_type(&text))?,
    };
    let (author, through) = (row.optional_text()?.unwrap_or_default(), row.optional_parsed(IterationId::parse)?);
    let message = message.unwrap_or_default();
    let through = through.map(RevokedAncestor::Unseen);
    iteration.revocation = revoke_at.map(|revoke_at| Revocation { revoke_at, message, author, through });
    Ok(iteration)
}

fn fill(iteration: &mut Iteration, found: Builds, channels: &[ChannelRow]) {
    let Builds { builds, expected } = found;
    let done: BTreeSet<_> =
        builds.iter().filter(|build| build.status == BuildStatus::Done).map(|build| &build.component_type).collect();
    iteration.missing = expected.names().iter().filter(|expected| !done.contains(expected)).cloned().collect();
    iteration.builds = builds;
    iteration.channels = channels
        .iter()
        .filter(|channel| channel.iteration_id() == Some(&iteration.id))
        .map(|channel| channel.name.clone())
        .collect();
}

//! The iterations that an answer about something else tells of.

use super::{Call, Fault};
use crate::model::{BucketName, BucketSummary, ChannelAssignment, Iteration, IterationId, IterationSelector};
use crate::registry::Service;
use crate::registry::store::Store;

/// The iteration that `latest` points at, for each bucket.
pub(in crate::api) async fn newest<S: Store>(
    service: &Service<S>,
    call: &Call,
    summaries: &[BucketSummary],
) -> Result<Vec<Option<Iteration>>, Fault> {
    let latest = |summary: &BucketSummary| {
        Some((summary.bucket.name.clone(), IterationSelector::Version(summary.latest_version?)))
    };
    let wanted = summaries.iter().filter_map(latest).collect();
    let found = service.several_iterations(&call.caller, wanted).await.map_err(|error| call.failed(error))?;
    let mut found = found.into_iter();
    Ok(summaries.iter().map(|summary| summary.latest_version.and_then(|_| found.next().flatten())).collect())
}

/// The iterations that `assignments` point at, one for each; each iteration is read once.
pub(in crate::api) async fn assigned<S: Store>(
    service: &Service<S>,
    call: &Call,
    bucket: &BucketName,
    assignments: impl Iterator<Item = Option<&ChannelAssignment>>,
) -> Result<Vec<Option<Iteration>>, Fault> {
    let ids: Vec<Option<IterationId>> = assignments.map(|assignment| assignment?.iteration_id.clone()).collect();
    let mut distinct: Vec<&IterationId> = ids.iter().flatten().collect();
    distinct.sort();
    distinct.dedup();
    let wanted = distinct.into_iter().map(|id| (bucket.clone(), IterationSelector::Id(id.clone()))).collect();
    let found = service.several_iterations(&call.caller, wanted).await.map_err(|error| call.failed(error))?;
    let behind = |id: &IterationId| found.iter().flatten().find(|iteration| iteration.id == *id).cloned();
    Ok(ids.iter().map(|id| behind(id.as_ref()?)).collect())
}

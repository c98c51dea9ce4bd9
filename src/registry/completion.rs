use std::collections::{BTreeMap, BTreeSet};

use super::build_row::parse_status;
use super::channel_row::{self, ChannelRow, NewChannel};
use super::expected::Expected;
use super::iteration_row::IterationRow;
use super::scope::Scope;
use super::store::{Fault, StoreError, Tx, values};
use super::{RegistryError, await_completion, parent_row, revocation_row};
use crate::model::{BuildStatus, ChannelName, ComponentType, Receipt, Warning};
use crate::registry::json;

/// How far an iteration is: what its records expect and ask for, and what of it is done.
pub(super) struct Progress {
    expected: Expected,
    done: BTreeSet<ComponentType>,
    channels: BTreeSet<ChannelName>,
}

/// What follows from completing an iteration.
#[derive(Default)]
pub(super) struct Completed {
    pub(super) assigned: Vec<ChannelName>,
    pub(super) warnings: Vec<Warning>,
}

/// Whether a build of an iteration is not done, and has no other one of its kind that is: then the iteration is not
/// complete, whatever else is expected.
pub(super) async fn is_waiting<T: Tx>(tx: &mut T, iteration: &IterationRow) -> Result<bool, RegistryError> {
    let sql = "SELECT 1 FROM builds b WHERE b.iteration_id = $1 AND NOT EXISTS (SELECT 1 FROM builds d
            WHERE d.iteration_id = b.iteration_id AND d.component_type = b.component_type AND d.status = 'done') LIMIT 1";
    Ok(!tx.rows(sql, values![&iteration.id]).await?.is_empty())
}

impl Progress {
    pub(super) async fn of<T: Tx>(tx: &mut T, iteration: &IterationRow) -> Result<Self, RegistryError> {
        let sql = "SELECT component_type, status, expected, channels FROM builds WHERE iteration_id = $1";
        let mut progress = Self { expected: Expected::default(), done: BTreeSet::new(), channels: BTreeSet::new() };
        for mut row in tx.rows(sql, values![&iteration.id]).await? {
            let component_type = row.parsed(ComponentType::parse)?;
            let status = row.decoded(parse_status)?;
            progress.expected.add(&mut row)?;
            // Unconfirmed, destroyed and superseded builds have no image that can be relied on, and no say.
            if status == BuildStatus::Done {
                progress.done.insert(component_type);
                progress.channels.extend(parse_all(row.decoded(json::read_names)?, ChannelName::parse)?);
            }
        }
        Ok(progress)
    }

    /// Whether every expected build is done.
    pub(super) fn is_all_done(&self) -> bool {
        self.expected.names().is_subset(&self.done)
    }

    /// Whether no build is done.
    pub(super) fn is_nothing_done(&self) -> bool {
        self.done.is_empty()
    }

    /// The expected builds that are not done, sorted.
    pub(super) fn missing(&self) -> Vec<ComponentType> {
        self.expected.names().difference(&self.done).cloned().collect()
    }

    pub(super) fn receipt(&self, iteration: &IterationRow, warnings: Vec<Warning>) -> Receipt {
        Receipt {
            iteration_id: iteration.id.clone(),
            fingerprint: iteration.fingerprint.clone(),
            version: iteration.version,
            recorded: self.done.len(),
            expected: self.expected.names().len(),
            missing: self.missing(),
            assigned: Vec::new(),
            replayed: false,
            warnings,
        }
    }

    /// Gives the iteration the next number of its bucket, and moves the channels that its records ask for.
    ///
    /// `partial_reason` is why it does without the builds that are missing.
    pub(super) async fn complete<T: Tx>(
        &self,
        tx: &mut T,
        scope: &Scope,
        iteration: &mut IterationRow,
        partial_reason: Option<&str>,
    ) -> Result<Completed, RegistryError> {
        let channels = channel_row::all_written(tx, scope, &iteration.bucket_id).await?;
        let sql = "UPDATE buckets SET seq = seq + 1, updated_at = $2 WHERE id = $1 RETURNING seq";
        let Some(mut row) = tx.rows(sql, values![&iteration.bucket_id, scope.now]).await?.pop() else {
            return Err(StoreError::new(Fault::Corrupt(format!("iteration {} has no bucket", iteration.id))).into());
        };
        let version = row.number()?;
        let sql = "UPDATE iterations SET version = $2, completed_at = $3, partial_reason = $4 WHERE id = $1";
        tx.exec(sql, values![&iteration.id, version, scope.now, partial_reason]).await?;
        iteration.version = Some(version);
        let mut completed = self.move_channels(tx, scope, iteration, channels).await?;
        parent_row::find_by_source(tx, scope, &iteration.id).await?;
        revocation_row::inherit(tx, scope, &iteration.id).await?;
        let turned = channel_row::turned_to(tx, scope, &iteration.bucket_id, &iteration.id).await?;
        completed.assigned.extend(turned);
        Ok(completed)
    }

    async fn move_channels<T: Tx>(
        &self,
        tx: &mut T,
        scope: &Scope,
        iteration: &IterationRow,
        mut existing: Vec<ChannelRow>,
    ) -> Result<Completed, RegistryError> {
        let mut completed = Completed::default();
        let asked_for = self.channels.iter().filter(|name| !name.is_latest());
        let mut asked_for: BTreeMap<_, _> = asked_for.map(|name| (name.clone(), scope.caller.name.clone())).collect();
        asked_for.extend(await_completion::awaited(tx, &iteration.id).await?);
        for (name, author) in asked_for {
            let mut channel = match existing.iter().position(|channel| channel.name == name) {
                None => channel_row::create(tx, scope, &iteration.bucket_id, NewChannel::open(&name)).await?,
                Some(found) => existing.swap_remove(found),
            };
            if channel.moved_since(iteration.recorded_at) {
                completed.warnings.push(Warning::ChannelMovedSince { channel: name });
                continue;
            }
            let by = (author.as_str(), iteration.recorded_at);
            channel.point(tx, scope, Some(&iteration.id), by).await?;
            completed.assigned.push(name);
        }
        Ok(completed)
    }
}

fn parse_all<T, E: ToString>(names: Vec<String>, parse: impl Fn(String) -> Result<T, E>) -> Result<Vec<T>, StoreError> {
    names
        .into_iter()
        .map(|name| parse(name).map_err(|error| StoreError::new(Fault::Corrupt(error.to_string()))))
        .collect()
}

use super::build_row::{self, BuildRow};
use super::completion::{Completed, Progress};
use super::iteration_row::{self, IterationRow};
use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, supersede};
use crate::access::Permission;
use crate::model::{BuildKey, BuildStatus, Receipt, Warning};

/// Notes that Packer took the answer about a recorded build; completes its iteration where that was the last one.
pub(super) struct Confirm {
    pub(super) scope: Scope,
    pub(super) key: BuildKey,
}

impl Op for Confirm {
    type Out = Receipt;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Receipt, RegistryError> {
        let Self { scope, key } = self;
        let (bucket_id, build) = require(tx, scope, key).await?;
        let mut iteration = build_row::iteration(tx, &bucket_id, &build).await?;
        let mut status = build.status;
        let mut warnings = Vec::new();
        if status == BuildStatus::Unconfirmed {
            if iteration.is_complete() {
                iteration = self.move_on(tx, &iteration, &build).await?;
                let (asked, used) = (key.fingerprint.clone(), iteration.fingerprint.clone());
                warnings.push(Warning::WentToFreshIteration { asked, used });
            }
            status = supersede::take_place(tx, &iteration, &key.component_type, &build).await?;
            bucket_row::touch(tx, scope, &bucket_id).await?;
        }
        let sql = "UPDATE builds SET confirmed_at = $2, updated_at = $2 WHERE id = $1 AND confirmed_at IS NULL";
        tx.exec(sql, values![&build.id, scope.now]).await?;
        warnings.extend(supersede::warnings(tx, &build).await?);
        if status == BuildStatus::Superseded {
            warnings.push(Warning::ArrivedSuperseded { component_type: key.component_type.clone() });
        }
        let progress = Progress::of(tx, &iteration).await?;
        let completed = if status == BuildStatus::Done && !iteration.is_complete() && progress.is_all_done() {
            progress.complete(tx, scope, &mut iteration, None).await?
        } else {
            Completed::default()
        };
        warnings.extend(completed.warnings);
        let mut receipt = progress.receipt(&iteration, warnings);
        receipt.assigned = completed.assigned;
        Ok(receipt)
    }
}

impl Confirm {
    /// Moves an unconfirmed build out of an iteration that was completed without it.
    ///
    /// A complete iteration does not change, and its images do not resolve from there: in a fresh one they can.
    async fn move_on<T: Tx>(
        &self,
        tx: &mut T,
        from: &IterationRow,
        build: &BuildRow,
    ) -> Result<IterationRow, RegistryError> {
        let Self { scope, key } = self;
        let fingerprints = (&key.fingerprint, &build.fresh_fingerprint);
        let by = (&key.run_uuid, build.recorded_at);
        let mut to = iteration_row::open_for(tx, scope, &from.bucket_id, fingerprints, by).await?;
        tx.exec("UPDATE builds SET iteration_id = $2 WHERE id = $1", values![&build.id, &to.id]).await?;
        iteration_row::note_record(tx, &mut to, build.recorded_at).await?;
        Ok(to)
    }
}

/// The bucket and the build that a key names, held for writing.
pub(super) async fn require<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    key: &BuildKey,
) -> Result<(String, BuildRow), RegistryError> {
    let BuildKey { bucket, fingerprint, component_type, run_uuid } = key;
    let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Push).await?;
    match build_row::find(tx, &bucket_id, key).await? {
        Some(build) => Ok((bucket_id, build)),
        None => Err(RegistryError::NotFound {
            what: format!(
                "a record of build {component_type} of run {run_uuid} under fingerprint {fingerprint} of bucket {bucket}"
            ),
            way_out: "deliver the record first, for example with: spool push".to_owned(),
        }),
    }
}

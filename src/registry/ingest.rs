use super::build_content::{self, Addition};
use super::completion::Progress;
use super::iteration_row::{self, IterationRow};
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, build_row, limits};
use crate::model::{ComponentType, IterationRecord, Receipt, Warning};

/// Records one build of one run, not yet confirmed.
pub(super) struct Ingest {
    pub(super) scope: Scope,
    pub(super) record: IterationRecord,
}

impl Op for Ingest {
    type Out = Receipt;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Receipt, RegistryError> {
        let Self { scope, record } = self;
        limits::check(record)?;
        let held = bucket_row::hold_to_push(tx, scope, &record.bucket).await?;
        if let Some(bucket) = &held
            && let Some(build) = build_row::find(tx, &bucket.id, &record.key()).await?
        {
            return self.replay(tx, &bucket.id, build).await;
        }
        let bucket_id = bucket_row::ensure(tx, scope, held, record).await?;
        let mut iteration = iteration_row::open_for(
            tx,
            scope,
            &bucket_id,
            (&record.fingerprint, &record.fresh_fingerprint),
            (&record.run_uuid, record.recorded_at),
        )
        .await?;
        let warnings = self.went_elsewhere(&iteration);
        build_content::insert(tx, scope, (&bucket_id, &iteration.id), record).await?;
        iteration_row::note_record(tx, &mut iteration, record.recorded_at).await?;
        Ok(Progress::of(tx, &iteration).await?.receipt(&iteration, warnings))
    }
}

impl Ingest {
    /// The answer that the record was given before, as things stand now.
    ///
    /// Nothing changes, unless the record names images or files that the build does not have: none may get lost.
    async fn replay<T: Tx>(
        &self,
        tx: &mut T,
        bucket_id: &str,
        build: build_row::BuildRow,
    ) -> Result<Receipt, RegistryError> {
        let iteration = build_row::iteration(tx, bucket_id, &build).await?;
        let mut warnings = self.went_elsewhere(&iteration);
        let addition = Addition::of(tx, &build.id, (&self.record.images, &self.record.files)).await?;
        if !addition.is_empty() {
            let component_type = self.record.component_type.clone();
            let names = addition.names();
            if let Some(version) = iteration.version {
                return Err(already_complete(&component_type, &iteration, version, &names));
            }
            addition.insert(tx, &self.scope, &build.id).await?;
            bucket_row::touch(tx, &self.scope, bucket_id).await?;
            warnings.push(Warning::Added { component_type, names });
        }
        let mut receipt = Progress::of(tx, &iteration).await?.receipt(&iteration, warnings);
        receipt.replayed = addition.is_empty();
        Ok(receipt)
    }

    fn went_elsewhere(&self, iteration: &IterationRow) -> Vec<Warning> {
        let asked = self.record.fingerprint.clone();
        if iteration.fingerprint == asked {
            return Vec::new();
        }
        vec![Warning::WentToFreshIteration { asked, used: iteration.fingerprint.clone() }]
    }
}

fn already_complete(
    component_type: &ComponentType,
    iteration: &IterationRow,
    version: u32,
    names: &[String],
) -> RegistryError {
    RegistryError::Refused(format!(
        "{component_type} of this run was recorded before, and its iteration {} is complete as v{version} and never \
         changes again; to record {}, give it a component_type of its own",
        iteration.fingerprint,
        names.join(", ")
    ))
}

use super::build_row::{self, Room};
use super::completion::Progress;
use super::iteration_row::{self, IterationRow};
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, limits};
use crate::model::{BuildStatus, IterationRecord, Receipt, Warning};

/// Records one build of one run, not yet confirmed.
pub(super) struct Ingest<'r> {
    pub(super) scope: Scope,
    pub(super) record: &'r IterationRecord,
}

impl Op for Ingest<'_> {
    type Out = Receipt;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Receipt, RegistryError> {
        let Self { scope, record } = self;
        limits::check(record)?;
        if let Some(bucket) = bucket_row::find(tx, scope, &record.bucket).await?
            && let Some(build) = build_row::find(tx, &bucket.id, &record.key()).await?
        {
            return self.replay(tx, &bucket.id, build).await;
        }
        let bucket_id = bucket_row::ensure(tx, scope, record).await?;
        let mut iteration = iteration_row::open_for(
            tx,
            scope,
            &bucket_id,
            (&record.fingerprint, &record.fresh_fingerprint),
            (&record.run_uuid, record.recorded_at),
        )
        .await?;
        let mut warnings = self.went_elsewhere(&iteration);
        let room = build_row::make_room(tx, &iteration.id, &record.component_type, record.recorded_at).await?;
        let is_superseded = matches!(room, Room::Taken);
        let id = build_row::insert(tx, scope, (&bucket_id, &iteration.id), record, is_superseded).await?;
        match room {
            Room::Free => {}
            Room::Made { by, warning } => {
                build_row::name_successor(tx, &by, &id).await?;
                warnings.push(warning);
            }
            Room::Taken => {
                warnings.push(Warning::ArrivedSuperseded { component_type: record.component_type.clone() });
            }
        }
        iteration_row::note_record(tx, &mut iteration, record.recorded_at).await?;
        Ok(Progress::of(tx, &iteration).await?.receipt(&iteration, warnings))
    }
}

impl Ingest<'_> {
    /// The answer that the record was given before, as things stand now; changes nothing.
    async fn replay<T: Tx>(
        &self,
        tx: &mut T,
        bucket_id: &str,
        build: build_row::BuildRow,
    ) -> Result<Receipt, RegistryError> {
        let iteration = build_row::iteration(tx, bucket_id, &build).await?;
        let mut warnings = self.went_elsewhere(&iteration);
        warnings.extend(build_row::predecessors(tx, &build.id).await?);
        if build.status == BuildStatus::Superseded {
            warnings.push(Warning::ArrivedSuperseded { component_type: self.record.component_type.clone() });
        }
        let mut receipt = Progress::of(tx, &iteration).await?.receipt(&iteration, warnings);
        receipt.replayed = true;
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

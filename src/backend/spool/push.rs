//! Late delivery of what waits.

use super::file_name::{SpoolState, in_state};
use super::{Spool, SpoolError, SpooledRecord};
use crate::backend::{Backend, BackendError};
use crate::model::Receipt;

/// After so many records in a row that met with a registry that is away, the rest is not attempted.
const PATIENCE: usize = 3;

/// What became of one record of a push.
#[derive(Debug)]
pub enum Outcome {
    /// The registry has it, and its file is gone.
    Delivered(Receipt),
    /// The registry has it, but its file could not be removed; to push it again changes nothing.
    FileStays(Receipt, SpoolError),
    /// The registry did not take it, or not what became of its image; the file stays.
    Kept(BackendError),
    /// The registry was away too often before; the file stays.
    NotAttempted,
}

impl Spool {
    /// Gives `records` to the registry one by one: the record, then what became of its image; its file is removed when
    /// the registry has both. `progress` hears of each record as soon as its outcome is known.
    ///
    /// A record that is not taken stays, and does not keep those behind it. Returns whether all were delivered.
    pub fn push(
        &self,
        records: &[SpooledRecord],
        backend: &dyn Backend,
        progress: &mut dyn FnMut(&SpooledRecord, &Outcome),
    ) -> bool {
        let mut all_delivered = true;
        let mut away_in_a_row = 0;
        for spooled in records {
            let outcome =
                if away_in_a_row < PATIENCE { self.push_one(spooled, backend) } else { Outcome::NotAttempted };
            match &outcome {
                Outcome::Kept(BackendError::Unavailable(_)) => away_in_a_row += 1,
                Outcome::NotAttempted => {}
                Outcome::Delivered(_) | Outcome::FileStays(..) | Outcome::Kept(_) => away_in_a_row = 0,
            }
            all_delivered &= matches!(outcome, Outcome::Delivered(_));
            progress(spooled, &outcome);
        }
        all_delivered
    }

    fn push_one(&self, spooled: &SpooledRecord, backend: &dyn Backend) -> Outcome {
        let mut receipt = match backend.ingest(&spooled.record) {
            Ok(receipt) => receipt,
            Err(error) => return Outcome::Kept(error),
        };
        let mut path = spooled.path.clone();
        let mut state = spooled.state;
        loop {
            let told = match state {
                SpoolState::Unconfirmed => Ok(None),
                SpoolState::Confirmed => backend.confirm(&spooled.record.key()).map(Some),
                SpoolState::Destroyed => backend.mark_destroyed(&spooled.record.key()).map(|()| None),
            };
            match told {
                Ok(Some(newer)) => receipt = Receipt { warnings: join(receipt.warnings, newer.warnings), ..newer },
                Ok(None) => {}
                Err(error) => return Outcome::Kept(error),
            }
            match self.remove(&path) {
                Ok(true) => return Outcome::Delivered(receipt),
                Ok(false) => {}
                Err(error) => return Outcome::FileStays(receipt, error),
            }
            // The plugin that wrote it has noted a later state, or another process has pushed it.
            let later =
                SpoolState::ALL.into_iter().rev().find(|later| *later > state && in_state(&path, *later).exists());
            match later {
                Some(later) => (path, state) = (in_state(&path, later), later),
                None => return Outcome::Delivered(receipt),
            }
        }
    }
}

fn join<T: PartialEq>(mut first: Vec<T>, second: Vec<T>) -> Vec<T> {
    for item in second {
        if !first.contains(&item) {
            first.push(item);
        }
    }
    first
}

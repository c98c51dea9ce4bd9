use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use tokio::runtime::Handle;

use super::export::Export;
use super::import::Import;
use super::tables::Pass;
use crate::registry::RegistryError;
use crate::registry::store::Store;

/// Is told of the table that is being copied, and of how many rows are done in all.
pub type Progress = dyn Fn(&'static str, usize) + Send + Sync;

/// Pages that may be under way between the two databases.
const UNDER_WAY: usize = 4;

/// What was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// The rows of each table, in the order of [`TABLES`](super::TABLES).
    pub tables: Vec<(&'static str, usize)>,
}

impl Copied {
    /// The rows of all tables.
    pub fn rows(&self) -> usize {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }

    pub(super) fn count(&mut self, pass: &'static Pass, rows: usize) {
        if !pass.inserts {
            return;
        }
        match self.tables.iter_mut().find(|(table, _)| *table == pass.table) {
            Some((_, count)) => *count += rows,
            None => self.tables.push((pass.table, rows)),
        }
    }
}

/// Copies all that `source` holds at this moment into `target`, a registry in which nothing was recorded; all or nothing.
///
/// Must be called outside of the runtime, on a thread that may block.
///
/// # Errors
/// [`RegistryError::Refused`] where the target is in use; [`RegistryError::Store`] where either database fails.
pub fn copy(
    source: &impl Store,
    target: &impl Store,
    runtime: &Handle,
    progress: Arc<Progress>,
) -> Result<Copied, RegistryError> {
    let (to, from) = mpsc::sync_channel(UNDER_WAY);
    let import = Import { from: Mutex::new(from), progress, has_begun: AtomicBool::new(false) };
    let (read, written) = thread::scope(|scope| {
        let reader = scope.spawn(|| runtime.block_on(source.execute(Export { to })));
        let written = runtime.block_on(target.execute(import));
        (reader.join(), written)
    });
    match (read, written) {
        // What went wrong on one side shows on the other, too.
        (Ok(Err(RegistryError::Store(error))), Err(RegistryError::Refused(_))) => Err(error.into()),
        (_, written) => written,
    }
}

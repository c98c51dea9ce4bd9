use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};

use super::copy::{Copied, Progress};
use super::export::Message;
use super::tables::Pass;
use crate::registry::RegistryError;
use crate::registry::store::{Op, Tx, Value};

/// Writes what [`Export`](super::export::Export) reads, in one transaction, into a registry in which there is nothing.
pub(super) struct Import {
    pub(super) from: Mutex<Receiver<Message>>,
    pub(super) progress: Arc<Progress>,
    pub(super) has_begun: AtomicBool,
}

/// What a new registry has of its own, which makes room for what is copied.
const MAKE_ROOM: [&str; 3] = ["DELETE FROM signing_keys", "DELETE FROM projects", "DELETE FROM organizations"];

impl Op for Import {
    type Out = Copied;
    const WRITES: bool = true;
    const TAKES_LONG: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Copied, RegistryError> {
        if self.has_begun.swap(true, Ordering::SeqCst) {
            let message = "others wrote into the database, or the connection was lost; nothing was copied; start again";
            return Err(RegistryError::Refused(message.to_owned()));
        }
        let held = "SELECT 'bucket ' || MIN(name) FROM buckets HAVING COUNT(*) > 0
            UNION ALL SELECT 'project ' || MAX(name) FROM projects HAVING COUNT(*) > 1
            UNION ALL SELECT 'enforced block ' || MIN(name) FROM enforced_blocks HAVING COUNT(*) > 0
            UNION ALL SELECT 'principal ' || MIN(name) FROM principals HAVING COUNT(*) > 0";
        if let Some(mut row) = tx.rows(held, &[]).await?.pop() {
            return Err(RegistryError::Refused(format!(
                "the database is in use: it has {}; copy into one that is new",
                row.text()?
            )));
        }
        for sql in MAKE_ROOM {
            tx.exec(sql, &[]).await?;
        }
        let mut copied = Copied::default();
        while let Some((pass, rows)) = self.next()? {
            for cells in &rows {
                tx.exec(&pass.write, cells).await?;
            }
            copied.count(pass, rows.len());
            (self.progress)(pass.table, copied.rows());
        }
        Ok(copied)
    }
}

/// Cells of rows, and the pass that they are for.
type Page = (&'static Pass, Vec<Vec<Value>>);

impl Import {
    /// The next rows; nothing at the end.
    fn next(&self) -> Result<Option<Page>, RegistryError> {
        match self.from.lock().unwrap_or_else(PoisonError::into_inner).recv() {
            Ok(Message::Rows(pass, rows)) => Ok(Some((pass, rows))),
            Ok(Message::End) => Ok(None),
            Err(_) => {
                Err(RegistryError::Refused("the database that is copied could not be read to its end".to_owned()))
            }
        }
    }
}

use std::sync::mpsc::SyncSender;

use super::tables::{PAGE, Pass, passes};
use crate::registry::RegistryError;
use crate::registry::store::{Op, Row, Tx, Value};

/// What goes from one database to the other.
pub(super) enum Message {
    /// Cells of rows, for this pass.
    Rows(&'static Pass, Vec<Vec<Value>>),
    /// That was all.
    End,
}

/// Reads a whole database in one snapshot.
pub(super) struct Export {
    pub(super) to: SyncSender<Message>,
}

impl Op for Export {
    type Out = ();
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        for pass in passes() {
            let mut rows = tx.rows(&pass.first_page, &[]).await?;
            loop {
                let is_last = rows.len() < PAGE;
                let mut page: Vec<Vec<Value>> = rows.into_iter().map(Row::into_cells).collect();
                let place: Vec<Value> = page.last().map(|last| last[pass.width..].to_vec()).unwrap_or_default();
                for cells in &mut page {
                    cells.truncate(pass.width);
                }
                self.send(Message::Rows(pass, page))?;
                if is_last {
                    break;
                }
                rows = tx.rows(&pass.next_page, &place).await?;
            }
        }
        self.send(Message::End)
    }
}

impl Export {
    /// Fails where whoever takes it has given up; why, they say themselves.
    fn send(&self, message: Message) -> Result<(), RegistryError> {
        self.to.send(message).map_err(|_| RegistryError::Refused("the copy was given up".to_owned()))
    }
}

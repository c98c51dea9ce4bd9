use std::sync::mpsc::SyncSender;

use super::tables::{Pass, passes};
use crate::registry::RegistryError;
use crate::registry::store::{Op, Tx, Value};

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
    const TAKES_LONG: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        for pass in passes() {
            let mut cursor = pass.pages.start();
            while let Some(page) = cursor.next(tx).await? {
                self.send(Message::Rows(pass, page))?;
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

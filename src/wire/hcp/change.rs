use serde::Deserialize;

use super::{Invalid, read_moment, read_span, said};
use crate::model::{RevocationOrder, Timestamp};

/// What a request to change an iteration says in all versions of the API.
#[derive(Debug, Deserialize)]
pub struct ChangeRequest {
    complete: Option<bool>,
    restore: Option<bool>,
    revoke_at: Option<String>,
    revoke_in: Option<String>,
    revocation_message: Option<String>,
    skip_descendants_revocation: Option<bool>,
}

/// What shall become of an iteration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IterationChange {
    /// Nothing else than it is.
    Nothing,
    /// It shall be complete.
    Complete,
    /// It shall be in force again, or stay so.
    Restore,
    /// It shall be used no more.
    Revoke(RevocationOrder),
}

impl ChangeRequest {
    /// What shall become of the iteration, if it is `now`; `rolls_back`: whether channels shall leave it when it is
    /// revoked.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self, now: Timestamp, rolls_back: bool) -> Result<IterationChange, Invalid> {
        let revoke_at = read_moment("revoke_at", self.revoke_at.as_deref())?;
        let revoke_in = said(self.revoke_in).map(|span| read_span("revoke_in", &span)).transpose()?;
        let asked = [
            (self.complete.unwrap_or_default(), "complete"),
            (self.restore.unwrap_or_default(), "restore"),
            (revoke_at.is_some(), "revoke_at"),
            (revoke_in.is_some(), "revoke_in"),
        ];
        let asked: Vec<&'static str> =
            asked.iter().filter(|(is_asked, _)| *is_asked).map(|(_, field)| *field).collect();
        let revoke_at = match asked.as_slice() {
            [] => return Ok(IterationChange::Nothing),
            ["complete"] => return Ok(IterationChange::Complete),
            ["restore"] => return Ok(IterationChange::Restore),
            [_] => revoke_at
                .or_else(|| revoke_in.filter(|span| *span > 0).map(|span| Timestamp(now.0.saturating_add(span)))),
            [first, second, ..] => {
                return Err(Invalid::new(first, format!("it cannot be done along with {second}; send one of them")));
            }
        };
        Ok(IterationChange::Revoke(RevocationOrder {
            revoke_at,
            message: self.revocation_message.unwrap_or_default(),
            descends: !self.skip_descendants_revocation.unwrap_or_default(),
            rolls_back,
        }))
    }
}

use serde::Serialize;

use super::Location;
use crate::model::Timestamp;

/// Something that was begun, and is done: nothing is left to be done here once it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    id: String,
    state: &'static str,
    location: Location,
    created_at: String,
    updated_at: String,
}

impl Operation {
    /// An operation that is done, and was when it was begun.
    pub fn done(id: impl Into<String>, at: Timestamp, location: Location) -> Self {
        let moment = at.to_rfc3339();
        Self { id: id.into(), state: "DONE", location, created_at: moment.clone(), updated_at: moment }
    }
}

use ulid::Ulid;
use uuid::Uuid;

use crate::access::Caller;
use crate::model::{RunUuid, Timestamp};

/// What every operation works within: whose rows, who asks, and when.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) project_id: String,
    pub(super) caller: Caller,
    pub(super) now: Timestamp,
}

impl Scope {
    /// A new id: a ULID of this moment.
    pub(super) fn new_id(&self) -> String {
        let milliseconds = u64::try_from(self.now.0).unwrap_or_default();
        Ulid::from_parts(milliseconds, Uuid::new_v4().as_u128()).to_string()
    }

    /// A name for the run of a client that does not say which it is.
    pub(super) fn new_run_uuid() -> RunUuid {
        RunUuid::parse(Uuid::new_v4().to_string()).expect("a UUID is one")
    }
}

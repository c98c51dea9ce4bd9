//! HCP Packer, or a server in its place, by HCP's API of 2023-01-01.
//!
//! One call of [`Backend`](super::Backend) or [`Governance`](super::Governance) is one or several [`calls`] in the
//! [`project`]. To [`push`] a record is to read what there is and to send what is missing, so that it may be repeated
//! whatever became of the time before. Nothing is read or connected to before the first call.

mod backend;
mod calls;
mod channels;
mod governance;
mod project;
mod push;
mod read;
mod trouble;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use calls::HcpCalls;
use project::Place;

use crate::backend::grpc::Patience;
use crate::config::HcpAccess;
use crate::model::{BuildKey, IterationRecord};

/// HCP Packer, or what speaks its wire.
pub struct HcpBackend {
    /// As messages name it.
    url: String,
    calls: HcpCalls,
    place: Place,
    /// What this process has pushed, and not confirmed yet.
    pushed: Mutex<BTreeMap<BuildKey, IterationRecord>>,
}

impl HcpBackend {
    /// What `access` leads to, or why it cannot be used; nothing is read or connected to before the first call.
    ///
    /// A call gives up within a tenth of a second once `cancelled` answers true.
    pub fn new(
        url: String,
        access: Result<HcpAccess, String>,
        patience: Patience,
        cancelled: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        let calls = HcpCalls::new(access, patience, cancelled);
        Self { url, calls, place: Place::default(), pushed: Mutex::default() }
    }

    fn remember(&self, record: &IterationRecord) {
        self.pushed.lock().unwrap_or_else(PoisonError::into_inner).insert(record.key(), record.clone());
    }

    fn remembered(&self, key: &BuildKey) -> Option<IterationRecord> {
        self.pushed.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}

impl fmt::Display for HcpBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

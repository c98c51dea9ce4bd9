use std::collections::BTreeMap;

use packer_plugin_registry::model::{BuildStatus, IterationStatus};

/// What an operation answers, as far as the rules say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Answer {
    #[default]
    Nothing,
    NotFound,
    Refused,
    Receipt(Receipt),
    /// The number of the iteration that a channel was pointed at.
    Pointed(Option<u32>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    pub(super) fingerprint: String,
    pub(super) version: Option<u32>,
    pub(super) recorded: usize,
    pub(super) expected: usize,
    pub(super) missing: Vec<String>,
    pub(super) assigned: Vec<String>,
    pub(super) replayed: bool,
    pub(super) warnings: Vec<Warning>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Warning {
    WentTo(String),
    Superseded { run: u32, identifiers: Vec<String> },
    ArrivedSuperseded,
    Added(Vec<String>),
    MovedSince(String),
}

/// A bucket, as far as the rules say what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) latest_version: Option<u32>,
    pub(super) iterations: Vec<Iteration>,
    /// What each channel has pointed at, newest first, and who pointed it there.
    pub(super) channels: BTreeMap<String, Vec<(Option<u32>, String)>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Iteration {
    pub(super) fingerprint: String,
    pub(super) version: Option<u32>,
    pub(super) status: IterationStatus,
    pub(super) recorded_at: i64,
    pub(super) missing: Vec<String>,
    pub(super) channels: Vec<String>,
    pub(super) builds: Vec<Build>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Build {
    pub(super) component: String,
    pub(super) run: u32,
    pub(super) status: BuildStatus,
    pub(super) identifiers: Vec<String>,
}

//! Delivers records to a registry and reads back, wherever the registry lives.

mod accounts;
mod backlog;
mod deliver;
mod embedded;
mod embedded_accounts;
mod embedded_governance;
#[cfg(test)]
mod fake;
mod governance;
mod grpc;
mod hcp;
mod open;
mod spool;

pub use accounts::{AccessToken, Accounts, NewIdentityRule};
pub use backlog::deliver_backlog;
pub use deliver::{Delivery, NotTold, deliver, deliver_remote, tell_remote};
pub use embedded::EmbeddedBackend;
pub use governance::Governance;
pub use grpc::{GrpcBackend, Patience};
pub use hcp::HcpBackend;
pub use open::{open, open_accounts, open_governance, open_until};
pub use spool::{Listing, Outcome, Spool, SpoolError, SpoolState, SpooledPath, SpooledRecord, UnreadableFile};

use crate::model::{
    BucketName, BucketSummary, BuildKey, Channel, ChannelAssignment, ChannelName, Iteration, IterationRecord,
    IterationSelector, Receipt,
};

/// A registry, as the post-processor, the data sources and the command line see it.
///
/// Calls block: callers are threads of their own.
pub trait Backend: Send + Sync {
    /// Whether a record for `bucket`, where that is known already, could be written, as far as that can be said without
    /// writing or creating anything.
    ///
    /// # Errors
    /// [`BackendError::Unavailable`] with the cause and the way out when it could not; [`BackendError::Refused`] where the
    /// registry would not take it.
    fn check_writable(&self, bucket: Option<&BucketName>) -> Result<(), BackendError>;

    /// Records one build of one run, not yet confirmed. The same record again changes nothing.
    ///
    /// # Errors
    /// [`BackendError::Unavailable`] when the registry cannot be reached or written; the caller spools then.
    fn ingest(&self, record: &IterationRecord) -> Result<Receipt, BackendError>;

    /// Notes that Packer took the answer; completes the iteration when this was the last build that it waited for.
    ///
    /// # Errors
    /// [`BackendError::NotFound`] when there is no such record.
    fn confirm(&self, key: &BuildKey) -> Result<Receipt, BackendError>;

    /// Notes that Packer destroyed the artifact of a recorded build.
    ///
    /// # Errors
    /// [`BackendError::NotFound`] when there is no such record.
    fn mark_destroyed(&self, key: &BuildKey) -> Result<(), BackendError>;

    /// All buckets by name.
    ///
    /// # Errors
    /// [`BackendError::Unavailable`].
    fn buckets(&self) -> Result<Vec<BucketSummary>, BackendError>;

    /// One bucket.
    ///
    /// # Errors
    /// [`BackendError::NotFound`].
    fn bucket(&self, bucket: &BucketName) -> Result<BucketSummary, BackendError>;

    /// The iterations of a bucket, newest record first.
    ///
    /// # Errors
    /// [`BackendError::NotFound`] when there is no such bucket.
    fn iterations(&self, bucket: &BucketName) -> Result<Vec<Iteration>, BackendError>;

    /// One iteration with its builds.
    ///
    /// # Errors
    /// [`BackendError::NotFound`] when the bucket, the channel or the iteration does not exist, or the channel points
    /// at nothing.
    fn iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError>;

    /// Completes an iteration without the builds that are missing or unconfirmed.
    ///
    /// # Errors
    /// [`BackendError::Refused`] when it is complete already or has no usable build.
    fn complete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        reason: &str,
    ) -> Result<Receipt, BackendError>;

    /// The channels of a bucket by name.
    ///
    /// # Errors
    /// [`BackendError::NotFound`] when there is no such bucket.
    fn channels(&self, bucket: &BucketName) -> Result<Vec<Channel>, BackendError>;

    /// Points a channel at a complete iteration, and creates the channel if it is missing.
    ///
    /// # Errors
    /// [`BackendError::Refused`] for an incomplete iteration and for the managed channel `latest`.
    fn assign_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Channel, BackendError>;

    /// What a channel has pointed at, newest first.
    ///
    /// # Errors
    /// [`BackendError::NotFound`] when there is no such channel.
    fn channel_history(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<Vec<ChannelAssignment>, BackendError>;
}

/// Why a backend did not do what it was asked to; every message names the input at fault and the way out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BackendError {
    /// What was asked for does not exist.
    #[error("{0}")]
    NotFound(String),
    /// A rule of the registry forbids it.
    #[error("{0}")]
    Refused(String),
    /// The registry cannot be reached, read or written now.
    #[error("{0}")]
    Unavailable(String),
}

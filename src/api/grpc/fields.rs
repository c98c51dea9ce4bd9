//! Fields that requests of several services have.

use tonic::Status;

use super::status::malformed;
use crate::model::{BucketName, ChannelName, IterationSelector};
use crate::wire::grpc::{Malformed, required, v1};

/// The bucket that a request is about.
pub(super) fn bucket(name: &str) -> Result<BucketName, Status> {
    BucketName::parse(name).map_err(|fault| malformed(Malformed::new("bucket", fault)))
}

/// The channel that a request is about.
pub(super) fn channel(name: &str) -> Result<ChannelName, Status> {
    ChannelName::parse(name).map_err(|fault| malformed(Malformed::new("channel", fault)))
}

/// The iteration that a request is about.
pub(super) fn selector(selector: Option<v1::IterationSelector>) -> Result<IterationSelector, Status> {
    required("selector", selector).and_then(TryInto::try_into).map_err(malformed)
}

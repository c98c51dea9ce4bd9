use super::error::{not_found, there_are};
use super::iteration_row::{self, IterationRow};
use super::scope::Scope;
use super::store::Tx;
use super::{RegistryError, channel_row};
use crate::model::{BucketName, ChannelName, IterationSelector};
use crate::registry::channel_row::ChannelRow;

/// The iteration that `selector` names in a bucket.
pub(super) async fn require<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (bucket_id, bucket): (&str, &BucketName),
    selector: &IterationSelector,
) -> Result<IterationRow, RegistryError> {
    let found = match selector {
        IterationSelector::Channel(name) => return behind_channel(tx, scope, (bucket_id, bucket), name).await,
        IterationSelector::Fingerprint(fingerprint) => {
            iteration_row::by_fingerprint(tx, bucket_id, fingerprint).await?
        }
        IterationSelector::Version(number) => iteration_row::by_version(tx, bucket_id, *number).await?,
        IterationSelector::Id(id) => iteration_row::by_id(tx, bucket_id, id).await?,
    };
    match found {
        Some(iteration) => Ok(iteration),
        None => {
            let names = iteration_row::newest_names(tx, bucket_id).await?;
            Err(not_found(format!("{selector} of bucket {bucket}"), "iterations", names))
        }
    }
}

async fn behind_channel<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (bucket_id, bucket): (&str, &BucketName),
    name: &ChannelName,
) -> Result<IterationRow, RegistryError> {
    let channel = require_channel(tx, scope, (bucket_id, bucket), name).await?;
    let iteration = match channel.iteration_id() {
        Some(id) => iteration_row::by_id(tx, bucket_id, id).await?,
        None => None,
    };
    if let Some(iteration) = iteration {
        return Ok(iteration);
    }
    let way_out = if channel.managed {
        let names = iteration_row::newest_names(tx, bucket_id).await?;
        let names = there_are("iterations", names);
        format!("it points at nothing until an iteration is complete and not revoked; {names}")
    } else {
        format!("it points at nothing; assign it: channel assign --bucket {bucket} --channel {name}")
    };
    Err(RegistryError::NotFound { what: format!("an iteration behind channel {name} of bucket {bucket}"), way_out })
}

/// The channel `name` of a bucket.
pub(super) async fn require_channel<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (bucket_id, bucket): (&str, &BucketName),
    name: &ChannelName,
) -> Result<ChannelRow, RegistryError> {
    let mut channels = channel_row::visible(tx, scope, (bucket_id, bucket)).await?;
    match channels.iter().position(|channel| channel.name == *name) {
        Some(position) => Ok(channels.swap_remove(position)),
        None => {
            let names = channels.into_iter().map(|channel| channel.name.to_string()).collect();
            Err(not_found(format!("channel {name} of bucket {bucket}"), "channels", names))
        }
    }
}

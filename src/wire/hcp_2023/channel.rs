use serde::{Deserialize, Serialize};

use super::Version;
use crate::model::{self, ChannelName, ChannelUpdate, Fingerprint, Iteration, IterationSelector};
use crate::wire::hcp::{Invalid, Pagination, UpdateMask, said};

/// A request to create a channel.
#[derive(Debug, Deserialize)]
pub struct CreateChannelRequest {
    name: Option<String>,
    restricted: Option<bool>,
    version_fingerprint: Option<String>,
}

/// A request to change a channel: with a mask, what it names and is left out shall be false or nothing.
#[derive(Debug, Deserialize)]
pub struct UpdateChannelRequest {
    restricted: Option<bool>,
    version_fingerprint: Option<String>,
    update_mask: Option<String>,
}

/// A request to point one channel at what another one points at.
#[derive(Debug, Deserialize)]
pub struct AssignChannelVersionRequest {
    source_channel: Option<String>,
    target_channel: Option<String>,
}

/// A channel, with the version that it points at.
#[derive(Debug, Serialize)]
pub struct Channel {
    id: String,
    name: String,
    bucket_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    managed: bool,
    restricted: bool,
    author_id: String,
    created_at: String,
    updated_at: String,
}

/// What a channel has pointed at once, or still does.
#[derive(Debug, Serialize)]
pub struct ChannelAssignment {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    author_id: String,
    assigned_at: String,
}

/// One channel.
#[derive(Debug, Serialize)]
pub struct ChannelResponse {
    channel: Channel,
}

/// All channels of a bucket.
#[derive(Debug, Serialize)]
pub struct ChannelsResponse {
    channels: Vec<Channel>,
}

/// A page of the history of a channel, newest first.
#[derive(Debug, Serialize)]
pub struct ChannelHistoryResponse {
    count: usize,
    history: Vec<ChannelAssignment>,
    pagination: Pagination,
}

/// What a promotion has led to.
#[derive(Debug, Serialize)]
pub struct AssignChannelVersionResponse {
    fingerprint: String,
    source_channel: Channel,
    target_channel: Channel,
    version: Option<Version>,
}

impl CreateChannelRequest {
    /// The name, whether it is restricted, and the fingerprint that it shall point at.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<(ChannelName, bool, Option<Fingerprint>), Invalid> {
        let Self { name, restricted, version_fingerprint } = self;
        let name = ChannelName::parse(name.unwrap_or_default()).map_err(Invalid::of("name"))?;
        Ok((name, restricted.unwrap_or_default(), fingerprint(version_fingerprint)?))
    }
}

impl UpdateChannelRequest {
    /// What shall change. Without a mask, that is what is there.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<ChannelUpdate, Invalid> {
        let Self { restricted, version_fingerprint, update_mask } = self;
        let fields = ["restricted", "version_fingerprint"];
        let mask = UpdateMask::read("update_mask", &update_mask.unwrap_or_default(), &fields)?;
        let [is_restricted, is_assigned] = match &mask {
            Some(mask) => fields.map(|field| mask.has(field)),
            None => [restricted.is_some(), version_fingerprint.is_some()],
        };
        let selector = fingerprint(version_fingerprint)?.map(IterationSelector::Fingerprint);
        Ok(ChannelUpdate {
            restricted: is_restricted.then_some(restricted.unwrap_or_default()),
            assignment: is_assigned.then_some(selector),
        })
    }
}

impl AssignChannelVersionRequest {
    /// The channel that points at something, and the one that shall point there too.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<(ChannelName, ChannelName), Invalid> {
        let Self { source_channel, target_channel } = self;
        let source = ChannelName::parse(source_channel.unwrap_or_default()).map_err(Invalid::of("source_channel"))?;
        let target = ChannelName::parse(target_channel.unwrap_or_default()).map_err(Invalid::of("target_channel"))?;
        Ok((source, target))
    }
}

fn fingerprint(text: Option<String>) -> Result<Option<Fingerprint>, Invalid> {
    said(text).map(Fingerprint::parse).transpose().map_err(Invalid::of("version_fingerprint"))
}

impl Channel {
    /// A channel that points at `version`.
    pub fn new(channel: model::Channel, version: Option<&Iteration>) -> Self {
        let model::Channel { id, name, bucket, managed, restricted, author, assignment: _, created_at, updated_at } =
            channel;
        Self {
            id,
            name: name.to_string(),
            bucket_name: bucket.to_string(),
            version: version.map(Version::new),
            managed,
            restricted,
            author_id: author,
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

impl ChannelAssignment {
    /// That a channel was pointed at `version`.
    pub fn new(assignment: &model::ChannelAssignment, version: Option<&Iteration>) -> Self {
        Self {
            version: version.map(Version::new),
            author_id: assignment.author.clone(),
            assigned_at: assignment.assigned_at.to_rfc3339(),
        }
    }
}

impl From<Channel> for ChannelResponse {
    fn from(channel: Channel) -> Self {
        Self { channel }
    }
}

impl From<Vec<Channel>> for ChannelsResponse {
    fn from(channels: Vec<Channel>) -> Self {
        Self { channels }
    }
}

impl ChannelHistoryResponse {
    /// A page of a history that has `count` entries.
    pub fn new(count: usize, history: Vec<ChannelAssignment>, pagination: Pagination) -> Self {
        Self { count, history, pagination }
    }
}

impl AssignChannelVersionResponse {
    /// Two channels that point at the same.
    pub fn new(source_channel: Channel, target_channel: Channel, version: Option<&Iteration>) -> Self {
        Self {
            fingerprint: version.map(|version| version.fingerprint.to_string()).unwrap_or_default(),
            source_channel,
            target_channel,
            version: version.map(Version::new),
        }
    }
}

use serde::{Deserialize, Serialize};

use super::iteration::external_status;
use super::{Iteration, selector};
use crate::model::{self, ChannelName, ChannelUpdate, IterationSelector};
use crate::wire::hcp::{Invalid, Pagination, UpdateMask, said};

/// A request to create a channel.
#[derive(Debug, Deserialize)]
pub struct CreateChannelRequest {
    slug: Option<String>,
    restriction: Option<String>,
    #[serde(flatten)]
    iteration: Named,
}

/// A request to change a channel: with a mask, what it names and is left out shall be unrestricted or nothing.
#[derive(Debug, Deserialize)]
pub struct UpdateChannelRequest {
    restriction: Option<String>,
    #[serde(flatten)]
    iteration: Named,
    mask: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Named {
    fingerprint: Option<String>,
    incremental_version: Option<u32>,
    iteration_id: Option<String>,
}

/// A channel, with the iteration that it points at, which clients look for in two places.
#[derive(Debug, Serialize)]
pub struct Channel {
    id: String,
    slug: String,
    bucket_slug: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    iteration: Option<Iteration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<Pointer>,
    managed: bool,
    restricted: bool,
    author_id: String,
    created_at: String,
    updated_at: String,
}

#[derive(Debug, Serialize)]
struct Pointer {
    iteration: Iteration,
    author_id: String,
    created_at: String,
}

/// What a channel has pointed at once, or still does.
#[derive(Debug, Serialize)]
pub struct ChannelAssignment {
    #[serde(skip_serializing_if = "Option::is_none")]
    iteration: Option<AssignedIteration>,
    author_id: String,
    promoted_at: String,
}

#[derive(Debug, Serialize)]
struct AssignedIteration {
    id: String,
    fingerprint: String,
    incremental_version: u32,
    status: &'static str,
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

impl Named {
    fn read(self) -> Result<Option<IterationSelector>, Invalid> {
        let Self { fingerprint, incremental_version, iteration_id } = self;
        selector(fingerprint, incremental_version, iteration_id)
    }
}

impl CreateChannelRequest {
    /// The name, whether it is restricted, and what it shall point at.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<(ChannelName, bool, Option<IterationSelector>), Invalid> {
        let Self { slug, restriction, iteration } = self;
        let name = ChannelName::parse(slug.unwrap_or_default()).map_err(Invalid::of("slug"))?;
        Ok((name, read_restriction(restriction)?.unwrap_or_default(), iteration.read()?))
    }
}

impl UpdateChannelRequest {
    /// What shall change. Without a mask, that is what is there.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<ChannelUpdate, Invalid> {
        let Self { restriction, iteration, mask } = self;
        let fields = ["restriction", "fingerprint", "incremental_version", "iteration_id"];
        let mask = UpdateMask::read("mask", &mask.unwrap_or_default(), &fields)?;
        let (restricted, selector) = (read_restriction(restriction)?, iteration.read()?);
        Ok(match mask {
            None => ChannelUpdate { restricted, assignment: selector.map(Some) },
            Some(mask) => ChannelUpdate {
                restricted: mask.has("restriction").then(|| restricted.unwrap_or_default()),
                assignment: fields[1..].iter().any(|field| mask.has(field)).then_some(selector),
            },
        })
    }
}

fn read_restriction(text: Option<String>) -> Result<Option<bool>, Invalid> {
    match said(text).as_deref() {
        None | Some("RESTRICTION_UNSET") => Ok(None),
        Some("RESTRICTED") => Ok(Some(true)),
        Some("UNRESTRICTED") => Ok(Some(false)),
        Some(other) => {
            Err(Invalid::new("restriction", format!("{other:?} is not known; use RESTRICTED or UNRESTRICTED")))
        }
    }
}

impl Channel {
    /// A channel that points at `iteration`.
    pub fn new(channel: model::Channel, iteration: Option<&model::Iteration>) -> Self {
        let model::Channel { id, name, bucket, managed, restricted, author, assignment, created_at, updated_at } =
            channel;
        let iteration = iteration.map(Iteration::new);
        let pointer = assignment.zip(iteration.clone()).map(|(assignment, iteration)| Pointer {
            iteration,
            author_id: assignment.author,
            created_at: assignment.assigned_at.to_rfc3339(),
        });
        Self {
            id,
            slug: name.to_string(),
            bucket_slug: bucket.to_string(),
            iteration,
            pointer,
            managed,
            restricted,
            author_id: author,
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

impl ChannelAssignment {
    /// That a channel was pointed at `iteration`.
    pub fn new(assignment: &model::ChannelAssignment, iteration: Option<&model::Iteration>) -> Self {
        let assigned = |iteration: &model::Iteration| AssignedIteration {
            id: iteration.id.to_string(),
            fingerprint: iteration.fingerprint.to_string(),
            incremental_version: iteration.version.unwrap_or_default(),
            status: external_status(iteration),
        };
        Self {
            iteration: iteration.map(assigned),
            author_id: assignment.author.clone(),
            promoted_at: assignment.assigned_at.to_rfc3339(),
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

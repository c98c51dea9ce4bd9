use super::malformed::{Malformed, in_field, optional_message};
use super::{moment, v1};
use crate::model::{BucketName, Channel, ChannelAssignment, ChannelName, Fingerprint, IterationId};

impl From<Channel> for v1::Channel {
    fn from(channel: Channel) -> Self {
        let Channel { id, name, bucket, managed, restricted, author, assignment, created_at, updated_at } = channel;
        Self {
            id,
            name: name.to_string(),
            bucket: bucket.to_string(),
            managed,
            assignment: assignment.map(Into::into),
            created_at: Some(moment::sent(created_at)),
            updated_at: Some(moment::sent(updated_at)),
            restricted,
            author,
        }
    }
}

impl TryFrom<v1::Channel> for Channel {
    type Error = Malformed;

    fn try_from(channel: v1::Channel) -> Result<Self, Malformed> {
        let v1::Channel { id, name, bucket, managed, assignment, created_at, updated_at, restricted, author } = channel;
        Ok(Self {
            id,
            name: ChannelName::parse(name).map_err(in_field("name"))?,
            bucket: BucketName::parse(bucket).map_err(in_field("bucket"))?,
            managed,
            restricted,
            author,
            assignment: optional_message("assignment", assignment)?,
            created_at: moment::received("created_at", created_at)?,
            updated_at: moment::received("updated_at", updated_at)?,
        })
    }
}

impl From<ChannelAssignment> for v1::ChannelAssignment {
    fn from(assignment: ChannelAssignment) -> Self {
        let ChannelAssignment { position, iteration_id, fingerprint, version, author, assigned_at } = assignment;
        Self {
            position,
            iteration_id: iteration_id.map(|id| id.to_string()),
            fingerprint: fingerprint.map(|fingerprint| fingerprint.to_string()),
            version,
            author,
            assigned_at: Some(moment::sent(assigned_at)),
        }
    }
}

impl TryFrom<v1::ChannelAssignment> for ChannelAssignment {
    type Error = Malformed;

    fn try_from(assignment: v1::ChannelAssignment) -> Result<Self, Malformed> {
        let v1::ChannelAssignment { position, iteration_id, fingerprint, version, author, assigned_at } = assignment;
        Ok(Self {
            position,
            iteration_id: iteration_id.map(IterationId::parse).transpose().map_err(in_field("iteration_id"))?,
            fingerprint: fingerprint.map(Fingerprint::parse).transpose().map_err(in_field("fingerprint"))?,
            version,
            author,
            assigned_at: moment::received("assigned_at", assigned_at)?,
        })
    }
}

use super::malformed::Malformed;
use super::v1::update_channel_request::Assignment;
use super::{moment, v1};
use crate::model::{ChannelUpdate, RevocationOrder};

impl From<RevocationOrder> for v1::RevokeIterationRequest {
    /// The request about no iteration yet.
    fn from(RevocationOrder { revoke_at, message, descends, rolls_back }: RevocationOrder) -> Self {
        Self {
            bucket: String::new(),
            selector: None,
            revoke_at: revoke_at.map(moment::sent),
            message,
            skip_descendants: !descends,
            keep_channels: !rolls_back,
        }
    }
}

impl TryFrom<v1::RevokeIterationRequest> for RevocationOrder {
    type Error = Malformed;

    fn try_from(request: v1::RevokeIterationRequest) -> Result<Self, Malformed> {
        let v1::RevokeIterationRequest { bucket: _, selector: _, revoke_at, message, skip_descendants, keep_channels } =
            request;
        Ok(Self {
            revoke_at: moment::received_optional("revoke_at", revoke_at)?,
            message,
            descends: !skip_descendants,
            rolls_back: !keep_channels,
        })
    }
}

impl From<ChannelUpdate> for v1::UpdateChannelRequest {
    /// The request about no channel yet.
    fn from(ChannelUpdate { restricted, assignment }: ChannelUpdate) -> Self {
        let assignment = assignment.map(|assignment| match assignment {
            Some(selector) => Assignment::Selector(selector.into()),
            None => Assignment::Unassign(true),
        });
        Self { bucket: String::new(), channel: String::new(), restricted, assignment }
    }
}

impl TryFrom<v1::UpdateChannelRequest> for ChannelUpdate {
    type Error = Malformed;

    fn try_from(request: v1::UpdateChannelRequest) -> Result<Self, Malformed> {
        let v1::UpdateChannelRequest { bucket: _, channel: _, restricted, assignment } = request;
        let assignment = match assignment {
            None => None,
            Some(Assignment::Unassign(_)) => Some(None),
            Some(Assignment::Selector(selector)) => Some(Some(selector.try_into()?)),
        };
        Ok(Self { restricted, assignment })
    }
}

use super::malformed::{Malformed, in_field, message};
use super::v1;
use super::v1::list_relations_request::Side;
use crate::model::{
    AncestryQuery, AncestrySide, AncestryStatus, BucketName, ChannelName, Fingerprint, IterationId, Relation, Relative,
};

impl From<AncestryQuery> for v1::ListRelationsRequest {
    /// The request about no bucket yet.
    fn from(AncestryQuery { side, iteration, channel }: AncestryQuery) -> Self {
        let side = match side {
            None => Side::Unspecified,
            Some(AncestrySide::Parents) => Side::Parents,
            Some(AncestrySide::Children) => Side::Children,
        };
        Self {
            bucket: String::new(),
            side: side.into(),
            selector: iteration.map(Into::into),
            channel: channel.map(|channel| channel.to_string()),
        }
    }
}

impl TryFrom<v1::ListRelationsRequest> for AncestryQuery {
    type Error = Malformed;

    fn try_from(request: v1::ListRelationsRequest) -> Result<Self, Malformed> {
        let v1::ListRelationsRequest { bucket: _, side, selector, channel } = request;
        Ok(Self {
            side: match Side::try_from(side) {
                Ok(Side::Unspecified) => None,
                Ok(Side::Parents) => Some(AncestrySide::Parents),
                Ok(Side::Children) => Some(AncestrySide::Children),
                Err(_) => return Err(Malformed::unknown("side", side)),
            },
            iteration: selector.map(TryInto::try_into).transpose()?,
            channel: channel.map(ChannelName::parse).transpose().map_err(in_field("channel"))?,
        })
    }
}

impl From<Relative> for v1::Relative {
    fn from(Relative { bucket, id, fingerprint, version }: Relative) -> Self {
        Self { bucket: bucket.to_string(), id: id.to_string(), fingerprint: fingerprint.to_string(), version }
    }
}

impl TryFrom<v1::Relative> for Relative {
    type Error = Malformed;

    fn try_from(v1::Relative { bucket, id, fingerprint, version }: v1::Relative) -> Result<Self, Malformed> {
        Ok(Self {
            bucket: BucketName::parse(bucket).map_err(in_field("bucket"))?,
            id: IterationId::parse(id).map_err(in_field("id"))?,
            fingerprint: Fingerprint::parse(fingerprint).map_err(in_field("fingerprint"))?,
            version,
        })
    }
}

impl From<Relation> for v1::Relation {
    fn from(Relation { parent, channel, channel_points_at, child, status }: Relation) -> Self {
        let status = match status {
            AncestryStatus::Undetermined => v1::AncestryStatus::Undetermined,
            AncestryStatus::UpToDate => v1::AncestryStatus::UpToDate,
            AncestryStatus::OutOfDate => v1::AncestryStatus::OutOfDate,
        };
        Self {
            parent: Some(parent.into()),
            channel: channel.map(|channel| channel.to_string()),
            channel_points_at: channel_points_at.map(Into::into),
            child: Some(child.into()),
            status: status.into(),
        }
    }
}

impl TryFrom<v1::Relation> for Relation {
    type Error = Malformed;

    fn try_from(relation: v1::Relation) -> Result<Self, Malformed> {
        let v1::Relation { parent, channel, channel_points_at, child, status } = relation;
        Ok(Self {
            parent: message("parent", parent)?,
            channel: channel.map(ChannelName::parse).transpose().map_err(in_field("channel"))?,
            channel_points_at: channel_points_at.map(TryInto::try_into).transpose()?,
            child: message("child", child)?,
            status: match v1::AncestryStatus::try_from(status) {
                Ok(v1::AncestryStatus::Undetermined) => AncestryStatus::Undetermined,
                Ok(v1::AncestryStatus::UpToDate) => AncestryStatus::UpToDate,
                Ok(v1::AncestryStatus::OutOfDate) => AncestryStatus::OutOfDate,
                Ok(v1::AncestryStatus::Unspecified) | Err(_) => return Err(Malformed::unknown("status", status)),
            },
        })
    }
}

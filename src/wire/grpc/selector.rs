use super::malformed::{Malformed, in_field, required};
use super::v1;
use super::v1::iteration_selector::By;
use crate::model::{ArtifactQuery, ChannelName, ComponentType, Fingerprint, IterationId, IterationSelector};

impl From<IterationSelector> for v1::IterationSelector {
    fn from(selector: IterationSelector) -> Self {
        let by = match selector {
            IterationSelector::Channel(name) => By::Channel(name.to_string()),
            IterationSelector::Fingerprint(fingerprint) => By::Fingerprint(fingerprint.to_string()),
            IterationSelector::Version(number) => By::Version(number),
            IterationSelector::Id(id) => By::Id(id.to_string()),
        };
        Self { by: Some(by) }
    }
}

impl TryFrom<v1::IterationSelector> for IterationSelector {
    type Error = Malformed;

    fn try_from(v1::IterationSelector { by }: v1::IterationSelector) -> Result<Self, Malformed> {
        Ok(match required("by", by)? {
            By::Channel(name) => Self::Channel(ChannelName::parse(name).map_err(in_field("channel"))?),
            By::Fingerprint(name) => Self::Fingerprint(Fingerprint::parse(name).map_err(in_field("fingerprint"))?),
            By::Version(number) => Self::Version(number),
            By::Id(id) => Self::Id(IterationId::parse(id).map_err(in_field("id"))?),
        })
    }
}

impl v1::ResolveArtifactRequest {
    /// Takes what narrows the artifacts out of the request.
    ///
    /// # Errors
    /// [`Malformed`] for a component type that is not one.
    pub fn take_query(&mut self) -> Result<ArtifactQuery, Malformed> {
        let component_type = self.component_type.take().map(ComponentType::parse).transpose();
        Ok(ArtifactQuery {
            platform: self.platform.take(),
            region: self.region.take(),
            component_type: component_type.map_err(in_field("component_type"))?,
            labels: std::mem::take(&mut self.labels),
        })
    }

    /// Whether a revoked iteration is as good as any other.
    ///
    /// # Errors
    /// [`Malformed`] for a value that this version does not know.
    pub fn allows_revoked(&self) -> Result<bool, Malformed> {
        match v1::OnRevoked::try_from(self.on_revoked) {
            Ok(v1::OnRevoked::Unspecified | v1::OnRevoked::Error) => Ok(false),
            Ok(v1::OnRevoked::Allow) => Ok(true),
            Err(_) => Err(Malformed::unknown("on_revoked", self.on_revoked)),
        }
    }
}

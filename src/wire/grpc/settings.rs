use super::malformed::{Malformed, in_field};
use super::{moment, v1};
use crate::model::{Deactivation, OnUntrackedImage, ProjectId, RegistrySettings, RegistryUpdate, Tier};

impl From<RegistrySettings> for v1::RegistrySettings {
    fn from(settings: RegistrySettings) -> Self {
        let RegistrySettings { id, project_id, tier, deactivation, on_untracked_image, created_at, updated_at } =
            settings;
        let (deactivated_at, deactivated_by) = match deactivation {
            Some(Deactivation { at, by }) => (Some(moment::sent(at)), Some(by)),
            None => (None, None),
        };
        Self {
            id,
            project_id: project_id.to_string(),
            tier: v1::Tier::from(tier).into(),
            deactivated_at,
            deactivated_by,
            on_untracked_image: v1::OnUntrackedImage::from(on_untracked_image).into(),
            created_at: Some(moment::sent(created_at)),
            updated_at: Some(moment::sent(updated_at)),
        }
    }
}

impl TryFrom<v1::RegistrySettings> for RegistrySettings {
    type Error = Malformed;

    fn try_from(settings: v1::RegistrySettings) -> Result<Self, Malformed> {
        let at = moment::received_optional("deactivated_at", settings.deactivated_at)?;
        let by = settings.deactivated_by.unwrap_or_default();
        Ok(Self {
            id: settings.id,
            project_id: ProjectId::parse(settings.project_id).map_err(in_field("project_id"))?,
            tier: tier(settings.tier)?.ok_or_else(|| Malformed::unknown("tier", settings.tier))?,
            deactivation: at.map(|at| Deactivation { at, by }),
            on_untracked_image: on_untracked_image(settings.on_untracked_image)?
                .ok_or_else(|| Malformed::unknown("on_untracked_image", settings.on_untracked_image))?,
            created_at: moment::received("created_at", settings.created_at)?,
            updated_at: moment::received("updated_at", settings.updated_at)?,
        })
    }
}

impl From<RegistryUpdate> for v1::UpdateRegistryRequest {
    fn from(RegistryUpdate { tier, active, on_untracked_image }: RegistryUpdate) -> Self {
        Self {
            tier: tier.map_or(v1::Tier::Unspecified, Into::into).into(),
            active,
            on_untracked_image: on_untracked_image.map_or(v1::OnUntrackedImage::Unspecified, Into::into).into(),
        }
    }
}

impl TryFrom<v1::UpdateRegistryRequest> for RegistryUpdate {
    type Error = Malformed;

    fn try_from(request: v1::UpdateRegistryRequest) -> Result<Self, Malformed> {
        let v1::UpdateRegistryRequest { tier: asked, active, on_untracked_image: untracked } = request;
        Ok(Self { tier: tier(asked)?, active, on_untracked_image: on_untracked_image(untracked)? })
    }
}

impl From<Tier> for v1::Tier {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::Standard => Self::Standard,
            Tier::Plus => Self::Plus,
        }
    }
}

impl From<OnUntrackedImage> for v1::OnUntrackedImage {
    fn from(on_untracked_image: OnUntrackedImage) -> Self {
        match on_untracked_image {
            OnUntrackedImage::Fail => Self::Fail,
            OnUntrackedImage::Warn => Self::Warn,
        }
    }
}

/// The tier of a field; `None` where it is left out.
///
/// # Errors
/// [`Malformed`] for a value that this version does not know.
pub fn tier(value: i32) -> Result<Option<Tier>, Malformed> {
    match v1::Tier::try_from(value) {
        Ok(v1::Tier::Unspecified) => Ok(None),
        Ok(v1::Tier::Standard) => Ok(Some(Tier::Standard)),
        Ok(v1::Tier::Plus) => Ok(Some(Tier::Plus)),
        Err(_) => Err(Malformed::unknown("tier", value)),
    }
}

fn on_untracked_image(value: i32) -> Result<Option<OnUntrackedImage>, Malformed> {
    match v1::OnUntrackedImage::try_from(value) {
        Ok(v1::OnUntrackedImage::Unspecified) => Ok(None),
        Ok(v1::OnUntrackedImage::Fail) => Ok(Some(OnUntrackedImage::Fail)),
        Ok(v1::OnUntrackedImage::Warn) => Ok(Some(OnUntrackedImage::Warn)),
        Err(_) => Err(Malformed::unknown("on_untracked_image", value)),
    }
}

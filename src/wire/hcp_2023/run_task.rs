use serde::{Deserialize, Serialize};

use crate::model::{OnUntrackedImage, RegistrySettings};
use crate::wire::hcp::{Invalid, behaviour, said};

/// What a run task says of images that no bucket knows; also the request to change that.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunTaskConfig {
    on_untracked_image: Option<String>,
}

impl RunTaskConfig {
    /// What is asked for; `None` is no change.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<Option<OnUntrackedImage>, Invalid> {
        match said(self.on_untracked_image).as_deref() {
            None | Some("UNSET") => Ok(None),
            Some("FAIL") => Ok(Some(OnUntrackedImage::Fail)),
            Some("WARN") => Ok(Some(OnUntrackedImage::Warn)),
            Some(other) => Err(Invalid::new("on_untracked_image", format!("{other:?} is not known; use FAIL or WARN"))),
        }
    }
}

impl From<&RegistrySettings> for RunTaskConfig {
    fn from(settings: &RegistrySettings) -> Self {
        Self { on_untracked_image: Some(behaviour(settings.on_untracked_image).to_owned()) }
    }
}

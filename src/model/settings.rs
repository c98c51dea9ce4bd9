use std::fmt;

use super::{ProjectId, Secret, Timestamp};

/// What is set for the registry of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrySettings {
    /// ULID: the 128 bits of the project's id, because a project has one registry.
    pub id: String,
    /// The project.
    pub project_id: ProjectId,
    /// What HCP sells it as. Without effect here.
    pub tier: Tier,
    /// Since when nothing can be recorded in it, or read from it, if so.
    pub deactivation: Option<Deactivation>,
    /// What the run task says of an image that no bucket knows.
    pub on_untracked_image: OnUntrackedImage,
    /// When it was created; as long as nothing was set, when the project was.
    pub created_at: Timestamp,
    /// When something was last set.
    pub updated_at: Timestamp,
}

/// That a registry is out of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deactivation {
    /// Since when.
    pub at: Timestamp,
    /// Who said so.
    pub by: String,
}

/// What HCP sells a registry as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tier {
    /// The smaller one.
    #[default]
    Standard,
    /// The larger one.
    Plus,
}

impl fmt::Display for Tier {
    /// The word for people and scripts: `standard`, `plus`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Standard => "standard",
            Self::Plus => "plus",
        })
    }
}

/// What the run task says of an image that no bucket knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnUntrackedImage {
    /// That it stops the run.
    Fail,
    /// That it is worth a look.
    #[default]
    Warn,
}

impl fmt::Display for OnUntrackedImage {
    /// The word for people and scripts: `fail`, `warn`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fail => "fail",
            Self::Warn => "warn",
        })
    }
}

/// What is to change of the settings of a registry; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryUpdate {
    /// What HCP sells it as.
    pub tier: Option<Tier>,
    /// Whether it is in use.
    pub active: Option<bool>,
    /// What the run task says of an image that no bucket knows.
    pub on_untracked_image: Option<OnUntrackedImage>,
}

/// How Terraform reaches the run task of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunTask {
    /// UUID, part of the address: whoever knows it may ask.
    pub id: String,
    /// What both sides sign with.
    pub hmac_key: Secret,
}

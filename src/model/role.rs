use std::fmt;

use super::{BucketName, OrganizationId, ProjectId};

/// What a principal is in an organization, a project or a bucket; each role can do what those before it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Records builds and governs what was recorded.
    Contributor,
    /// Gives roles too.
    Admin,
    /// Does everything.
    Owner,
}

/// A text that names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a role; use viewer, contributor, admin or owner")]
pub struct InvalidRole(String);

/// What HCP puts before the name of a role: `roles/viewer`.
const PREFIX: &str = "roles/";

impl Role {
    /// All of them, from the weakest to the strongest.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Contributor, Self::Admin, Self::Owner];

    /// Reads `viewer` as well as HCP's `roles/viewer`.
    ///
    /// # Errors
    /// [`InvalidRole`] for anything else.
    pub fn parse(text: impl AsRef<str>) -> Result<Self, InvalidRole> {
        let text = text.as_ref();
        let name = text.strip_prefix(PREFIX).unwrap_or(text);
        let found = Self::ALL.into_iter().find(|role| role.as_str() == name);
        found.ok_or_else(|| InvalidRole(text.chars().take(64).collect()))
    }

    /// The name: `viewer`, `contributor`, `admin` or `owner`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Contributor => "contributor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The name that HCP's APIs use: `roles/viewer`.
    pub fn hcp_id(self) -> String {
        format!("{PREFIX}{self}")
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How wide a place is; the wider come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// All projects of an organization.
    Organization,
    /// All buckets of a project.
    Project,
    /// One bucket.
    Bucket,
}

impl Level {
    /// All of them, from the widest to the narrowest.
    pub const ALL: [Self; 3] = [Self::Organization, Self::Project, Self::Bucket];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Organization => "organization",
            Self::Project => "project",
            Self::Bucket => "bucket",
        })
    }
}

/// Where a role is held.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In an organization.
    Organization(OrganizationId),
    /// In a project.
    Project(ProjectId),
    /// On a bucket of a project.
    Bucket(ProjectId, BucketName),
}

impl Place {
    /// How wide it is.
    pub fn level(&self) -> Level {
        match self {
            Self::Organization(_) => Level::Organization,
            Self::Project(_) => Level::Project,
            Self::Bucket(..) => Level::Bucket,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(id) => write!(f, "organization {id}"),
            Self::Project(id) => write!(f, "project {id}"),
            Self::Bucket(_, name) => write!(f, "bucket {name}"),
        }
    }
}

/// A role that is held somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Which.
    pub role: Role,
    /// Where.
    pub place: Place,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_as_it_is_written_and_as_hcp_writes_it() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.to_string()), Ok(role));
            assert_eq!(Role::parse(role.hcp_id()), Ok(role));
        }
        for wrong in ["", "Viewer", "roles/", "roles/roles/viewer", "roles/resource-manager.browser", "viewer "] {
            assert!(Role::parse(wrong).is_err(), "{wrong}");
        }
    }
}

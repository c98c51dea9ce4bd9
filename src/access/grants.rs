use std::fmt;

use super::{Permission, Role};
use crate::model::{BucketName, OrganizationId, ProjectId};

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

/// Everything that was granted to a caller; rights add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants(Inner);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Inner {
    Everything,
    Bindings(Vec<Binding>),
}

/// What somebody wants to do something to: a project of an organization, or one bucket of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub(super) organization: Option<&'a OrganizationId>,
    pub(super) project: Option<&'a ProjectId>,
    pub(super) bucket: Option<&'a BucketName>,
}

impl Target<'_> {
    /// Whether what is held in `place` reaches here.
    fn lies_in(self, place: &Place) -> bool {
        match place {
            Place::Organization(id) => self.organization == Some(id),
            Place::Project(id) => self.project == Some(id),
            Place::Bucket(project, name) => self.project == Some(project) && self.bucket == Some(name),
        }
    }
}

impl Grants {
    /// May do everything everywhere: whoever can open the registry's file.
    pub fn everything() -> Self {
        Self(Inner::Everything)
    }

    /// The roles that a principal was given.
    pub fn of(bindings: Vec<Binding>) -> Self {
        Self(Inner::Bindings(bindings))
    }

    /// The roles; `None` where everything is granted.
    pub fn bindings(&self) -> Option<&[Binding]> {
        match &self.0 {
            Inner::Everything => None,
            Inner::Bindings(bindings) => Some(bindings),
        }
    }

    pub(super) fn allow(&self, permission: Permission, target: Target<'_>) -> bool {
        self.bindings().is_none_or(|bindings| {
            bindings
                .iter()
                .any(|Binding { role, place }| target.lies_in(place) && role.allows(permission, place.level()))
        })
    }

    /// The strongest role that reaches `target`; `None` where none does. [`Role::Owner`] where everything is granted.
    pub(super) fn strongest(&self, target: Target<'_>) -> Option<Role> {
        let Some(bindings) = self.bindings() else { return Some(Role::Owner) };
        bindings.iter().filter(|binding| target.lies_in(&binding.place)).map(|binding| binding.role).max()
    }

    /// Whether anything is held in `project` or on a bucket of it, or in `organization`.
    pub(super) fn reach(&self, organization: Option<&OrganizationId>, project: &ProjectId) -> bool {
        self.bindings().is_none_or(|bindings| {
            bindings.iter().any(|binding| match &binding.place {
                Place::Organization(id) => organization == Some(id),
                Place::Project(id) | Place::Bucket(id, _) => id == project,
            })
        })
    }
}

#[cfg(test)]
mod tests;

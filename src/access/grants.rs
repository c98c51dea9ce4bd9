use super::{Binding, Permission, Place, Role};
use crate::model::{BucketName, OrganizationId, ProjectId};

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
                .any(|Binding { role, place }| target.lies_in(place) && permission.is_of(*role, place.level()))
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

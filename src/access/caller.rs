use super::grants::Target;
use super::{Binding, Denied, Grants, Level, Permission, Place, Role};
use crate::model::{BucketName, OrganizationId, PrincipalId, ProjectId};

/// Whoever asks the registry for something; every call of the service takes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name that histories record.
    pub name: String,
    /// The principal; `None` for [`Caller::local`].
    pub principal_id: Option<PrincipalId>,
    /// The organization that the caller belongs to; `None` for [`Caller::local`].
    pub organization_id: Option<OrganizationId>,
    /// The project that the caller works in. Without one there are no buckets, unless the caller is
    /// [`local`](Caller::local): then it is the first project of the registry.
    pub project_id: Option<ProjectId>,
    /// What the caller may do.
    pub grants: Grants,
}

impl Caller {
    /// The person or build on this machine that has the registry's file open: may do everything.
    pub fn local(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            principal_id: None,
            organization_id: None,
            project_id: None,
            grants: Grants::everything(),
        }
    }

    /// Whether this is whoever has the registry's file open.
    pub fn is_local(&self) -> bool {
        self.grants.bindings().is_none()
    }

    /// The same caller, working in `project`, which is one of the caller's organization.
    pub fn in_project(&self, project: ProjectId) -> Self {
        Self { project_id: Some(project), ..self.clone() }
    }

    /// Whether `permission` is granted: on `bucket` of the caller's project, or without one, on the whole project.
    pub fn may(&self, permission: Permission, bucket: Option<&BucketName>) -> bool {
        self.grants.allow(permission, self.target(bucket))
    }

    /// Asks for `permission`, on `bucket` of the caller's project, or without one, on the whole project.
    ///
    /// # Errors
    /// [`Denied`] where it is not granted. Ask [`Caller::may_see`] first: what a caller may not see does not exist.
    pub fn require(&self, permission: Permission, bucket: Option<&BucketName>) -> Result<(), Denied> {
        if self.may(permission, bucket) {
            return Ok(());
        }
        let target = match (permission.narrowest(), bucket, &self.project_id) {
            (Level::Organization, ..) => "the organization".to_owned(),
            (Level::Bucket, Some(bucket), _) => format!("bucket {bucket}"),
            (_, _, Some(project)) => format!("project {project}"),
            (_, _, None) => "a project that was not named".to_owned(),
        };
        Err(Denied { caller: self.name.clone(), permission, target, beyond: None })
    }

    /// Whether `bucket` may be read.
    pub fn may_see(&self, bucket: &BucketName) -> bool {
        self.may(Permission::ReadBucket, Some(bucket))
    }

    /// Whether anything of `project`, a project of the caller's organization, may be read: what it is, and that it is.
    pub fn may_see_project(&self, project: &ProjectId) -> bool {
        self.grants.reach(self.organization_id.as_ref(), project)
    }

    /// The strongest role that is held on `bucket` of the caller's project, or without one, on the whole project.
    pub fn role(&self, bucket: Option<&BucketName>) -> Option<Role> {
        self.grants.strongest(self.target(bucket))
    }

    /// Asks for the right to give, or to take away, what `binding` says: nobody gives a role above their own.
    ///
    /// # Errors
    /// [`Denied`] where it is not granted, or not in the caller's project and organization.
    pub fn require_to_grant(&self, binding: &Binding) -> Result<(), Denied> {
        let (permission, target, is_here) = match &binding.place {
            Place::Organization(id) => {
                let target = Target { project: None, ..self.target(None) };
                (Permission::ManageOrganization, target, self.organization_id.as_ref() == Some(id))
            }
            Place::Project(id) => (Permission::ManageProject, self.target(None), self.project_id.as_ref() == Some(id)),
            Place::Bucket(id, bucket) => {
                (Permission::ManageBucketAccess, self.target(Some(bucket)), self.project_id.as_ref() == Some(id))
            }
        };
        // Whatever else the caller may do: the rights were looked up for the place that the caller works in.
        let beyond = if !(self.is_local() || is_here && self.grants.allow(permission, target)) {
            None
        } else if self.grants.strongest(target).is_some_and(|own| own >= binding.role) {
            return Ok(());
        } else {
            Some(binding.role)
        };
        Err(Denied { caller: self.name.clone(), permission, target: binding.place.to_string(), beyond })
    }

    /// Whether there is a place in which the caller may give roles to principals that are at home in `project`, or
    /// without one, in the organization.
    pub fn gives_roles_to(&self, project: Option<&ProjectId>) -> bool {
        let Some(bindings) = self.grants.bindings() else { return true };
        bindings.iter().any(|Binding { role, place }| {
            let is_near = match (place, project) {
                (Place::Organization(_), _) | (_, None) => true,
                (Place::Project(id) | Place::Bucket(id, _), Some(project)) => id == project,
            };
            is_near && Permission::ManageBucketAccess.is_of(*role, place.level())
        })
    }

    fn target<'a>(&'a self, bucket: Option<&'a BucketName>) -> Target<'a> {
        Target { organization: self.organization_id.as_ref(), project: self.project_id.as_ref(), bucket }
    }
}

use packer_plugin_registry::access::{Binding, Caller, Place, Role};
use packer_plugin_registry::model::{
    BucketName, OrganizationId, Principal, PrincipalId, PrincipalName, Project, ProjectId, ProjectName,
};
use packer_plugin_registry::registry::store::Store;
use packer_plugin_registry::registry::{RegistryError, Service};

use crate::store::block_on;
use crate::store::record::{bucket, build};
use crate::store::registry::{BUCKET, Registry};

/// A registry with one bucket in its first project, and those who use it.
pub(crate) struct People<'r, S> {
    pub(crate) registry: &'r Registry<S>,
    pub(crate) organization: OrganizationId,
    pub(crate) project: ProjectId,
}

impl<'r, S: Store> People<'r, S> {
    pub(crate) fn of(registry: &'r Registry<S>) -> Self {
        registry.record(&build(1, "east"));
        let organization = block_on(registry.service.organization(&registry.caller)).unwrap();
        let project = block_on(registry.service.projects(&registry.caller)).unwrap().remove(0);
        Self { registry, organization: organization.id, project: project.id }
    }

    pub(crate) fn service(&self) -> &'r Service<S> {
        &self.registry.service
    }

    /// Whoever can open the registry's file.
    pub(crate) fn local(&self) -> &'r Caller {
        &self.registry.caller
    }

    pub(crate) fn everywhere(&self) -> Place {
        Place::Organization(self.organization.clone())
    }

    pub(crate) fn here(&self) -> Place {
        Place::Project(self.project.clone())
    }

    pub(crate) fn bucket(&self) -> Place {
        Place::Bucket(self.project.clone(), bucket(BUCKET))
    }

    /// Another project, with a bucket of the same name.
    pub(crate) fn new_project(&self, called: &str) -> Project {
        let project = block_on(self.service().create_project(self.local(), &project_name(called))).unwrap();
        block_on(self.service().ingest(&self.local().in_project(project.id.clone()), &build(1, "east"))).unwrap();
        project
    }

    /// A new principal of `project`, or without one, of the organization.
    pub(crate) fn hire(&self, project: Option<&ProjectId>, called: &str) -> Principal {
        block_on(self.service().create_principal(self.local(), project, &name(called))).unwrap()
    }

    pub(crate) fn give(&self, principal: &PrincipalId, role: Role, place: Place) {
        self.try_give(self.local(), principal, role, place).unwrap();
    }

    pub(crate) fn try_give(
        &self,
        by: &Caller,
        principal: &PrincipalId,
        role: Role,
        place: Place,
    ) -> Result<(), RegistryError> {
        block_on(self.service().grant(by, principal, &Binding { role, place })).map(drop)
    }

    /// A new principal of the organization with a role, as a caller in the first project.
    pub(crate) fn caller(&self, role: Role, place: Place) -> Caller {
        let principal = self.hire(None, &format!("{role}-of-{}-{}", place.level(), self.count()));
        self.give(&principal.id, role, place);
        self.caller_of(&principal.id)
    }

    /// A principal as a caller in the first project.
    pub(crate) fn caller_of(&self, principal: &PrincipalId) -> Caller {
        block_on(self.service().caller(principal, Some(&self.project))).unwrap().unwrap()
    }

    fn count(&self) -> usize {
        block_on(self.service().principals(self.local())).unwrap().len()
    }
}

pub(crate) fn name(text: &str) -> PrincipalName {
    PrincipalName::parse(text).unwrap()
}

pub(crate) fn project_name(text: &str) -> ProjectName {
    ProjectName::parse(text).unwrap()
}

pub(crate) fn bucket_named(text: &str) -> BucketName {
    BucketName::parse(text).unwrap()
}

/// In one letter, what became of a call: done, `d`enied, not `f`ound, `r`efused.
pub(crate) fn outcome<T>(result: &Result<T, RegistryError>) -> char {
    match result {
        Ok(_) => '+',
        Err(RegistryError::Denied(_)) => 'd',
        Err(RegistryError::NotFound { .. }) => 'f',
        Err(RegistryError::Refused(_) | RegistryError::Exists(_)) => 'r',
        Err(RegistryError::Store(error)) => panic!("{error}"),
    }
}

use super::{binding_row, principal_row, project};
use crate::access::{Caller, Grants};
use crate::model::{PrincipalId, ProjectId};
use crate::registry::RegistryError;
use crate::registry::store::{Op, Tx};

/// A principal as a caller with its roles, in a project.
pub(super) struct CallerOf {
    pub(super) principal: PrincipalId,
    /// Without one, it is the principal's own, or else the only one that it may see.
    pub(super) project: Option<ProjectId>,
}

impl Op for CallerOf {
    type Out = Option<Caller>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Some(principal) = principal_row::by_id(tx, &self.principal).await? else { return Ok(None) };
        let bindings = binding_row::of_principal(tx, &principal.id).await?;
        let mut caller = Caller {
            name: principal.name.to_string(),
            principal_id: Some(principal.id),
            organization_id: Some(principal.organization_id.clone()),
            project_id: None,
            grants: Grants::of(bindings),
        };
        let projects = project::all(tx, &principal.organization_id).await?;
        let mut seen = projects.into_iter().map(|project| project.id).filter(|id| caller.may_see_project(id));
        caller.project_id = match (&self.project, principal.project_id) {
            (Some(asked), _) => match seen.find(|id| id == asked) {
                Some(found) => Some(found),
                None => return Err(RegistryError::no_project(asked)),
            },
            (None, Some(own)) => Some(own),
            (None, None) => seen.next().filter(|_| seen.next().is_none()),
        };
        Ok(Some(caller))
    }
}

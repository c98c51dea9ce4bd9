//! Who may manage whom.

use super::{binding_row, principal_row};
use crate::access::Permission;
use crate::model::{OrganizationId, Principal, PrincipalId, ProjectId};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Tx, values};

/// The same caller in `project`, if it is one of the organization that the caller may know of.
pub(super) async fn enter<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    organization: &OrganizationId,
    project: &ProjectId,
) -> Result<Scope, RegistryError> {
    let sql = "SELECT id FROM projects WHERE id = $1 AND organization_id = $2";
    if tx.rows(sql, values![project, organization]).await?.is_empty() || !scope.caller.may_see_project(project) {
        return Err(RegistryError::no_project(project));
    }
    let caller = scope.caller.in_project(project.clone());
    Ok(Scope { project_id: project.as_str().to_owned(), caller, now: scope.now })
}

/// Asks for the right to manage principals: some of them at least.
pub(super) fn require_manager(scope: &Scope) -> Result<(), RegistryError> {
    let caller = &scope.caller;
    if caller.may(Permission::ManageOrganization, None) {
        return Ok(());
    }
    match &caller.project_id {
        Some(project) if !caller.may_see_project(project) => Err(RegistryError::no_project(project)),
        _ => Ok(caller.require(Permission::ManageProject, None)?),
    }
}

/// A principal that the caller may change, and the caller where the principal is at home.
///
/// Whoever makes a secret for a principal can do what it can. So nobody may change one with a role above their own; and
/// since one of a project holds roles in that project only, its admins can judge.
pub(super) async fn require_over<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    organization: &OrganizationId,
    id: &PrincipalId,
) -> Result<(Scope, Principal), RegistryError> {
    require_manager(scope)?;
    let Some(principal) = principal_row::find(tx, organization, id).await? else { return Err(no_principal(id)) };
    let governs_all = scope.caller.may(Permission::ManageOrganization, None);
    let Some(home) = principal.project_id.clone() else {
        if governs_all {
            return Ok((scope.clone(), principal));
        }
        return Err(no_principal(id));
    };
    if !governs_all && scope.project_id != home.as_str() {
        return Err(no_principal(id));
    }
    let scope = enter(tx, scope, organization, &home).await?;
    for binding in binding_row::of_principal(tx, id).await? {
        scope.caller.require_to_grant(&binding)?;
    }
    Ok((scope, principal))
}

/// The answer about a principal that is not there, or that the caller may not know of.
pub(super) fn no_principal(id: &PrincipalId) -> RegistryError {
    RegistryError::NotFound {
        what: format!("principal {id}"),
        way_out: "list the principals, of the project or of the organization, to see which there are".to_owned(),
    }
}

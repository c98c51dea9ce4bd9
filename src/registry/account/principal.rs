use super::authority::{enter, no_principal, require_manager, require_over};
use super::{last_owner, limits, organization, principal_row};
use crate::access::{ClientId, Permission};
use crate::model::{OrganizationId, Principal, PrincipalId, PrincipalName, ProjectId};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Fault, Op, StoreError, Tx, values};

/// Creates a principal without secrets and roles.
pub(super) struct CreatePrincipal {
    pub(super) scope: Scope,
    pub(super) client_id: ClientId,
    pub(super) name: PrincipalName,
    /// The project that it is to belong to; `None` for the organization.
    pub(super) project_id: Option<ProjectId>,
}

impl Op for CreatePrincipal {
    type Out = Principal;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Principal, RegistryError> {
        let Self { scope, client_id, name, project_id } = self;
        let organization_id = organization::hold(tx, scope).await?;
        match project_id {
            None => scope.caller.require(Permission::ManageOrganization, None)?,
            Some(project) => {
                let scope = enter(tx, scope, &organization_id, project).await?;
                scope.caller.require(Permission::ManageProject, None)?;
            }
        }
        let home = (&organization_id, project_id.as_ref());
        if is_taken(tx, home, name).await? {
            let message = format!("there is a principal called {name} already; choose another name, or use that one");
            return Err(RegistryError::Refused(message));
        }
        insert(tx, scope, home, (client_id, name)).await
    }
}

/// Whether there is a principal of that name.
pub(super) async fn is_taken<T: Tx>(
    tx: &mut T,
    (organization, project): (&OrganizationId, Option<&ProjectId>),
    name: &PrincipalName,
) -> Result<bool, RegistryError> {
    let sql = "SELECT id FROM principals WHERE organization_id = $1 AND COALESCE(project_id, '') = $2 AND name = $3";
    let project = project.map_or("", ProjectId::as_str);
    Ok(!tx.rows(sql, values![organization, project, name]).await?.is_empty())
}

/// Creates a principal whose name is free.
pub(super) async fn insert<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (organization, project): (&OrganizationId, Option<&ProjectId>),
    (client_id, name): (&ClientId, &PrincipalName),
) -> Result<Principal, RegistryError> {
    let sql = "SELECT COUNT(*) FROM principals WHERE organization_id = $1";
    let count = tx.rows(sql, values![organization]).await?.pop().map_or(Ok(0), |mut row| row.integer())?;
    limits::check(limits::MAX_PRINCIPALS, count, "principals")?;
    let sql = "INSERT INTO principals (id, client_id, organization_id, project_id, name, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let id = PrincipalId::parse(scope.new_id())
        .map_err(|error| RegistryError::Store(StoreError::new(Fault::Internal(error.to_string()))))?;
    tx.exec(sql, values![&id, client_id.as_str(), organization, project, name, scope.now]).await?;
    Ok(Principal {
        id,
        client_id: client_id.to_string(),
        name: name.clone(),
        organization_id: organization.clone(),
        project_id: project.cloned(),
        created_at: scope.now,
        secrets: Vec::new(),
    })
}

/// The principals that the caller may manage, by name: those of the project, those of the organization, or both.
pub(super) struct Principals {
    pub(super) scope: Scope,
}

impl Op for Principals {
    type Out = Vec<Principal>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope } = self;
        require_manager(scope)?;
        let organization = organization::own(tx, scope).await?;
        let mut principals = principal_row::all(tx, &organization).await?;
        let governs_all = scope.caller.may(Permission::ManageOrganization, None);
        principals.retain(|principal| match &principal.project_id {
            None => governs_all,
            Some(project) => project.as_str() == scope.project_id || scope.project_id.is_empty(),
        });
        Ok(principals)
    }
}

/// One principal: one that the caller may manage, or themself.
pub(super) struct OnePrincipal {
    pub(super) scope: Scope,
    pub(super) id: PrincipalId,
}

impl Op for OnePrincipal {
    type Out = Principal;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Principal, RegistryError> {
        let organization = organization::own(tx, &self.scope).await?;
        require_sight(tx, &self.scope, &organization, &self.id).await
    }
}

/// Principals by their ids: whoever gives roles has to know whom they give them to.
pub(super) struct PrincipalsById {
    pub(super) scope: Scope,
    pub(super) ids: Vec<PrincipalId>,
}

impl Op for PrincipalsById {
    type Out = Vec<Principal>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, ids } = self;
        let organization = organization::own(tx, scope).await?;
        let mut principals = Vec::new();
        for id in ids {
            let Some(mut principal) = principal_row::find(tx, &organization, id).await? else { continue };
            let is_self = scope.caller.principal_id.as_ref() == Some(id);
            if is_self || scope.caller.gives_roles_to(principal.project_id.as_ref()) {
                principal.secrets.clear();
                principals.push(principal);
            }
        }
        Ok(principals)
    }
}

/// A principal that the caller may manage, or themself; its roles do not matter.
pub(super) async fn require_sight<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    organization: &OrganizationId,
    id: &PrincipalId,
) -> Result<Principal, RegistryError> {
    let is_self = scope.caller.principal_id.as_ref() == Some(id);
    if !is_self {
        require_manager(scope)?;
    }
    let Some(principal) = principal_row::find(tx, organization, id).await? else { return Err(no_principal(id)) };
    let is_here = principal.project_id.as_ref().is_some_and(|project| project.as_str() == scope.project_id);
    if is_self || is_here || scope.caller.may(Permission::ManageOrganization, None) {
        return Ok(principal);
    }
    Err(no_principal(id))
}

/// Deletes a principal with its secrets, roles and identity rules. Histories keep its name.
pub(super) struct DeletePrincipal {
    pub(super) scope: Scope,
    pub(super) id: PrincipalId,
}

impl Op for DeletePrincipal {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, id } = self;
        let organization = organization::hold(tx, scope).await?;
        require_over(tx, scope, &organization, id).await?;
        last_owner::refuse_if(tx, &organization, id).await?;
        for sql in [
            "DELETE FROM principal_secrets WHERE principal_id = $1",
            "DELETE FROM role_bindings WHERE principal_id = $1",
            "DELETE FROM identity_rules WHERE principal_id = $1",
            "DELETE FROM principals WHERE id = $1",
        ] {
            tx.exec(sql, values![id]).await?;
        }
        Ok(())
    }
}

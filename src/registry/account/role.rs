use super::authority::{enter, no_principal};
use super::binding_row::{self, PlaceKey};
use super::principal::require_sight;
use super::{last_owner, limits, organization, principal_row};
use crate::access::Permission;
use crate::model::{Binding, HeldRole, OrganizationId, Place, PrincipalId, Role};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx};
use crate::registry::{RegistryError, bucket_row};

/// Gives a principal a role, in place of the one that it holds there, if any.
pub(super) struct Grant {
    pub(super) scope: Scope,
    pub(super) principal: PrincipalId,
    pub(super) binding: Binding,
}

impl Op for Grant {
    type Out = HeldRole;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<HeldRole, RegistryError> {
        let Self { scope, principal, binding } = self;
        let organization = organization::hold(tx, scope).await?;
        let (scope, key) = require_place(tx, scope, &organization, &binding.place).await?;
        give(tx, &scope, (&organization, &key), principal, binding).await
    }
}

/// Gives a principal a role in the place of this key, which the scope has entered.
pub(super) async fn give<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (organization, key): (&OrganizationId, &PlaceKey),
    principal: &PrincipalId,
    binding: &Binding,
) -> Result<HeldRole, RegistryError> {
    scope.caller.require_to_grant(binding)?;
    let Some(found) = principal_row::find(tx, organization, principal).await? else {
        return Err(no_principal(principal));
    };
    if let Some(home) = found.project_id.as_ref().filter(|home| home.as_str() != key.project_id) {
        if !scope.caller.may(Permission::ManageOrganization, None) {
            return Err(no_principal(principal));
        }
        let message = format!(
            "{} belongs to project {home} and can be given roles there only; make a principal of the organization for \
             {}",
            found.name, binding.place
        );
        return Err(RegistryError::Refused(message));
    }
    match binding_row::find(tx, principal, key).await? {
        Some(role) => {
            scope.caller.require_to_grant(&Binding { role, place: binding.place.clone() })?;
            if role == Role::Owner && binding.role != role && key.is_organization() {
                last_owner::refuse_if(tx, organization, principal).await?;
            }
            binding_row::delete(tx, principal, key).await?;
        }
        None => limits::check(limits::MAX_ROLES, binding_row::count(tx, principal).await?, "roles of it")?,
    }
    let held = HeldRole {
        principal_id: found.id,
        principal: found.name,
        role: binding.role,
        place: binding.place.clone(),
        given_by: scope.caller.name.clone(),
        given_at: scope.now,
    };
    binding_row::insert(tx, organization, key, &held).await?;
    Ok(held)
}

/// Takes the role that a principal holds somewhere.
pub(super) struct Revoke {
    pub(super) scope: Scope,
    pub(super) principal: PrincipalId,
    pub(super) place: Place,
}

impl Op for Revoke {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, principal, place } = self;
        let organization = organization::hold(tx, scope).await?;
        let (scope, key) = require_place(tx, scope, &organization, place).await?;
        scope.caller.require_to_grant(&Binding { role: Role::Viewer, place: place.clone() })?;
        let held = match principal_row::find(tx, &organization, principal).await? {
            Some(_) => binding_row::find(tx, principal, &key).await?,
            None => None,
        };
        let Some(role) = held else {
            return Err(RegistryError::NotFound {
                what: format!("a role of principal {principal} in {place}"),
                way_out: "list the roles there to see who holds which".to_owned(),
            });
        };
        take(tx, &scope, (&organization, &key), principal, &Binding { role, place: place.clone() }).await
    }
}

/// Takes from a principal the role that it holds in the place of this key, which the scope has entered.
pub(super) async fn take<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    (organization, key): (&OrganizationId, &PlaceKey),
    principal: &PrincipalId,
    held: &Binding,
) -> Result<(), RegistryError> {
    scope.caller.require_to_grant(held)?;
    if held.role == Role::Owner && key.is_organization() {
        last_owner::refuse_if(tx, organization, principal).await?;
    }
    binding_row::delete(tx, principal, key).await?;
    Ok(())
}

/// The roles that are held exactly there, by the names of principals.
pub(super) struct Roles {
    pub(super) scope: Scope,
    pub(super) place: Place,
}

impl Op for Roles {
    type Out = Vec<HeldRole>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, place } = self;
        let organization = organization::own(tx, scope).await?;
        let (scope, key) = require_place(tx, scope, &organization, place).await?;
        scope.caller.require_to_grant(&Binding { role: Role::Viewer, place: place.clone() })?;
        binding_row::held_in(tx, &organization, &key).await
    }
}

/// The roles of one principal: one that the caller may manage, or themself.
pub(super) struct RolesOf {
    pub(super) scope: Scope,
    pub(super) principal: PrincipalId,
}

impl Op for RolesOf {
    type Out = Vec<HeldRole>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let organization = organization::own(tx, &self.scope).await?;
        require_sight(tx, &self.scope, &organization, &self.principal).await?;
        binding_row::held_by(tx, &self.principal).await
    }
}

/// The caller in `place`, if it is one that they may know of.
pub(super) async fn require_place<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    organization: &OrganizationId,
    place: &Place,
) -> Result<(Scope, PlaceKey), RegistryError> {
    let (project, bucket) = match place {
        Place::Organization(id) if id == organization => {
            return Ok((scope.clone(), PlaceKey::ORGANIZATION));
        }
        Place::Organization(id) => {
            return Err(RegistryError::no_organization(id, organization));
        }
        Place::Project(project) => (project, None),
        Place::Bucket(project, bucket) => (project, Some(bucket)),
    };
    let scope = enter(tx, scope, organization, project).await?;
    let bucket_id = match bucket {
        None => String::new(),
        Some(bucket) => bucket_row::require(tx, &scope, bucket).await?,
    };
    Ok((scope, PlaceKey { project_id: project.as_str().to_owned(), bucket_id }))
}

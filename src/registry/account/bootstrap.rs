use super::{binding_row, organization, principal, secret};
use crate::access::{ClientId, SecretHash};
use crate::model::{HeldRole, Place, Principal, PrincipalName, Role};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx};

/// Makes an owner of the organization with a secret; `None` where it is to be the first one, and there is an owner.
pub(super) struct MakeOwner {
    pub(super) scope: Scope,
    pub(super) client_id: ClientId,
    pub(super) hash: SecretHash,
    /// What the owner is called, and what instead where there is a principal of that name.
    pub(super) names: [PrincipalName; 2],
    pub(super) is_to_be_first: bool,
}

impl Op for MakeOwner {
    type Out = Option<(Principal, String)>;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, client_id, hash, names: [name, otherwise], is_to_be_first } = self;
        let organization = organization::hold(tx, scope).await?;
        if *is_to_be_first && secret::has_owner(tx, &organization).await? {
            return Ok(None);
        }
        let is_taken = principal::is_taken(tx, (&organization, None), name).await?;
        let name = if is_taken { otherwise } else { name };
        let mut owner = principal::insert(tx, scope, (&organization, None), (client_id, name)).await?;
        let secret_id = secret::insert(tx, scope, &mut owner, (hash, None)).await?;
        let held = HeldRole {
            principal_id: owner.id.clone(),
            principal: owner.name.clone(),
            role: Role::Owner,
            place: Place::Organization(organization.clone()),
            given_by: scope.caller.name.clone(),
            given_at: scope.now,
        };
        binding_row::insert(tx, &organization, &binding_row::PlaceKey::ORGANIZATION, &held).await?;
        Ok(Some((owner, secret_id)))
    }
}

/// Whether the organization has an owner.
pub(super) struct HasOwner {
    pub(super) scope: Scope,
}

impl Op for HasOwner {
    type Out = bool;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<bool, RegistryError> {
        let organization = organization::own(tx, &self.scope).await?;
        secret::has_owner(tx, &organization).await
    }
}

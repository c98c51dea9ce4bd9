use std::collections::BTreeMap;

use super::binding_row::{self, PlaceKey};
use super::organization;
use super::role::{give, require_place, take};
use crate::access::etag_of;
use crate::model::{AccessPolicy, Binding, OrganizationId, Place, PolicyChange, PrincipalId, Role};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx};

/// Who holds which role exactly there.
pub(super) struct PolicyOf {
    pub(super) scope: Scope,
    pub(super) place: Place,
}

impl Op for PolicyOf {
    type Out = AccessPolicy;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, place } = self;
        let organization = organization::own(tx, scope).await?;
        let (scope, key) = require_place(tx, scope, &organization, place).await?;
        scope.caller.require_to_grant(&Binding { role: Role::Viewer, place: place.clone() })?;
        policy(tx, &organization, &key).await
    }
}

/// Gives and takes roles until those are held there, and no others.
pub(super) struct SetPolicy {
    pub(super) scope: Scope,
    pub(super) place: Place,
    pub(super) members: BTreeMap<PrincipalId, Role>,
    /// The state that the caller has seen; without one, whatever there is.
    pub(super) etag: Option<String>,
}

impl Op for SetPolicy {
    type Out = PolicyChange;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, place, members, etag } = self;
        let organization = organization::hold(tx, scope).await?;
        let (scope, key) = require_place(tx, scope, &organization, place).await?;
        scope.caller.require_to_grant(&Binding { role: Role::Viewer, place: place.clone() })?;
        let before = policy(tx, &organization, &key).await?;
        if etag.as_ref().is_some_and(|seen| *seen != before.etag) {
            return Ok(PolicyChange::Outdated);
        }
        let (before, at) = (before.members, (&organization, &key));
        // Those who are new come first: an owner may take the place of the only other one.
        let (new, kept): (Vec<_>, Vec<_>) = members.iter().partition(|(id, _)| !before.contains_key(*id));
        for (principal, role) in new.into_iter().chain(kept) {
            if before.get(principal) != Some(role) {
                let binding = Binding { role: *role, place: place.clone() };
                give(tx, &scope, at, principal, &binding).await?;
            }
        }
        for (principal, role) in before.iter().filter(|(id, _)| !members.contains_key(*id)) {
            let held = Binding { role: *role, place: place.clone() };
            take(tx, &scope, at, principal, &held).await?;
        }
        policy(tx, &organization, &key).await.map(PolicyChange::Made)
    }
}

async fn policy<T: Tx>(
    tx: &mut T,
    organization: &OrganizationId,
    key: &PlaceKey,
) -> Result<AccessPolicy, RegistryError> {
    let held = binding_row::held_in(tx, organization, key).await?;
    let members: BTreeMap<_, _> = held.into_iter().map(|held| (held.principal_id, held.role)).collect();
    Ok(AccessPolicy { etag: etag_of(&members), members })
}

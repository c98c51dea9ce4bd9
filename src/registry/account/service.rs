use std::collections::BTreeMap;

use super::authenticate::{Authenticate, NoteUse};
use super::bootstrap::{HasOwner, MakeOwner};
use super::caller::CallerOf;
use super::identity_rule::{AddIdentityRule, DeleteIdentityRule, IdentityRules, PrincipalsOfIssuer, TrustedPrincipal};
use super::organization::{OwnOrganization, RenameOrganization};
use super::policy::{PolicyOf, SetPolicy};
use super::principal::{CreatePrincipal, DeletePrincipal, OnePrincipal, Principals, PrincipalsById};
use super::project::{CreateProject, DeleteProject, Projects, RenameProject};
use super::role::{Grant, Revoke, Roles, RolesOf};
use super::secret::{DeleteSecret, NewSecret};
use super::signing_key::{RotateSigningKeys, SigningKeys};
use crate::access::oidc::IdentityRule;
use crate::access::token::{KeySet, SigningKey};
use crate::access::{Caller, ClientId, ClientSecret, NoRandomness};
use crate::model::{
    AccessPolicy, Binding, Credentials, HeldRole, IdentityTrust, Organization, Place, PolicyChange, Principal,
    PrincipalId, PrincipalName, Project, ProjectId, ProjectName, Role, Secret, Standing, Timestamp,
};
use crate::registry::store::{Fault, Store, StoreError};
use crate::registry::{RegistryError, Service};

/// The name that histories record for what the registry does by itself.
const REGISTRY: &str = "registry";

/// Without a caller: what a server does before it knows who is calling.
impl<S: Store> Service<S> {
    /// Whether the organization has an owner, so that [`Self::bootstrap_owner`] would make none.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn has_owner(&self) -> Result<bool, RegistryError> {
        self.store.execute(HasOwner { scope: self.account_scope(&Caller::local(REGISTRY)) }).await
    }

    /// Makes the first owner of the organization, and answers their credentials; `None` where it has an owner already.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn bootstrap_owner(&self) -> Result<Option<Credentials>, RegistryError> {
        self.make_owner(true).await
    }

    /// Makes another owner of the organization, for whoever may open the database and has lost the secrets of all owners, and
    /// answers their credentials.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn another_owner(&self) -> Result<Credentials, RegistryError> {
        let made = self.make_owner(false).await?;
        made.ok_or_else(|| StoreError::new(Fault::Internal("no owner was made".to_owned())).into())
    }

    async fn make_owner(&self, is_to_be_first: bool) -> Result<Option<Credentials>, RegistryError> {
        let (client_id, client_secret) = (ClientId::generate()?, ClientSecret::generate()?);
        let otherwise = format!("owner-{}", &client_id.as_str()[..8]);
        let names = [PrincipalName::parse("owner"), PrincipalName::parse(otherwise)];
        let [Ok(name), Ok(otherwise)] = names else { return Ok(None) };
        let op = MakeOwner {
            scope: self.account_scope(&Caller::local(REGISTRY)),
            client_id,
            hash: client_secret.hash(),
            names: [name, otherwise],
            is_to_be_first,
        };
        let made = self.store.execute(op).await?;
        Ok(made.map(|(principal, secret_id)| credentials(principal, secret_id, &client_secret)))
    }

    /// Who presents these credentials; `None` where there is nobody, or the secret is wrong or has expired.
    ///
    /// Whoever calls this slows down those who guess. What it takes to be right or wrong tells nothing about a secret.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn authenticate(
        &self,
        client_id: &ClientId,
        client_secret: &ClientSecret,
    ) -> Result<Option<Principal>, RegistryError> {
        let now = self.clock.now();
        let op = Authenticate { client_id: client_id.clone(), client_secret: client_secret.clone(), now };
        let Some(mut authenticated) = self.store.execute(op).await? else { return Ok(None) };
        if let Some(note) = NoteUse::of(&mut authenticated, now) {
            // For people who clean up: nobody is to be turned away because it cannot be noted.
            let _ = self.store.execute(note).await;
        }
        Ok(Some(authenticated.principal))
    }

    /// A principal as a caller, with its roles of this moment, in `project`: without one, in its own, or else in the only
    /// one that it may see. `None` where there is no such principal any more.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] for a project that is not there, or in which the principal holds nothing.
    pub async fn caller(
        &self,
        principal: &PrincipalId,
        project: Option<&ProjectId>,
    ) -> Result<Option<Caller>, RegistryError> {
        self.store.execute(CallerOf { principal: principal.clone(), project: project.cloned() }).await
    }

    /// The principals that identity tokens of `issuer` may be taken for, with the rules that say of which jobs.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn principals_of_issuer(&self, issuer: &str) -> Result<Vec<TrustedPrincipal>, RegistryError> {
        self.store.execute(PrincipalsOfIssuer { issuer: issuer.to_owned() }).await
    }

    /// The keys that sign and check tokens; makes a new one where that is due, and drops those that nothing needs.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn signing_keys(&self) -> Result<KeySet, RegistryError> {
        let keys = self.store.execute(SigningKeys).await?;
        let now = self.clock.now();
        if !keys.wants_new_key(now) && keys.expired(now).is_empty() {
            return Ok(keys);
        }
        let scope = self.account_scope(&Caller::local(REGISTRY));
        self.store.execute(RotateSigningKeys { key: SigningKey::generate(scope.now)?, scope }).await
    }
}

/// Organizations and projects.
impl<S: Store> Service<S> {
    /// Who the caller is, and where.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn standing(&self, caller: &Caller) -> Result<Standing, RegistryError> {
        let principal = match &caller.principal_id {
            Some(id) => Some(self.principal(caller, id).await?),
            None => None,
        };
        Ok(Standing {
            name: caller.name.clone(),
            principal,
            organization_id: self.organization(caller).await?.id,
            project_id: ProjectId::parse(self.account_scope(caller).project_id).ok(),
        })
    }

    /// The organization of the caller.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn organization(&self, caller: &Caller) -> Result<Organization, RegistryError> {
        self.store.execute(OwnOrganization { scope: self.account_scope(caller) }).await
    }

    /// Gives the organization another name.
    ///
    /// # Errors
    /// [`RegistryError::Denied`].
    pub async fn rename_organization(
        &self,
        caller: &Caller,
        name: &ProjectName,
    ) -> Result<Organization, RegistryError> {
        self.store.execute(RenameOrganization { scope: self.account_scope(caller), name: name.clone() }).await
    }

    /// The projects that the caller holds something in, by name.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn projects(&self, caller: &Caller) -> Result<Vec<Project>, RegistryError> {
        self.store.execute(Projects { scope: self.account_scope(caller) }).await
    }

    /// Creates a project.
    ///
    /// # Errors
    /// [`RegistryError::Denied`]; [`RegistryError::Refused`] where the name is taken or there are too many.
    pub async fn create_project(&self, caller: &Caller, name: &ProjectName) -> Result<Project, RegistryError> {
        let id = ProjectId::parse(uuid::Uuid::new_v4().to_string())
            .map_err(|error| StoreError::new(Fault::Internal(error.to_string())))?;
        self.store.execute(CreateProject { scope: self.account_scope(caller), id, name: name.clone() }).await
    }

    /// Gives a project another name.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`]; [`RegistryError::Refused`] where the name is taken.
    pub async fn rename_project(
        &self,
        caller: &Caller,
        project: &ProjectId,
        name: &ProjectName,
    ) -> Result<Project, RegistryError> {
        let op = RenameProject { scope: self.account_scope(caller), id: project.clone(), name: name.clone() };
        self.store.execute(op).await
    }

    /// Deletes a project that has neither buckets nor principals.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`]; [`RegistryError::Refused`] where it is not empty, or the
    /// one that the registry was made with.
    pub async fn delete_project(&self, caller: &Caller, project: &ProjectId) -> Result<(), RegistryError> {
        let default_project = self.store.default_project().to_owned();
        let op = DeleteProject { scope: self.account_scope(caller), default_project, id: project.clone() };
        self.store.execute(op).await
    }
}

/// Principals, their secrets and the rules by which they are known.
impl<S: Store> Service<S> {
    /// Creates a principal without roles and secrets: of `project`, or without one, of the organization.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`]; [`RegistryError::Refused`] where the name is taken or
    /// there are too many.
    pub async fn create_principal(
        &self,
        caller: &Caller,
        project: Option<&ProjectId>,
        name: &PrincipalName,
    ) -> Result<Principal, RegistryError> {
        let op = CreatePrincipal {
            scope: self.account_scope(caller),
            client_id: ClientId::generate()?,
            name: name.clone(),
            project_id: project.cloned(),
        };
        self.store.execute(op).await
    }

    /// The principals that the caller may manage, by name: of the caller's project, of the organization, or both.
    ///
    /// # Errors
    /// [`RegistryError::Denied`].
    pub async fn principals(&self, caller: &Caller) -> Result<Vec<Principal>, RegistryError> {
        self.store.execute(Principals { scope: self.account_scope(caller) }).await
    }

    /// One principal that the caller may manage, or themself.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`].
    pub async fn principal(&self, caller: &Caller, principal: &PrincipalId) -> Result<Principal, RegistryError> {
        self.store.execute(OnePrincipal { scope: self.account_scope(caller), id: principal.clone() }).await
    }

    /// Those principals of `ids` that are there, and that the caller may give a role to, or is themself. They come
    /// without their secrets.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn principals_by_id(
        &self,
        caller: &Caller,
        ids: &[PrincipalId],
    ) -> Result<Vec<Principal>, RegistryError> {
        self.store.execute(PrincipalsById { scope: self.account_scope(caller), ids: ids.to_vec() }).await
    }

    /// Deletes a principal with its secrets, roles and identity rules. Tokens of it are taken until they expire, but
    /// [`Service::caller`] knows it no more.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`]; [`RegistryError::Refused`] for the last owner.
    pub async fn delete_principal(&self, caller: &Caller, principal: &PrincipalId) -> Result<(), RegistryError> {
        self.store.execute(DeletePrincipal { scope: self.account_scope(caller), id: principal.clone() }).await
    }

    /// Makes a secret for a principal, which is shown this once. Expired ones are removed.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`]; [`RegistryError::Refused`] where it has two already.
    pub async fn new_secret(
        &self,
        caller: &Caller,
        principal: &PrincipalId,
        expires_at: Option<Timestamp>,
    ) -> Result<Credentials, RegistryError> {
        let client_secret = ClientSecret::generate()?;
        let op = NewSecret {
            scope: self.account_scope(caller),
            principal: principal.clone(),
            hash: client_secret.hash(),
            expires_at,
        };
        let (principal, secret_id) = self.store.execute(op).await?;
        Ok(credentials(principal, secret_id, &client_secret))
    }

    /// Deletes a secret of a principal.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`]; [`RegistryError::Refused`] where the last owner could not
    /// prove any more who they are.
    pub async fn delete_secret(
        &self,
        caller: &Caller,
        principal: &PrincipalId,
        secret_id: &str,
    ) -> Result<(), RegistryError> {
        let op = DeleteSecret {
            scope: self.account_scope(caller),
            principal: principal.clone(),
            secret_id: secret_id.to_owned(),
        };
        self.store.execute(op).await
    }

    /// Lets identity tokens that `rule` admits be taken for a principal's. The same rule again changes nothing.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`]; [`RegistryError::Refused`] where it has too many.
    pub async fn add_identity_rule(
        &self,
        caller: &Caller,
        principal: &PrincipalId,
        rule: &IdentityRule,
    ) -> Result<IdentityTrust, RegistryError> {
        let op =
            AddIdentityRule { scope: self.account_scope(caller), principal: principal.clone(), rule: rule.clone() };
        self.store.execute(op).await
    }

    /// The identity rules of a principal that the caller may manage, or of themself, oldest first.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`].
    pub async fn identity_rules(
        &self,
        caller: &Caller,
        principal: &PrincipalId,
    ) -> Result<Vec<IdentityTrust>, RegistryError> {
        self.store.execute(IdentityRules { scope: self.account_scope(caller), principal: principal.clone() }).await
    }

    /// Deletes an identity rule of a principal.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`]; [`RegistryError::Refused`] where the last owner could not
    /// prove any more who they are.
    pub async fn delete_identity_rule(
        &self,
        caller: &Caller,
        principal: &PrincipalId,
        rule_id: &str,
    ) -> Result<(), RegistryError> {
        let op = DeleteIdentityRule {
            scope: self.account_scope(caller),
            principal: principal.clone(),
            rule_id: rule_id.to_owned(),
        };
        self.store.execute(op).await
    }
}

/// Roles.
impl<S: Store> Service<S> {
    /// Gives a principal a role, in place of the one that it holds exactly there, if any.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Denied`], also for a role above the caller's own;
    /// [`RegistryError::Refused`] for a principal of another project, and where the last owner would be one no more.
    pub async fn grant(
        &self,
        caller: &Caller,
        principal: &PrincipalId,
        binding: &Binding,
    ) -> Result<HeldRole, RegistryError> {
        let op = Grant { scope: self.account_scope(caller), principal: principal.clone(), binding: binding.clone() };
        self.store.execute(op).await
    }

    /// Takes the role that a principal holds exactly there.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Denied`], also for a role above the caller's own;
    /// [`RegistryError::Refused`] for the last owner.
    pub async fn revoke_role(
        &self,
        caller: &Caller,
        principal: &PrincipalId,
        place: &Place,
    ) -> Result<(), RegistryError> {
        let op = Revoke { scope: self.account_scope(caller), principal: principal.clone(), place: place.clone() };
        self.store.execute(op).await
    }

    /// The roles that are held exactly in `place`, by the names of principals.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`].
    pub async fn roles(&self, caller: &Caller, place: &Place) -> Result<Vec<HeldRole>, RegistryError> {
        self.store.execute(Roles { scope: self.account_scope(caller), place: place.clone() }).await
    }

    /// The same as a policy: without those who gave them.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`].
    pub async fn policy(&self, caller: &Caller, place: &Place) -> Result<AccessPolicy, RegistryError> {
        self.store.execute(PolicyOf { scope: self.account_scope(caller), place: place.clone() }).await
    }

    /// Makes `members` hold exactly these roles in `place`, and nobody else one. With `etag`, only where that still
    /// names the state of the policy.
    ///
    /// # Errors
    /// Those of [`Service::grant`] and [`Service::revoke_role`], for each role that changes.
    pub async fn set_policy(
        &self,
        caller: &Caller,
        place: &Place,
        members: &BTreeMap<PrincipalId, Role>,
        etag: Option<&str>,
    ) -> Result<PolicyChange, RegistryError> {
        let op = SetPolicy {
            scope: self.account_scope(caller),
            place: place.clone(),
            members: members.clone(),
            etag: etag.map(ToOwned::to_owned),
        };
        self.store.execute(op).await
    }

    /// The roles of a principal that the caller may manage, or of themself.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Denied`].
    pub async fn roles_of(&self, caller: &Caller, principal: &PrincipalId) -> Result<Vec<HeldRole>, RegistryError> {
        self.store.execute(RolesOf { scope: self.account_scope(caller), principal: principal.clone() }).await
    }
}

fn credentials(principal: Principal, secret_id: String, secret: &ClientSecret) -> Credentials {
    Credentials { principal, secret_id, client_secret: Secret::new(secret.expose()) }
}

impl From<NoRandomness> for RegistryError {
    fn from(error: NoRandomness) -> Self {
        StoreError::new(Fault::Io(error.to_string())).into()
    }
}

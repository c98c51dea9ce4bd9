use std::collections::BTreeMap;
use std::time::Duration;

use super::BackendError;
use crate::model::{
    Binding, Credentials, HeldRole, IdentityTrust, Place, Principal, PrincipalId, PrincipalName, Project, ProjectId,
    ProjectName, Secret, Standing, Timestamp,
};

/// The accounts of a registry, as the command line sees them.
///
/// Calls block, and fail as those of [`Backend`](super::Backend) do: what the caller may not see is
/// [`BackendError::NotFound`], what they may not do [`BackendError::Refused`].
pub trait Accounts: Send + Sync {
    /// Who the caller is, and where.
    ///
    /// # Errors
    /// [`BackendError`].
    fn standing(&self) -> Result<Standing, BackendError>;

    /// A token for other programs that speak with the registry.
    ///
    /// # Errors
    /// [`BackendError::Refused`] for a registry that asks for none.
    fn access_token(&self) -> Result<AccessToken, BackendError>;

    /// The projects that the caller holds something in, by name.
    ///
    /// # Errors
    /// [`BackendError`].
    fn projects(&self) -> Result<Vec<Project>, BackendError>;

    /// Creates a project.
    ///
    /// # Errors
    /// [`BackendError`].
    fn create_project(&self, name: &ProjectName) -> Result<Project, BackendError>;

    /// Gives a project another name.
    ///
    /// # Errors
    /// [`BackendError`].
    fn rename_project(&self, project: &ProjectId, name: &ProjectName) -> Result<Project, BackendError>;

    /// Deletes a project that is empty.
    ///
    /// # Errors
    /// [`BackendError`].
    fn delete_project(&self, project: &ProjectId) -> Result<(), BackendError>;

    /// The principals that the caller may manage, by name.
    ///
    /// # Errors
    /// [`BackendError`].
    fn principals(&self) -> Result<Vec<Principal>, BackendError>;

    /// Creates a principal of a project, or of the organization, without roles and secrets.
    ///
    /// # Errors
    /// [`BackendError`].
    fn create_principal(&self, project: Option<&ProjectId>, name: &PrincipalName) -> Result<Principal, BackendError>;

    /// Deletes a principal with its secrets, roles and identity rules.
    ///
    /// # Errors
    /// [`BackendError`].
    fn delete_principal(&self, principal: &PrincipalId) -> Result<(), BackendError>;

    /// Makes a secret for a principal, which is shown this once.
    ///
    /// # Errors
    /// [`BackendError`].
    fn create_secret(
        &self,
        principal: &PrincipalId,
        expires_at: Option<Timestamp>,
    ) -> Result<Credentials, BackendError>;

    /// Deletes a secret.
    ///
    /// # Errors
    /// [`BackendError`].
    fn delete_secret(&self, principal: &PrincipalId, secret_id: &str) -> Result<(), BackendError>;

    /// The identity rules of a principal, oldest first.
    ///
    /// # Errors
    /// [`BackendError`].
    fn identity_rules(&self, principal: &PrincipalId) -> Result<Vec<IdentityTrust>, BackendError>;

    /// Adds an identity rule to a principal. The same rule again changes nothing.
    ///
    /// # Errors
    /// [`BackendError`]; [`BackendError::Refused`] for a rule that would admit strangers.
    fn add_identity_rule(&self, principal: &PrincipalId, rule: &NewIdentityRule)
    -> Result<IdentityTrust, BackendError>;

    /// Deletes an identity rule.
    ///
    /// # Errors
    /// [`BackendError`].
    fn delete_identity_rule(&self, principal: &PrincipalId, rule_id: &str) -> Result<(), BackendError>;

    /// The roles that are held exactly in a place, by the names of principals.
    ///
    /// # Errors
    /// [`BackendError`].
    fn roles(&self, place: &Place) -> Result<Vec<HeldRole>, BackendError>;

    /// The roles of a principal.
    ///
    /// # Errors
    /// [`BackendError`].
    fn roles_of(&self, principal: &PrincipalId) -> Result<Vec<HeldRole>, BackendError>;

    /// Gives a principal a role in a place, instead of the one that it holds there.
    ///
    /// # Errors
    /// [`BackendError`].
    fn grant(&self, principal: &PrincipalId, binding: &Binding) -> Result<HeldRole, BackendError>;

    /// Takes from a principal the role that it holds in a place.
    ///
    /// # Errors
    /// [`BackendError`].
    fn revoke_role(&self, principal: &PrincipalId, place: &Place) -> Result<(), BackendError>;
}

/// A token that a registry takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The token, for `authorization: Bearer …`.
    pub token: Secret,
    /// For how long it is taken from now on.
    pub expires_in: Duration,
}

/// An identity rule as a person writes it; the registry judges it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdentityRule {
    /// The `iss` of the tokens.
    pub issuer: String,
    /// One of their `aud`.
    pub audience: String,
    /// Claims, and what they must be; `*` stands for anything.
    pub conditions: BTreeMap<String, String>,
}

/// The message about a project that is not among `projects`.
pub(super) fn no_project(given: &str, registry: &str, projects: &[Project]) -> String {
    let names: Vec<&str> = projects.iter().map(|project| project.name.as_str()).collect();
    match names.as_slice() {
        [] => format!("project {given} does not exist in {registry}; there is none that you may see"),
        names => format!("project {given} does not exist in {registry}; there are: {}", names.join(", ")),
    }
}

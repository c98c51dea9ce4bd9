use futures::executor::block_on;

use super::embedded::Open;
use super::{AccessToken, Accounts, BackendError, EmbeddedBackend, NewIdentityRule};
use crate::access::oidc::IdentityRule;
use crate::model::{
    Binding, Credentials, HeldRole, IdentityTrust, Place, Principal, PrincipalId, PrincipalName, Project, ProjectId,
    ProjectName, Standing, Timestamp,
};

/// What is made here counts once the file is served.
impl Accounts for EmbeddedBackend {
    fn standing(&self) -> Result<Standing, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.standing(&caller)))
    }

    fn access_token(&self) -> Result<AccessToken, BackendError> {
        Err(BackendError::Refused(format!(
            "{self} asks nobody for a token: whoever may open the file may do everything; tokens are for servers, named \
             by --url https://HOST:PORT or PACKER_REGISTRY_URL"
        )))
    }

    fn projects(&self) -> Result<Vec<Project>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.projects(&caller)))
    }

    fn create_project(&self, name: &ProjectName) -> Result<Project, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.create_project(&caller, name)))
    }

    fn rename_project(&self, project: &ProjectId, name: &ProjectName) -> Result<Project, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.rename_project(&caller, project, name)))
    }

    fn delete_project(&self, project: &ProjectId) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.delete_project(&caller, project)))
    }

    fn principals(&self) -> Result<Vec<Principal>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.principals(&caller)))
    }

    fn create_principal(&self, project: Option<&ProjectId>, name: &PrincipalName) -> Result<Principal, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.create_principal(&caller, project, name)))
    }

    fn delete_principal(&self, principal: &PrincipalId) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.delete_principal(&caller, principal)))
    }

    fn create_secret(
        &self,
        principal: &PrincipalId,
        expires_at: Option<Timestamp>,
    ) -> Result<Credentials, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.new_secret(&caller, principal, expires_at)))
    }

    fn delete_secret(&self, principal: &PrincipalId, secret_id: &str) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.delete_secret(&caller, principal, secret_id)))
    }

    fn identity_rules(&self, principal: &PrincipalId) -> Result<Vec<IdentityTrust>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.identity_rules(&caller, principal)))
    }

    fn add_identity_rule(
        &self,
        principal: &PrincipalId,
        rule: &NewIdentityRule,
    ) -> Result<IdentityTrust, BackendError> {
        let NewIdentityRule { issuer, audience, conditions } = rule;
        let rule = IdentityRule::parse(issuer, audience, conditions.clone().into_iter().collect())
            .map_err(|fault| BackendError::Refused(fault.to_string()))?;
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.add_identity_rule(&caller, principal, &rule)))
    }

    fn delete_identity_rule(&self, principal: &PrincipalId, rule_id: &str) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.delete_identity_rule(&caller, principal, rule_id)))
    }

    fn roles(&self, place: &Place) -> Result<Vec<HeldRole>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.roles(&caller, place)))
    }

    fn roles_of(&self, principal: &PrincipalId) -> Result<Vec<HeldRole>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.roles_of(&caller, principal)))
    }

    fn grant(&self, principal: &PrincipalId, binding: &Binding) -> Result<HeldRole, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.grant(&caller, principal, binding)))
    }

    fn revoke_role(&self, principal: &PrincipalId, place: &Place) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.revoke_role(&caller, principal, place)))
    }
}

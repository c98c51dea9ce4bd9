use super::backend::GrpcBackend;
use crate::backend::{AccessToken, Accounts, BackendError, NewIdentityRule};
use crate::model::{
    Binding, Credentials, HeldRole, IdentityTrust, Place, Principal, PrincipalId, PrincipalName, Project, ProjectId,
    ProjectName, Standing, Timestamp,
};
use crate::wire::grpc::v1::list_roles_request::Of;
use crate::wire::grpc::{sent, v1};

impl Accounts for GrpcBackend {
    fn standing(&self) -> Result<Standing, BackendError> {
        let answer = self.calls.call_accounts(self.question(), async |mut stub, headers| {
            stub.get_standing(headers.beside(v1::GetStandingRequest {})).await
        })?;
        self.read("standing", answer.standing)
    }

    fn access_token(&self) -> Result<AccessToken, BackendError> {
        // What is handed out is a token that the server takes.
        self.standing()?;
        self.calls.token().ok_or_else(|| {
            let message = "there are no credentials to give a token for: set PACKER_REGISTRY_CLIENT_ID and \
                           PACKER_REGISTRY_CLIENT_SECRET";
            BackendError::Refused(message.to_owned())
        })
    }

    fn projects(&self) -> Result<Vec<Project>, BackendError> {
        let answer = self.calls.call_accounts(self.question(), async |mut stub, headers| {
            stub.list_projects(headers.beside(v1::ListProjectsRequest {})).await
        })?;
        self.read_all(answer.projects)
    }

    fn create_project(&self, name: &ProjectName) -> Result<Project, BackendError> {
        let message = v1::CreateProjectRequest { name: name.to_string() };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.create_project(headers.beside(message.clone())).await
        })?;
        self.read("project", answer.project)
    }

    fn rename_project(&self, project: &ProjectId, name: &ProjectName) -> Result<Project, BackendError> {
        let message = v1::RenameProjectRequest { project_id: project.to_string(), name: name.to_string() };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.rename_project(headers.beside(message.clone())).await
        })?;
        self.read("project", answer.project)
    }

    fn delete_project(&self, project: &ProjectId) -> Result<(), BackendError> {
        let message = v1::DeleteProjectRequest { project_id: project.to_string() };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.delete_project(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }

    fn principals(&self) -> Result<Vec<Principal>, BackendError> {
        let answer = self.calls.call_accounts(self.question(), async |mut stub, headers| {
            stub.list_principals(headers.beside(v1::ListPrincipalsRequest {})).await
        })?;
        self.read_all(answer.principals)
    }

    fn create_principal(&self, project: Option<&ProjectId>, name: &PrincipalName) -> Result<Principal, BackendError> {
        let message =
            v1::CreatePrincipalRequest { name: name.to_string(), project_id: project.map(ToString::to_string) };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.create_principal(headers.beside(message.clone())).await
        })?;
        self.read("principal", answer.principal)
    }

    fn delete_principal(&self, principal: &PrincipalId) -> Result<(), BackendError> {
        let message = v1::DeletePrincipalRequest { principal_id: principal.to_string() };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.delete_principal(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }

    fn create_secret(
        &self,
        principal: &PrincipalId,
        expires_at: Option<Timestamp>,
    ) -> Result<Credentials, BackendError> {
        let message = v1::CreateSecretRequest { principal_id: principal.to_string(), expires_at: expires_at.map(sent) };
        // A secret whose reply was lost takes the place of one that somebody knows.
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.create_secret(headers.beside(message.clone())).await
        })?;
        self.read("credentials", answer.credentials)
    }

    fn delete_secret(&self, principal: &PrincipalId, secret_id: &str) -> Result<(), BackendError> {
        let message = v1::DeleteSecretRequest { principal_id: principal.to_string(), secret_id: secret_id.to_owned() };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.delete_secret(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }

    fn identity_rules(&self, principal: &PrincipalId) -> Result<Vec<IdentityTrust>, BackendError> {
        let message = v1::ListIdentityRulesRequest { principal_id: principal.to_string() };
        let answer = self.calls.call_accounts(self.question(), async |mut stub, headers| {
            stub.list_identity_rules(headers.beside(message.clone())).await
        })?;
        self.read_all(answer.rules)
    }

    fn add_identity_rule(
        &self,
        principal: &PrincipalId,
        rule: &NewIdentityRule,
    ) -> Result<IdentityTrust, BackendError> {
        let message = v1::AddIdentityRuleRequest {
            principal_id: principal.to_string(),
            issuer: rule.issuer.clone(),
            audience: rule.audience.clone(),
            conditions: rule.conditions.clone(),
        };
        // The same rule again changes nothing.
        let answer = self.calls.call_accounts(self.question(), async |mut stub, headers| {
            stub.add_identity_rule(headers.beside(message.clone())).await
        })?;
        self.read("rule", answer.rule)
    }

    fn delete_identity_rule(&self, principal: &PrincipalId, rule_id: &str) -> Result<(), BackendError> {
        let message =
            v1::DeleteIdentityRuleRequest { principal_id: principal.to_string(), rule_id: rule_id.to_owned() };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.delete_identity_rule(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }

    fn roles(&self, place: &Place) -> Result<Vec<HeldRole>, BackendError> {
        let message = v1::ListRolesRequest { of: Some(Of::Place(place.clone().into())) };
        let answer = self.calls.call_accounts(self.question(), async |mut stub, headers| {
            stub.list_roles(headers.beside(message.clone())).await
        })?;
        self.read_all(answer.roles)
    }

    fn roles_of(&self, principal: &PrincipalId) -> Result<Vec<HeldRole>, BackendError> {
        let message = v1::ListRolesRequest { of: Some(Of::PrincipalId(principal.to_string())) };
        let answer = self.calls.call_accounts(self.question(), async |mut stub, headers| {
            stub.list_roles(headers.beside(message.clone())).await
        })?;
        self.read_all(answer.roles)
    }

    fn grant(&self, principal: &PrincipalId, binding: &Binding) -> Result<HeldRole, BackendError> {
        let message = v1::GrantRoleRequest {
            principal_id: principal.to_string(),
            role: v1::Role::from(binding.role).into(),
            place: Some(binding.place.clone().into()),
        };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.grant_role(headers.beside(message.clone())).await
        })?;
        self.read("role", answer.role)
    }

    fn revoke_role(&self, principal: &PrincipalId, place: &Place) -> Result<(), BackendError> {
        let message = v1::RevokeRoleRequest { principal_id: principal.to_string(), place: Some(place.clone().into()) };
        let answer = self.calls.call_accounts(self.change(), async |mut stub, headers| {
            stub.revoke_role(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }
}

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::call::Call;
use super::status::malformed;
use crate::access::oidc::IdentityRule;
use crate::model::{Binding, Place, PrincipalId, PrincipalName, ProjectId, ProjectName};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::grpc::v1::account_service_server::AccountService;
use crate::wire::grpc::v1::list_roles_request::Of;
use crate::wire::grpc::{Malformed, received_optional, required, role, v1};

/// The methods of accounts: each takes its request apart, asks the service once, and sends what it answers.
pub(super) struct AccountApi<S> {
    pub(super) service: Arc<Service<S>>,
}

type Answer<T> = Result<Response<T>, Status>;

/// The value of a field that `parse` understands.
fn field<T, E: std::fmt::Display>(
    name: &str,
    value: &str,
    parse: impl FnOnce(String) -> Result<T, E>,
) -> Result<T, Status> {
    parse(value.to_owned()).map_err(|fault| malformed(Malformed::new(name, fault)))
}

fn principal(id: &str) -> Result<PrincipalId, Status> {
    field("principal_id", id, PrincipalId::parse)
}

fn project(id: &str) -> Result<ProjectId, Status> {
    field("project_id", id, ProjectId::parse)
}

fn place(place: Option<v1::Place>) -> Result<Place, Status> {
    required("place", place).and_then(TryInto::try_into).map_err(malformed)
}

#[tonic::async_trait]
impl<S: Store + 'static> AccountService for AccountApi<S> {
    async fn get_standing(&self, request: Request<v1::GetStandingRequest>) -> Answer<v1::GetStandingResponse> {
        let call = Call::of(request)?;
        let standing = self.service.standing(&call.caller).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::GetStandingResponse { standing: Some(standing.into()) }))
    }

    async fn list_projects(&self, request: Request<v1::ListProjectsRequest>) -> Answer<v1::ListProjectsResponse> {
        let call = Call::of(request)?;
        let projects = self.service.projects(&call.caller).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::ListProjectsResponse { projects: projects.into_iter().map(Into::into).collect() }))
    }

    async fn create_project(&self, request: Request<v1::CreateProjectRequest>) -> Answer<v1::CreateProjectResponse> {
        let call = Call::of(request)?;
        let name = field("name", &call.message.name, ProjectName::parse)?;
        let project = self.service.create_project(&call.caller, &name).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::CreateProjectResponse { project: Some(project.into()) }))
    }

    async fn rename_project(&self, request: Request<v1::RenameProjectRequest>) -> Answer<v1::RenameProjectResponse> {
        let call = Call::of(request)?;
        let (id, name) = (project(&call.message.project_id)?, field("name", &call.message.name, ProjectName::parse)?);
        let renamed = self.service.rename_project(&call.caller, &id, &name).await;
        let project = renamed.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::RenameProjectResponse { project: Some(project.into()) }))
    }

    async fn delete_project(&self, request: Request<v1::DeleteProjectRequest>) -> Answer<v1::DeleteProjectResponse> {
        let call = Call::of(request)?;
        let id = project(&call.message.project_id)?;
        self.service.delete_project(&call.caller, &id).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeleteProjectResponse {}))
    }

    async fn list_principals(&self, request: Request<v1::ListPrincipalsRequest>) -> Answer<v1::ListPrincipalsResponse> {
        let call = Call::of(request)?;
        let principals = self.service.principals(&call.caller).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::ListPrincipalsResponse { principals: principals.into_iter().map(Into::into).collect() }))
    }

    async fn create_principal(
        &self,
        request: Request<v1::CreatePrincipalRequest>,
    ) -> Answer<v1::CreatePrincipalResponse> {
        let call = Call::of(request)?;
        let name = field("name", &call.message.name, PrincipalName::parse)?;
        let of = call.message.project_id.as_deref().map(project).transpose()?;
        let created = self.service.create_principal(&call.caller, of.as_ref(), &name).await;
        let principal = created.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::CreatePrincipalResponse { principal: Some(principal.into()) }))
    }

    async fn delete_principal(
        &self,
        request: Request<v1::DeletePrincipalRequest>,
    ) -> Answer<v1::DeletePrincipalResponse> {
        let call = Call::of(request)?;
        let id = principal(&call.message.principal_id)?;
        self.service.delete_principal(&call.caller, &id).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeletePrincipalResponse {}))
    }

    async fn create_secret(&self, request: Request<v1::CreateSecretRequest>) -> Answer<v1::CreateSecretResponse> {
        let mut call = Call::of(request)?;
        let id = principal(&call.message.principal_id)?;
        let expires_at = received_optional("expires_at", call.message.expires_at.take()).map_err(malformed)?;
        let made = self.service.new_secret(&call.caller, &id, expires_at).await;
        let credentials = made.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::CreateSecretResponse { credentials: Some(credentials.into()) }))
    }

    async fn delete_secret(&self, request: Request<v1::DeleteSecretRequest>) -> Answer<v1::DeleteSecretResponse> {
        let call = Call::of(request)?;
        let id = principal(&call.message.principal_id)?;
        let deleted = self.service.delete_secret(&call.caller, &id, &call.message.secret_id).await;
        deleted.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeleteSecretResponse {}))
    }

    async fn list_roles(&self, request: Request<v1::ListRolesRequest>) -> Answer<v1::ListRolesResponse> {
        let mut call = Call::of(request)?;
        let found = match required("of", call.message.of.take()).map_err(malformed)? {
            Of::Place(asked) => self.service.roles(&call.caller, &place(Some(asked))?).await,
            Of::PrincipalId(id) => self.service.roles_of(&call.caller, &principal(&id)?).await,
        };
        let roles = found.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::ListRolesResponse { roles: roles.into_iter().map(Into::into).collect() }))
    }

    async fn grant_role(&self, request: Request<v1::GrantRoleRequest>) -> Answer<v1::GrantRoleResponse> {
        let mut call = Call::of(request)?;
        let id = principal(&call.message.principal_id)?;
        let role = role("role", call.message.role).map_err(malformed)?;
        let binding = Binding { role, place: place(call.message.place.take())? };
        let held = self.service.grant(&call.caller, &id, &binding).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::GrantRoleResponse { role: Some(held.into()) }))
    }

    async fn revoke_role(&self, request: Request<v1::RevokeRoleRequest>) -> Answer<v1::RevokeRoleResponse> {
        let mut call = Call::of(request)?;
        let (id, place) = (principal(&call.message.principal_id)?, place(call.message.place.take())?);
        self.service.revoke_role(&call.caller, &id, &place).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::RevokeRoleResponse {}))
    }

    async fn list_identity_rules(
        &self,
        request: Request<v1::ListIdentityRulesRequest>,
    ) -> Answer<v1::ListIdentityRulesResponse> {
        let call = Call::of(request)?;
        let id = principal(&call.message.principal_id)?;
        let rules = self.service.identity_rules(&call.caller, &id).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::ListIdentityRulesResponse { rules: rules.into_iter().map(Into::into).collect() }))
    }

    async fn add_identity_rule(
        &self,
        request: Request<v1::AddIdentityRuleRequest>,
    ) -> Answer<v1::AddIdentityRuleResponse> {
        let mut call = Call::of(request)?;
        let id = principal(&call.message.principal_id)?;
        let conditions = std::mem::take(&mut call.message.conditions).into_iter().collect();
        let rule = IdentityRule::parse(&call.message.issuer, &call.message.audience, conditions).map_err(malformed)?;
        let added = self.service.add_identity_rule(&call.caller, &id, &rule).await;
        let rule = added.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::AddIdentityRuleResponse { rule: Some(rule.into()) }))
    }

    async fn delete_identity_rule(
        &self,
        request: Request<v1::DeleteIdentityRuleRequest>,
    ) -> Answer<v1::DeleteIdentityRuleResponse> {
        let call = Call::of(request)?;
        let id = principal(&call.message.principal_id)?;
        let deleted = self.service.delete_identity_rule(&call.caller, &id, &call.message.rule_id).await;
        deleted.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeleteIdentityRuleResponse {}))
    }
}

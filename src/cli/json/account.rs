use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Credentials, HeldRole, IdentityTrust, Place, Principal, PrincipalSecret, Project, Timestamp};

/// A project.
#[derive(Serialize)]
pub(in crate::cli) struct ProjectView {
    id: String,
    name: String,
    organization_id: String,
    created_at: String,
}

impl From<Project> for ProjectView {
    fn from(Project { id, organization_id, name, created_at }: Project) -> Self {
        Self {
            id: id.to_string(),
            name: name.to_string(),
            organization_id: organization_id.to_string(),
            created_at: created_at.to_rfc3339(),
        }
    }
}

/// A principal; `null` for its project where it belongs to the organization.
#[derive(Serialize)]
pub(in crate::cli) struct PrincipalView {
    id: String,
    client_id: String,
    name: String,
    organization_id: String,
    project_id: Option<String>,
    secrets: Vec<SecretView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<HeldRoleView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identities: Option<Vec<IdentityView>>,
    created_at: String,
}

impl From<Principal> for PrincipalView {
    fn from(principal: Principal) -> Self {
        let Principal { id, client_id, name, organization_id, project_id, created_at, secrets } = principal;
        Self {
            id: id.to_string(),
            client_id,
            name: name.to_string(),
            organization_id: organization_id.to_string(),
            project_id: project_id.map(|id| id.to_string()),
            secrets: secrets.into_iter().map(SecretView::from).collect(),
            roles: None,
            identities: None,
            created_at: created_at.to_rfc3339(),
        }
    }
}

impl PrincipalView {
    /// The same with what it may do, and by what it is known besides its secrets.
    pub(in crate::cli) fn with(self, roles: Vec<HeldRole>, identities: Vec<IdentityTrust>) -> Self {
        Self {
            roles: Some(roles.into_iter().map(HeldRoleView::from).collect()),
            identities: Some(identities.into_iter().map(IdentityView::from).collect()),
            ..self
        }
    }
}

/// A secret of a principal, without the secret.
#[derive(Serialize)]
pub(in crate::cli) struct SecretView {
    id: String,
    created_at: String,
    last_used_at: Option<String>,
    expires_at: Option<String>,
}

impl From<PrincipalSecret> for SecretView {
    fn from(PrincipalSecret { id, created_at, last_used_at, expires_at }: PrincipalSecret) -> Self {
        Self {
            id,
            created_at: created_at.to_rfc3339(),
            last_used_at: last_used_at.map(Timestamp::to_rfc3339),
            expires_at: expires_at.map(Timestamp::to_rfc3339),
        }
    }
}

/// What a principal proves itself with: as it stands, a file of credentials.
#[derive(Serialize)]
pub(in crate::cli) struct CredentialsView {
    client_id: String,
    client_secret: String,
    principal: String,
    principal_id: String,
    secret_id: String,
    expires_at: Option<String>,
}

impl From<Credentials> for CredentialsView {
    fn from(Credentials { principal, secret_id, client_secret }: Credentials) -> Self {
        let made = principal.secrets.iter().find(|secret| secret.id == secret_id);
        Self {
            expires_at: made.and_then(|secret| secret.expires_at).map(Timestamp::to_rfc3339),
            client_id: principal.client_id,
            client_secret: client_secret.expose().to_owned(),
            principal: principal.name.to_string(),
            principal_id: principal.id.to_string(),
            secret_id,
        }
    }
}

/// A role that a principal holds somewhere.
#[derive(Serialize)]
pub(in crate::cli) struct HeldRoleView {
    role: &'static str,
    principal: String,
    principal_id: String,
    place: PlaceView,
    given_by: String,
    given_at: String,
}

/// Where a role is held: in an organization, a project, or on a bucket of a project.
#[derive(Serialize)]
#[serde(untagged)]
enum PlaceView {
    Organization { organization_id: String },
    Project { project_id: String },
    Bucket { project_id: String, bucket: String },
}

impl From<HeldRole> for HeldRoleView {
    fn from(HeldRole { principal_id, principal, role, place, given_by, given_at }: HeldRole) -> Self {
        Self {
            role: role.as_str(),
            principal: principal.to_string(),
            principal_id: principal_id.to_string(),
            place: match place {
                Place::Organization(id) => PlaceView::Organization { organization_id: id.to_string() },
                Place::Project(id) => PlaceView::Project { project_id: id.to_string() },
                Place::Bucket(id, bucket) => {
                    PlaceView::Bucket { project_id: id.to_string(), bucket: bucket.to_string() }
                }
            },
            given_by,
            given_at: given_at.to_rfc3339(),
        }
    }
}

/// A rule by which identity tokens are taken for a principal's.
#[derive(Serialize)]
pub(in crate::cli) struct IdentityView {
    id: String,
    principal_id: String,
    issuer: String,
    audience: String,
    claims: BTreeMap<String, String>,
    created_at: String,
}

impl From<IdentityTrust> for IdentityView {
    fn from(IdentityTrust { id, principal_id, issuer, audience, conditions, created_at }: IdentityTrust) -> Self {
        Self {
            id,
            principal_id: principal_id.to_string(),
            issuer,
            audience,
            claims: conditions.into_iter().collect(),
            created_at: created_at.to_rfc3339(),
        }
    }
}

use super::{OrganizationId, Place, PrincipalId, PrincipalName, ProjectId, ProjectName, Role, Secret, Timestamp};

/// Whoever runs the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// UUID.
    pub id: OrganizationId,
    /// What people call it.
    pub name: ProjectName,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Buckets that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// UUID.
    pub id: ProjectId,
    /// The organization that it belongs to.
    pub organization_id: OrganizationId,
    /// Unique within the organization.
    pub name: ProjectName,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Project {
    /// The one of `all` that is called `given`, or has this id.
    pub fn find<'a>(all: &'a [Self], given: &str) -> Option<&'a Self> {
        let by_id = all.iter().find(|project| project.id.as_str() == given);
        by_id.or_else(|| all.iter().find(|project| project.name.as_str() == given))
    }
}

/// A build system, a pipeline or a person, to which roles are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// ULID.
    pub id: PrincipalId,
    /// The public half of its credentials.
    pub client_id: String,
    /// Unique among the principals of the project, or among those of no project.
    pub name: PrincipalName,
    /// The organization that it belongs to.
    pub organization_id: OrganizationId,
    /// The project that it belongs to, beyond which it can be given no role; `None` for one of the organization.
    pub project_id: Option<ProjectId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Its secrets, two at most, oldest first.
    pub secrets: Vec<PrincipalSecret>,
}

/// A secret of a principal, without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalSecret {
    /// ULID.
    pub id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The hour in which it was last used.
    pub last_used_at: Option<Timestamp>,
    /// From when on it is no longer taken.
    pub expires_at: Option<Timestamp>,
}

/// Who is asking, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The name that histories record.
    pub name: String,
    /// The principal; `None` for whoever has the registry's file open, who may do everything.
    pub principal: Option<Principal>,
    /// The organization that is worked in.
    pub organization_id: OrganizationId,
    /// The project that is worked in; `None` where there are several, and none was chosen.
    pub project_id: Option<ProjectId>,
}

/// What a principal proves itself with; the secret is shown this once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Who it is for.
    pub principal: Principal,
    /// Which of its secrets this is.
    pub secret_id: String,
    /// The secret.
    pub client_secret: Secret,
}

/// A role that a principal holds somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// Whose.
    pub principal_id: PrincipalId,
    /// Whose, by name.
    pub principal: PrincipalName,
    /// Which.
    pub role: Role,
    /// Where.
    pub place: Place,
    /// Who gave it.
    pub given_by: String,
    /// When it was given.
    pub given_at: Timestamp,
}

/// A rule by which the identity tokens of another issuer are taken for a principal's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityTrust {
    /// ULID.
    pub id: String,
    /// Whose.
    pub principal_id: PrincipalId,
    /// The `iss` of the tokens.
    pub issuer: String,
    /// One of their `aud`.
    pub audience: String,
    /// Claims, and what they must be; `*` stands for anything.
    pub conditions: Vec<(String, String)>,
    /// When it was added.
    pub created_at: Timestamp,
}

use super::malformed::{Malformed, in_field, message, messages, required};
use super::{moment, v1};
use crate::model::{
    BucketName, Credentials, HeldRole, IdentityTrust, OrganizationId, Place, Principal, PrincipalId, PrincipalName,
    PrincipalSecret, Project, ProjectId, ProjectName, Role, Secret, Standing,
};

impl From<Project> for v1::Project {
    fn from(Project { id, organization_id, name, created_at }: Project) -> Self {
        Self {
            id: id.to_string(),
            organization_id: organization_id.to_string(),
            name: name.to_string(),
            created_at: Some(moment::sent(created_at)),
        }
    }
}

impl TryFrom<v1::Project> for Project {
    type Error = Malformed;

    fn try_from(v1::Project { id, organization_id, name, created_at }: v1::Project) -> Result<Self, Malformed> {
        Ok(Self {
            id: ProjectId::parse(id).map_err(in_field("id"))?,
            organization_id: OrganizationId::parse(organization_id).map_err(in_field("organization_id"))?,
            name: ProjectName::parse(name).map_err(in_field("name"))?,
            created_at: moment::received("created_at", created_at)?,
        })
    }
}

impl From<Principal> for v1::Principal {
    fn from(principal: Principal) -> Self {
        let Principal { id, client_id, name, organization_id, project_id, created_at, secrets } = principal;
        Self {
            id: id.to_string(),
            client_id,
            name: name.to_string(),
            organization_id: organization_id.to_string(),
            project_id: project_id.map(|id| id.to_string()),
            created_at: Some(moment::sent(created_at)),
            secrets: secrets.into_iter().map(v1::PrincipalSecret::from).collect(),
        }
    }
}

impl TryFrom<v1::Principal> for Principal {
    type Error = Malformed;

    fn try_from(principal: v1::Principal) -> Result<Self, Malformed> {
        let v1::Principal { id, client_id, name, organization_id, project_id, created_at, secrets } = principal;
        Ok(Self {
            id: PrincipalId::parse(id).map_err(in_field("id"))?,
            client_id,
            name: PrincipalName::parse(name).map_err(in_field("name"))?,
            organization_id: OrganizationId::parse(organization_id).map_err(in_field("organization_id"))?,
            project_id: project_id.map(ProjectId::parse).transpose().map_err(in_field("project_id"))?,
            created_at: moment::received("created_at", created_at)?,
            secrets: messages("secrets", secrets)?,
        })
    }
}

impl From<PrincipalSecret> for v1::PrincipalSecret {
    fn from(PrincipalSecret { id, created_at, last_used_at, expires_at }: PrincipalSecret) -> Self {
        Self {
            id,
            created_at: Some(moment::sent(created_at)),
            last_used_at: last_used_at.map(moment::sent),
            expires_at: expires_at.map(moment::sent),
        }
    }
}

impl TryFrom<v1::PrincipalSecret> for PrincipalSecret {
    type Error = Malformed;

    fn try_from(secret: v1::PrincipalSecret) -> Result<Self, Malformed> {
        let v1::PrincipalSecret { id, created_at, last_used_at, expires_at } = secret;
        Ok(Self {
            id,
            created_at: moment::received("created_at", created_at)?,
            last_used_at: moment::received_optional("last_used_at", last_used_at)?,
            expires_at: moment::received_optional("expires_at", expires_at)?,
        })
    }
}

impl From<Standing> for v1::Standing {
    fn from(Standing { name, principal, organization_id, project_id }: Standing) -> Self {
        Self {
            name,
            principal: principal.map(v1::Principal::from),
            organization_id: organization_id.to_string(),
            project_id: project_id.map(|id| id.to_string()),
        }
    }
}

impl TryFrom<v1::Standing> for Standing {
    type Error = Malformed;

    fn try_from(standing: v1::Standing) -> Result<Self, Malformed> {
        let v1::Standing { name, principal, organization_id, project_id } = standing;
        Ok(Self {
            name,
            principal: principal.map(|principal| message("principal", Some(principal))).transpose()?,
            organization_id: OrganizationId::parse(organization_id).map_err(in_field("organization_id"))?,
            project_id: project_id.map(ProjectId::parse).transpose().map_err(in_field("project_id"))?,
        })
    }
}

impl From<Credentials> for v1::Credentials {
    fn from(Credentials { principal, secret_id, client_secret }: Credentials) -> Self {
        Self { principal: Some(principal.into()), secret_id, client_secret: client_secret.expose().to_owned() }
    }
}

impl TryFrom<v1::Credentials> for Credentials {
    type Error = Malformed;

    fn try_from(v1::Credentials { principal, secret_id, client_secret }: v1::Credentials) -> Result<Self, Malformed> {
        Ok(Self { principal: message("principal", principal)?, secret_id, client_secret: Secret::new(client_secret) })
    }
}

impl From<Role> for v1::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Contributor => Self::Contributor,
            Role::Admin => Self::Admin,
            Role::Owner => Self::Owner,
        }
    }
}

/// The role in a field.
///
/// # Errors
/// [`Malformed`] for one that this version does not know.
pub fn role(field: &'static str, value: i32) -> Result<Role, Malformed> {
    match v1::Role::try_from(value) {
        Ok(v1::Role::Viewer) => Ok(Role::Viewer),
        Ok(v1::Role::Contributor) => Ok(Role::Contributor),
        Ok(v1::Role::Admin) => Ok(Role::Admin),
        Ok(v1::Role::Owner) => Ok(Role::Owner),
        Ok(v1::Role::Unspecified) | Err(_) => Err(Malformed::unknown(field, value)),
    }
}

impl From<Place> for v1::Place {
    fn from(place: Place) -> Self {
        let place = match place {
            Place::Organization(id) => v1::place::In::OrganizationId(id.to_string()),
            Place::Project(id) => v1::place::In::ProjectId(id.to_string()),
            Place::Bucket(id, bucket) => {
                v1::place::In::Bucket(v1::BucketPlace { project_id: id.to_string(), bucket: bucket.to_string() })
            }
        };
        Self { r#in: Some(place) }
    }
}

impl TryFrom<v1::Place> for Place {
    type Error = Malformed;

    fn try_from(place: v1::Place) -> Result<Self, Malformed> {
        Ok(match required("in", place.r#in)? {
            v1::place::In::OrganizationId(id) => {
                Self::Organization(OrganizationId::parse(id).map_err(in_field("organization_id"))?)
            }
            v1::place::In::ProjectId(id) => Self::Project(ProjectId::parse(id).map_err(in_field("project_id"))?),
            v1::place::In::Bucket(v1::BucketPlace { project_id, bucket }) => Self::Bucket(
                ProjectId::parse(project_id).map_err(in_field("bucket.project_id"))?,
                BucketName::parse(bucket).map_err(in_field("bucket.bucket"))?,
            ),
        })
    }
}

impl From<HeldRole> for v1::HeldRole {
    fn from(HeldRole { principal_id, principal, role, place, given_by, given_at }: HeldRole) -> Self {
        Self {
            principal_id: principal_id.to_string(),
            principal: principal.to_string(),
            role: v1::Role::from(role).into(),
            place: Some(place.into()),
            given_by,
            given_at: Some(moment::sent(given_at)),
        }
    }
}

impl TryFrom<v1::HeldRole> for HeldRole {
    type Error = Malformed;

    fn try_from(held: v1::HeldRole) -> Result<Self, Malformed> {
        let v1::HeldRole { principal_id, principal, role: held_role, place, given_by, given_at } = held;
        Ok(Self {
            principal_id: PrincipalId::parse(principal_id).map_err(in_field("principal_id"))?,
            principal: PrincipalName::parse(principal).map_err(in_field("principal"))?,
            role: role("role", held_role)?,
            place: message("place", place)?,
            given_by,
            given_at: moment::received("given_at", given_at)?,
        })
    }
}

impl From<IdentityTrust> for v1::IdentityTrust {
    fn from(trust: IdentityTrust) -> Self {
        let IdentityTrust { id, principal_id, issuer, audience, conditions, created_at } = trust;
        Self {
            id,
            principal_id: principal_id.to_string(),
            issuer,
            audience,
            conditions: conditions.into_iter().collect(),
            created_at: Some(moment::sent(created_at)),
        }
    }
}

impl TryFrom<v1::IdentityTrust> for IdentityTrust {
    type Error = Malformed;

    fn try_from(trust: v1::IdentityTrust) -> Result<Self, Malformed> {
        let v1::IdentityTrust { id, principal_id, issuer, audience, conditions, created_at } = trust;
        Ok(Self {
            id,
            principal_id: PrincipalId::parse(principal_id).map_err(in_field("principal_id"))?,
            issuer,
            audience,
            conditions: conditions.into_iter().collect(),
            created_at: moment::received("created_at", created_at)?,
        })
    }
}

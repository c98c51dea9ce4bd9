use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{
    AccessPolicy, BucketName, InvalidName, InvalidRole, OrganizationId, Place, PrincipalId, ProjectId, Role,
};

/// The only kind of member that there is: HCP's users and groups are principals here.
const SERVICE_PRINCIPAL: &str = "SERVICE_PRINCIPAL";

/// HCP's role for who may know of a project and see nothing of its registry: as good as none here.
const BROWSER: &str = "roles/resource-manager.browser";

/// The roles in one place.
#[derive(Debug, Serialize)]
pub struct PolicyResponse {
    policy: Policy,
}

/// A request to replace the roles in one place.
#[derive(Debug, Deserialize)]
pub struct SetPolicyRequest {
    /// The place, where the path does not name it.
    #[serde(default)]
    pub resource_name: String,
    /// What shall hold there; left out, nobody shall hold a role.
    #[serde(default)]
    pub policy: Policy,
}

/// Members by role.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Policy {
    /// Go's clients write `null` for an empty list.
    bindings: Option<Vec<Binding>>,
    #[serde(default)]
    etag: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct Binding {
    role_id: String,
    members: Option<Vec<Member>>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Member {
    member_id: String,
    member_type: Option<String>,
}

/// Why a policy cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPolicy {
    /// No such role.
    #[error("policy.bindings.role_id: {0}")]
    Role(#[from] InvalidRole),
    /// A role that is HCP's, and none here.
    #[error(
        "policy.bindings.role_id: {BROWSER} lets nobody see anything of a registry, and is not held here; leave it out"
    )]
    Browser,
    /// No such principal.
    #[error("policy.bindings.members.member_id: {0}")]
    Member(#[from] InvalidName),
    /// Not a principal.
    #[error("policy.bindings.members.member_type: {0:?} is not known here; use {SERVICE_PRINCIPAL}")]
    Kind(String),
    /// A principal holds one role in one place, of which each can do what the weaker ones can.
    #[error("policy.bindings: {member} is in {one} and in {other}; keep the stronger of the two")]
    Twice {
        /// Who.
        member: PrincipalId,
        /// The role that comes first.
        one: Role,
        /// Another one.
        other: Role,
    },
}

impl From<AccessPolicy> for PolicyResponse {
    fn from(AccessPolicy { members, etag }: AccessPolicy) -> Self {
        let binding = |role: Role| {
            let held = members.iter().filter(|(_, held)| **held == role);
            let members: Vec<Member> = held
                .map(|(id, _)| Member { member_id: id.to_string(), member_type: Some(SERVICE_PRINCIPAL.to_owned()) })
                .collect();
            (!members.is_empty()).then(|| Binding { role_id: role.hcp_id(), members: Some(members) })
        };
        Self { policy: Policy { bindings: Some(Role::ALL.into_iter().filter_map(binding).collect()), etag } }
    }
}

impl Policy {
    /// Who shall hold which role, and the state that whoever wishes it has seen, where they say.
    ///
    /// # Errors
    /// [`InvalidPolicy`].
    pub fn read(self) -> Result<(BTreeMap<PrincipalId, Role>, Option<String>), InvalidPolicy> {
        let Self { bindings, etag } = self;
        let mut all = BTreeMap::new();
        for Binding { role_id, members } in bindings.unwrap_or_default() {
            if role_id == BROWSER {
                return Err(InvalidPolicy::Browser);
            }
            let role = Role::parse(role_id)?;
            for Member { member_id, member_type } in members.unwrap_or_default() {
                let kind = member_type.unwrap_or_default();
                if !["", "UNSET", SERVICE_PRINCIPAL].contains(&kind.as_str()) {
                    return Err(InvalidPolicy::Kind(kind.chars().take(64).collect()));
                }
                let member = PrincipalId::parse(member_id)?;
                if let Some(one) = all.insert(member.clone(), role).filter(|one| *one != role) {
                    return Err(InvalidPolicy::Twice { member, one, other: role });
                }
            }
        }
        Ok((all, Some(etag).filter(|etag| !etag.is_empty())))
    }
}

/// What HCP calls a place in which roles are held: `packer/project/ID/bucket/NAME`, `project/ID` or `organization/ID`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceName(pub Place);

impl ResourceName {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it, and what it looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let segments: Vec<&str> = text.split('/').collect();
        let place = match *segments.as_slice() {
            ["organization", id] => OrganizationId::parse(id).map(Place::Organization),
            ["project", id] => ProjectId::parse(id).map(Place::Project),
            ["packer", "project", id, "bucket", name] => ProjectId::parse(id)
                .and_then(|project| BucketName::parse(name).map(|bucket| Place::Bucket(project, bucket))),
            _ => {
                let shown: String = text.chars().take(200).collect();
                return Err(format!(
                    "resource_name: {shown:?} is not one that roles are held in here; use \
                     packer/project/PROJECT_ID/bucket/NAME, project/PROJECT_ID or organization/ORGANIZATION_ID"
                ));
            }
        };
        place.map(Self).map_err(|fault| format!("resource_name: {fault}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "01JD0000000000000000000001";
    const BOB: &str = "01JD0000000000000000000002";

    fn read(policy: &str) -> Result<(BTreeMap<PrincipalId, Role>, Option<String>), String> {
        let request: SetPolicyRequest =
            serde_json::from_str(&format!(r#"{{"policy": {policy}}}"#)).map_err(|error| error.to_string())?;
        request.policy.read().map_err(|error| error.to_string())
    }

    #[test]
    fn a_policy_is_read_as_it_is_written() {
        let id = |text: &str| PrincipalId::parse(text).unwrap();
        let members = BTreeMap::from([(id(ADA), Role::Admin), (id(BOB), Role::Viewer)]);
        let response = PolicyResponse::from(AccessPolicy { members: members.clone(), etag: "e1".to_owned() });
        let text = serde_json::to_string(&response.policy).unwrap();
        assert_eq!(
            text,
            format!(
                r#"{{"bindings":[{{"role_id":"roles/viewer","members":[{{"member_id":"{BOB}","member_type":"SERVICE_PRINCIPAL"}}]}},{{"role_id":"roles/admin","members":[{{"member_id":"{ADA}","member_type":"SERVICE_PRINCIPAL"}}]}}],"etag":"e1"}}"#
            )
        );
        assert_eq!(read(&text), Ok((members, Some("e1".to_owned()))));
    }

    #[test]
    fn what_is_left_out_or_null_is_empty() {
        for policy in ["{}", r#"{"bindings":null}"#, r#"{"bindings":[{"role_id":"roles/viewer","members":null}]}"#] {
            assert_eq!(read(policy), Ok((BTreeMap::new(), None)), "{policy}");
        }
        let nameless = format!(r#"{{"bindings":[{{"role_id":"roles/owner","members":[{{"member_id":"{ADA}"}}]}}]}}"#);
        assert_eq!(read(&nameless).unwrap().0.into_values().collect::<Vec<_>>(), [Role::Owner]);
    }

    #[test]
    fn what_cannot_be_taken_is_named() {
        let with = |role: &str, member: &str, kind: &str| {
            format!(
                r#"{{"bindings":[{{"role_id":"{role}","members":[{{"member_id":"{member}","member_type":"{kind}"}}]}}]}}"#
            )
        };
        for (policy, fault) in [
            (with("roles/browser", ADA, SERVICE_PRINCIPAL), "role_id: \"roles/browser\" is not a role"),
            (with(BROWSER, ADA, SERVICE_PRINCIPAL), "roles/resource-manager.browser lets nobody see anything"),
            (with("roles/viewer", "ada", SERVICE_PRINCIPAL), "member_id: principal id \"ada\" is not valid"),
            (with("roles/viewer", ADA, "GROUP"), "member_type: \"GROUP\" is not known here; use SERVICE_PRINCIPAL"),
        ] {
            assert!(read(&policy).unwrap_err().contains(fault), "{policy}");
        }
        let member = format!(r#"[{{"member_id":"{ADA}","member_type":"SERVICE_PRINCIPAL"}}]"#);
        let twice = format!(
            r#"{{"bindings":[{{"role_id":"roles/viewer","members":{member}}},{{"role_id":"roles/admin","members":{member}}}]}}"#
        );
        assert!(read(&twice).unwrap_err().contains(&format!("{ADA} is in viewer and in admin")));
    }

    #[test]
    fn a_place_is_read_from_its_name() {
        let id = "11111111-2222-4333-8444-555555555555";
        let project = ProjectId::parse(id).unwrap();
        for (name, place) in [
            (format!("organization/{id}"), Place::Organization(OrganizationId::parse(id).unwrap())),
            (format!("project/{id}"), Place::Project(project.clone())),
            (format!("packer/project/{id}/bucket/web"), Place::Bucket(project, BucketName::parse("web").unwrap())),
        ] {
            assert_eq!(ResourceName::parse(&name), Ok(ResourceName(place)));
        }
        for wrong in
            ["", "project", "project/1", "packer/project/1/bucket/web", &format!("packer/project/{id}/bucket/")]
        {
            assert!(ResourceName::parse(wrong).unwrap_err().starts_with("resource_name: "), "{wrong}");
        }
    }
}

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{InvalidName, OrganizationId, Principal, PrincipalName, ProjectId};

/// Bytes of the name of a provider.
const MAX_PROVIDER: usize = 36;

/// A request for a token in exchange for a workload's own.
#[derive(Deserialize)]
pub struct TokenExchangeRequest {
    /// The identity token.
    pub jwt_token: Option<String>,
    /// What AWS would have to be asked.
    pub aws_get_caller_id_token: Option<Value>,
}

/// The token.
#[derive(Serialize)]
pub struct TokenExchangeResponse {
    /// What to send with calls.
    pub access_token: String,
    /// Seconds until it is not taken any more.
    pub expires_in: u64,
}

/// What HCP calls a rule by which workloads are known:
/// `iam/project/PROJECT_ID/service-principal/PRINCIPAL/workload-identity-provider/RULE`, or `iam/organization/…` for a
/// principal of the organization.
///
/// `PRINCIPAL` is its name or id, `RULE` the id of one of its identity rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProviderName {
    home: Home,
    /// Ids fit the rule for names, too.
    principal: PrincipalName,
    rule: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Home {
    Organization(OrganizationId),
    Project(ProjectId),
}

impl ProviderName {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it, and what it looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let segments: Vec<&str> = text.split('/').collect();
        let ["iam", level, id, "service-principal", principal, "workload-identity-provider", rule] =
            *segments.as_slice()
        else {
            return Err(unknown(text));
        };
        let home = match level {
            "organization" => OrganizationId::parse(id).map(Home::Organization),
            "project" => ProjectId::parse(id).map(Home::Project),
            _ => return Err(unknown(text)),
        };
        let invalid = |fault: InvalidName| format!("resource_name: {fault}");
        let (home, principal) = (home.map_err(invalid)?, PrincipalName::parse(principal).map_err(invalid)?);
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if rule.is_empty() || rule.len() > MAX_PROVIDER || !rule.bytes().all(is_id) {
            return Err(unknown(text));
        }
        Ok(Self { home, principal, rule: rule.to_owned() })
    }

    /// Whether it names the rule with the id `rule` of `principal`.
    pub fn names(&self, principal: &Principal, rule: &str) -> bool {
        let is_at_home = match &self.home {
            Home::Project(id) => principal.project_id.as_ref() == Some(id),
            Home::Organization(id) => principal.project_id.is_none() && principal.organization_id == *id,
        };
        let is_it = self.principal == principal.name || self.principal.as_str() == principal.id.as_str();
        is_at_home && is_it && self.rule == rule
    }
}

fn unknown(text: &str) -> String {
    let shown: String = text.chars().take(200).collect();
    format!(
        "resource_name: {shown:?} is not a workload identity provider; use \
         iam/project/PROJECT_ID/service-principal/PRINCIPAL/workload-identity-provider/RULE_ID, or \
         iam/organization/ORGANIZATION_ID/… for a principal of the organization"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PrincipalId, PrincipalName, Timestamp};

    const HERE: &str = "11111111-2222-4333-8444-555555555555";
    const ELSEWHERE: &str = "99999999-2222-4333-8444-555555555555";

    fn principal(project: Option<&str>) -> Principal {
        Principal {
            id: PrincipalId::parse("01JD0000000000000000000001").unwrap(),
            client_id: "c".to_owned(),
            name: PrincipalName::parse("ci").unwrap(),
            organization_id: OrganizationId::parse(HERE).unwrap(),
            project_id: project.map(|id| ProjectId::parse(id).unwrap()),
            created_at: Timestamp(0),
            secrets: Vec::new(),
        }
    }

    fn names(text: &str, principal: &Principal) -> bool {
        ProviderName::parse(text).unwrap().names(principal, "r1")
    }

    #[test]
    fn a_rule_is_named_with_its_principal_and_where_that_is_at_home() {
        let (ours, the_organizations) = (principal(Some(HERE)), principal(None));
        let provider = |level: &str, home: &str, who: &str, rule: &str| {
            format!("iam/{level}/{home}/service-principal/{who}/workload-identity-provider/{rule}")
        };
        assert!(names(&provider("project", HERE, "ci", "r1"), &ours));
        assert!(names(&provider("project", HERE, ours.id.as_str(), "r1"), &ours));
        assert!(names(&provider("organization", HERE, "ci", "r1"), &the_organizations));
        for other in [
            provider("project", ELSEWHERE, "ci", "r1"),
            provider("project", HERE, "cd", "r1"),
            provider("project", HERE, "ci", "r2"),
            provider("organization", HERE, "ci", "r1"),
        ] {
            assert!(!names(&other, &ours), "{other}");
        }
        assert!(!names(&provider("project", HERE, "ci", "r1"), &the_organizations));
    }

    #[test]
    fn what_names_no_rule_is_answered_with_what_one_looks_like() {
        let rule = |rule: &str| format!("iam/project/{HERE}/service-principal/ci/workload-identity-provider/{rule}");
        for wrong in [
            "",
            "iam/project/1/service-principal/ci",
            &format!("iam/group/{HERE}/service-principal/ci/x/y"),
            &rule(""),
            &rule("r 1"),
            &rule(&"r".repeat(MAX_PROVIDER + 1)),
        ] {
            assert!(ProviderName::parse(wrong).unwrap_err().contains("workload-identity-provider/RULE_ID"), "{wrong}");
        }
        let wrong = "iam/project/1/service-principal/ci/workload-identity-provider/r1";
        assert!(ProviderName::parse(wrong).unwrap_err().contains("it must be a UUID"));
    }
}

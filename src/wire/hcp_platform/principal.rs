use serde::Serialize;

use crate::model;

/// Principals that were asked for by their ids.
#[derive(Debug, Serialize)]
pub struct PrincipalsResponse {
    principals: Vec<Principal>,
}

#[derive(Debug, Serialize)]
struct Principal {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    service: Service,
}

#[derive(Debug, Serialize)]
struct Service {
    id: String,
    name: String,
    organization_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_id: Option<String>,
    resource_name: String,
    created_at: String,
}

impl From<Vec<model::Principal>> for PrincipalsResponse {
    fn from(principals: Vec<model::Principal>) -> Self {
        Self { principals: principals.into_iter().map(Into::into).collect() }
    }
}

impl From<model::Principal> for Principal {
    fn from(principal: model::Principal) -> Self {
        let model::Principal { id, client_id: _, name, organization_id, project_id, created_at, secrets: _ } =
            principal;
        let home = match &project_id {
            Some(project) => format!("project/{project}"),
            None => format!("organization/{organization_id}"),
        };
        Self {
            id: id.to_string(),
            kind: "PRINCIPAL_TYPE_SERVICE",
            service: Service {
                id: id.to_string(),
                resource_name: format!("iam/{home}/service-principal/{name}"),
                name: name.to_string(),
                organization_id: organization_id.to_string(),
                project_id: project_id.map(|project| project.to_string()),
                created_at: created_at.to_rfc3339(),
            },
        }
    }
}

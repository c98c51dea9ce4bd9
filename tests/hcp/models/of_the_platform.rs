use axum::http::Method;
use serde_json::{Value, json};

use super::Answer;
use crate::hcp::project::Project;

const RESOURCES: &str = "/resource-manager/2019-12-10";

/// What clients of HCP are answered who ask for something beside.
pub(super) fn answers(project: &Project) -> Vec<Answer> {
    let made = project.run(&["principal", "create", "ci", "--project", "default", "--json"]).succeeded();
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    let ci = made["id"].as_str().unwrap();
    let packer = project.owner();
    packer.put("/buckets", &json!({"name": "web"}));
    let place = packer.location();
    let text = |key: &str| place[key].as_str().unwrap();
    let (organization, id) = (text("organization_id"), text("project_id"));
    let done = |method: Method, path: &str, body: &Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = packer.hcp().call(method, path, &body);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    };
    let get = |path: &str| done(Method::GET, path, &Value::Null);
    let binding =
        json!({"role_id": "roles/viewer", "members": [{"member_id": ci, "member_type": "SERVICE_PRINCIPAL"}]});
    let name = format!("packer/project/{id}/bucket/web");
    let of_bucket = "/2019-12-10/resource-manager/resources/iam-policy";
    let of_project = format!("{RESOURCES}/projects/{id}/iam-policy");
    let of_organization = format!("{RESOURCES}/organizations/{organization}/iam-policy");
    let policy = json!({"resource_name": name, "policy": {"bindings": [binding]}});
    let unchanged = json!({"policy": get(&of_organization)["policy"]});
    let operation = format!(
        "/operation/2020-05-05/organizations/{organization}/projects/{id}/operations/01ARYZ6S41TSV4RRFFQ69G5FAV"
    );
    let principals = format!("/iam/2019-12-10/organizations/{organization}/principals?principal_ids={ci}");
    vec![
        ("resource-manager", "OrganizationListResponse", get(&format!("{RESOURCES}/organizations"))),
        ("resource-manager", "OrganizationGetResponse", get(&format!("{RESOURCES}/organizations/{organization}"))),
        ("resource-manager", "OrganizationGetIamPolicyResponse", get(&of_organization)),
        ("resource-manager", "OrganizationSetIamPolicyResponse", done(Method::PUT, &of_organization, &unchanged)),
        ("resource-manager", "ProjectListResponse", get(&format!("{RESOURCES}/projects"))),
        ("resource-manager", "ProjectGetResponse", get(&format!("{RESOURCES}/projects/{id}"))),
        ("resource-manager", "ProjectSetIamPolicyResponse", done(Method::PUT, &of_project, &policy)),
        ("resource-manager", "ProjectGetIamPolicyResponse", get(&of_project)),
        ("resource-manager", "ResourceSetIamPolicyResponse", done(Method::PUT, of_bucket, &policy)),
        (
            "resource-manager",
            "ResourceGetIamPolicyResponse",
            get(&format!("{of_bucket}?resource_name={}", name.replace('/', "%2F"))),
        ),
        ("iam", "BatchGetPrincipalsResponse", get(&principals)),
        ("operation", "ListResponse", get(operation.rsplit_once('/').unwrap().0)),
        ("operation", "GetResponse", get(&operation)),
        ("operation", "WaitResponse", get(&format!("{operation}/wait"))),
    ]
}

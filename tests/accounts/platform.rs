use axum::http::Method;
use serde_json::{Value, json};

use super::door::Door;
use super::hcp::{self, read, send, status};

const RESOURCES: &str = "/resource-manager/2019-12-10";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// The ids of the organization and of its first project.
fn place(door: &Door) -> (String, String) {
    let (_, answer) = hcp::owner(door).get(&format!("{RESOURCES}/projects"));
    let project = &answer["projects"][0];
    (text(&project["parent"]["id"]).to_owned(), text(&project["id"]).to_owned())
}

#[test]
fn a_client_finds_its_organization_and_projects() {
    let door = Door::server();
    let owner = hcp::owner(&door);
    let (code, answer) = owner.get(&format!("{RESOURCES}/organizations"));
    assert_eq!((code, answer["organizations"].as_array().unwrap().len()), (200, 1), "{answer}");
    let organization = &answer["organizations"][0];
    assert_eq!(organization["state"], "ACTIVE");
    let id = text(&organization["id"]);
    assert_eq!(owner.get(&format!("{RESOURCES}/organizations/{id}")), (200, json!({"organization": organization})));

    door.run("project create staging").exits(0);
    let (code, answer) = owner.get(&format!("{RESOURCES}/projects?scope.id={id}&scope.type=ORGANIZATION"));
    assert_eq!(code, 200, "{answer}");
    let [first, second] = answer["projects"].as_array().unwrap().as_slice() else { panic!("{answer}") };
    assert_eq!((text(&first["name"]), text(&second["name"])), ("default", "staging"));
    assert_eq!(second["parent"], json!({"id": id, "type": "ORGANIZATION"}));
    assert!(text(&first["created_at"]) < text(&second["created_at"]), "the oldest one can be told: {answer}");
    let found = owner.get(&format!("{RESOURCES}/projects/{}", text(&second["id"])));
    assert_eq!(found, (200, json!({"project": second})));
}

#[test]
fn what_a_caller_has_no_role_in_is_not_there() {
    let door = Door::server();
    let staging = door.text("project create staging", "id");
    let (organization, default) = place(&door);
    door.run("principal create idle").exits(0);
    let (code, answer) = hcp::principal(&door, "idle").get(&format!("{RESOURCES}/projects"));
    assert_eq!((code, &answer["code"]), (403, &json!(7)), "{answer}");
    assert!(text(&answer["message"]).starts_with("idle holds no role in any project"), "{answer}");

    door.run("principal create ci").exits(0);
    door.run("role grant viewer --principal ci --bucket web-server").exits(0);
    let ci = hcp::principal(&door, "ci");
    let (code, answer) = ci.get(&format!("{RESOURCES}/projects?scope.id={organization}"));
    assert_eq!((code, answer["projects"].as_array().unwrap().len()), (200, 1), "{answer}");
    assert_eq!(ci.get(&format!("{RESOURCES}/projects/{default}")).0, 200);
    let missing = format!("project {staging} does not exist; list the projects to see which there are");
    assert_eq!(ci.get(&format!("{RESOURCES}/projects/{staging}")), (404, status(5, &missing)));
    let other = "11111111-2222-4333-8444-555555555555";
    let missing = status(5, &format!("organization {other} does not exist; yours is {organization}"));
    assert_eq!(ci.get(&format!("{RESOURCES}/organizations/{other}")), (404, missing.clone()));
    assert_eq!(ci.get(&format!("{RESOURCES}/projects?scope.id={other}")), (404, missing));
    assert_eq!(ci.get(&format!("{RESOURCES}/projects?scope.type=PROJECT")).0, 400);
}

#[test]
fn a_principal_of_a_project_cannot_list_projects_and_is_told_which_is_its_own() {
    let door = Door::server();
    let (_, default) = place(&door);
    door.run("principal create ci --project default").exits(0);
    door.run("role grant contributor --principal ci --project default").exits(0);
    let ci = hcp::principal(&door, "ci --project default");
    let message = format!(
        "ci belongs to project {default} and may not list those of the organization; set HCP_PROJECT_ID to {default}"
    );
    assert_eq!(ci.get(&format!("{RESOURCES}/projects")), (403, status(7, &message)));
    assert_eq!(ci.get(&format!("{RESOURCES}/organizations")).0, 200);
    assert_eq!(ci.get(&format!("{RESOURCES}/projects/{default}")).0, 200);
}

#[test]
fn an_operation_is_done_and_what_is_no_operation_is_not_there() {
    let door = Door::server();
    let (organization, project) = place(&door);
    let owner = hcp::owner(&door);
    let at = |project: &str, id: &str| {
        format!("/operation/2020-05-05/organizations/{organization}/projects/{project}/operations/{id}")
    };
    let id = "01ARYZ6S41TSV4RRFFQ69G5FAV";
    let (code, answer) = owner.get(&at(&project, id));
    assert_eq!(code, 200, "{answer}");
    let operation = &answer["operation"];
    assert_eq!((text(&operation["id"]), text(&operation["state"])), (id, "DONE"));
    assert_eq!(operation["location"], json!({"organization_id": organization, "project_id": project}));
    assert_eq!(operation["created_at"], "2016-07-30T22:36:16.385Z");
    assert_eq!(owner.get(&format!("{}/wait?timeout=5s", at(&project, id))), (200, answer));

    let all = at(&project, "");
    let none = json!({"operations": [], "pagination": {"next_page_token": "", "previous_page_token": ""}});
    assert_eq!(owner.get(all.trim_end_matches('/')), (200, none), "what is done is not kept");

    let (code, answer) = owner.get(&at(&project, "no%2Fid"));
    assert_eq!((code, &answer["code"]), (404, &json!(5)));
    assert!(text(&answer["message"]).starts_with("operation \"no/id\" does not exist"), "{answer}");
    let other = "11111111-2222-4333-8444-555555555555";
    let missing = status(5, &format!("project {other} does not exist; list the projects to see which there are"));
    assert_eq!(owner.get(&at(other, id)), (404, missing.clone()));
    let (_, answer) = owner.get(&at("nonsense", id));
    assert_eq!(answer, status(3, "project id \"nonsense\" is not valid: it must be a UUID"));
    let elsewhere = at(other, id).replace(&organization, other);
    assert_eq!(owner.get(&elsewhere), (404, missing), "another organization, in the same words");
}

#[test]
fn whatever_is_wrong_is_told_as_a_status() {
    let door = Door::server();
    let owner = hcp::owner(&door);
    let unknown = status(5, "there is nothing at GET /resource-manager/2019-12-10/nonsense");
    assert_eq!(owner.get(&format!("{RESOURCES}/nonsense")), (404, unknown));
    let (code, answer) = owner.call(Method::DELETE, &format!("{RESOURCES}/projects"), "");
    assert_eq!((code, answer), (501, status(12, "DELETE cannot be done with /resource-manager/2019-12-10/projects")));
    let (code, answer) = owner.get(&format!("{RESOURCES}/projects/%ff"));
    assert_eq!((code, &answer["code"]), (400, &json!(3)), "{answer}");

    let nobody = send(&door, &format!("{RESOURCES}/projects"), Method::GET, &[], "");
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    let (code, answer) = read(&nobody);
    assert_eq!((code, &answer["code"]), (401, &json!(16)));
    let (code, answer) =
        read(&send(&door, &format!("{RESOURCES}/projects"), Method::GET, &[("authorization", "Bearer x")], ""));
    assert_eq!((code, &answer["code"]), (401, &json!(16)), "{answer}");
}

#[test]
fn clients_of_2022_get_their_token_where_they_ask_for_it() {
    let door = Door::server();
    let [_, (_, id), (_, secret), _] = door.server.as_ref().unwrap().variables();
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    for path in ["/oauth/token", "/oauth2/token"] {
        let (code, answer) = read(&send(&door, path, Method::POST, &kind, &form));
        assert_eq!((code, &answer["token_type"]), (200, &json!("Bearer")), "{path}: {answer}");
        assert!(answer["expires_in"].is_u64(), "{answer}");
        let (code, answer) = read(&send(&door, path, Method::POST, &kind, &form.replace(&secret, "wrong")));
        assert_eq!((code, &answer["error"]), (401, &json!("invalid_client")), "{path}: {answer}");
    }
}

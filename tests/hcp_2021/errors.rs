use axum::http::Method;
use serde_json::{Value, json};

use super::image::{complete, create_bucket, iteration};
use crate::hcp::project::Project;
use crate::support::hcp_client::status;

/// Every operation of the API.
const OPERATIONS: &[(&str, &str)] = &[
    ("DELETE", "/builds/b01"),
    ("GET", "/builds/b01"),
    ("PATCH", "/builds/b01"),
    ("GET", "/images"),
    ("PUT", "/images"),
    ("DELETE", "/images/web"),
    ("GET", "/images/web"),
    ("PATCH", "/images/web"),
    ("GET", "/images/web/ancestry"),
    ("GET", "/images/web/channels"),
    ("POST", "/images/web/channels"),
    ("DELETE", "/images/web/channels/c01"),
    ("GET", "/images/web/channels/c01"),
    ("PATCH", "/images/web/channels/c01"),
    ("GET", "/images/web/channels/c01/history"),
    ("GET", "/images/web/iteration"),
    ("GET", "/images/web/iterations"),
    ("POST", "/images/web/iterations"),
    ("POST", "/images/web/iterations/i01"),
    ("GET", "/images/web/iterations/i01/builds"),
    ("DELETE", "/iterations/i01"),
    ("PATCH", "/iterations/i01"),
    ("DELETE", "/registry"),
    ("GET", "/registry"),
    ("PATCH", "/registry"),
    ("PUT", "/registry"),
    ("PATCH", "/runtasks/hmac"),
    ("GET", "/runtasks/validation"),
];

#[test]
fn every_operation_is_served() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    assert_eq!(OPERATIONS.len(), 28);
    for (method, path) in OPERATIONS {
        let (code, answer) = packer.call(method.parse().unwrap(), path, &Value::Null);
        let message = answer["message"].as_str().unwrap_or_default();
        assert!(code != 501 && !message.contains("there is nothing at"), "{method} {path}: {answer}");
    }
}

#[test]
fn whatever_is_not_there_is_told_as_a_status() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    let path = packer.path("/buckets");
    assert_eq!(packer.hcp().get(&path), (404, status(5, &format!("there is nothing at GET {path}"))));
    let (code, answer) = packer.call(Method::DELETE, "/images", &Value::Null);
    let path = packer.path("/images");
    assert_eq!((code, answer), (501, status(12, &format!("DELETE cannot be done with {path}"))));
    assert_eq!(packer.hcp().get("/packer/2021-04-30/x").0, 404);
}

#[test]
fn another_organization_or_project_is_not_there() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = complete(&packer, "one");
    let build = iteration(&packer, "one")["builds"][0]["id"].as_str().unwrap().to_owned();
    let place = packer.location();
    let text = |key: &str| place[key].as_str().unwrap().to_owned();
    let other = "11111111-2222-4333-8444-555555555555";
    let missing = status(5, &format!("project {other} does not exist; list the projects to see which there are"));
    for (method, path) in [
        (Method::GET, "/images".to_owned()),
        (Method::GET, format!("/builds/{build}")),
        (Method::PATCH, format!("/iterations/{id}")),
    ] {
        let found = packer.hcp().call(method.clone(), &packer.path_in(&text("organization_id"), other, &path), "");
        assert_eq!(found, (404, missing.clone()), "{method} {path}");
        let found = packer.hcp().call(method.clone(), &packer.path_in(other, &text("project_id"), &path), "");
        assert_eq!(found.0, 404, "{method} {path}");
    }
}

#[test]
fn an_id_of_another_project_is_not_there() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = complete(&packer, "one");
    let build = iteration(&packer, "one")["builds"][0]["id"].as_str().unwrap().to_owned();
    let made = project.run(&["project", "create", "other", "--json"]).succeeded();
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    let (organization, other) = (packer.location()["organization_id"].clone(), made["id"].as_str().unwrap().to_owned());
    for (method, path) in [
        (Method::GET, format!("/builds/{build}")),
        (Method::PATCH, format!("/builds/{build}")),
        (Method::DELETE, format!("/builds/{build}")),
        (Method::PATCH, format!("/iterations/{id}")),
        (Method::DELETE, format!("/iterations/{id}")),
    ] {
        let path = packer.path_in(organization.as_str().unwrap(), &other, &path);
        let (code, answer) = packer.hcp().call(method.clone(), &path, "");
        assert_eq!((code, &answer["code"]), (404, &json!(5)), "{method} {path}: {answer}");
    }
    assert_eq!(iteration(&packer, "one")["id"], id, "and it stands where it is");
}

#[test]
fn whoever_may_not_see_a_bucket_finds_its_builds_and_iterations_by_no_id() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    packer.put("/images", &json!({"bucket_slug": "app"}));
    let id = complete(&packer, "one");
    let build = iteration(&packer, "one")["builds"][0]["id"].as_str().unwrap().to_owned();
    let guest = project.principal_in("app", "contributor").of_2021();
    let viewer = project.principal("viewer").of_2021();
    assert_eq!(viewer.get(&format!("/builds/{build}"))["build"]["id"], build);
    for (method, path) in [
        (Method::PATCH, format!("/builds/{build}")),
        (Method::DELETE, format!("/builds/{build}")),
        (Method::PATCH, format!("/iterations/{id}")),
        (Method::DELETE, format!("/iterations/{id}")),
    ] {
        let body = if path.starts_with("/iterations") { json!({"revoke_in": "0s"}) } else { json!({}) };
        let (status, code, message) = viewer.refused(method.clone(), &path, &body);
        assert_eq!((status, code), (403, 7), "{method} {path}: {message}");
        let (status, code, message) = guest.refused(method.clone(), &path, &body);
        assert_eq!((status, code), (404, 5), "{method} {path}: {message}");
    }
    assert_eq!(guest.refused(Method::GET, &format!("/builds/{build}"), &Value::Null).1, 5);
}

#[test]
fn what_is_not_valid_is_told_with_its_field() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = super::image::create_iteration(&packer, "web", "one");
    let builds = format!("/images/web/iterations/{id}");
    let build = super::image::create_build(&packer, "web", &id, "file.x");
    let update = format!("/builds/{build}");
    for (method, path, body, words) in [
        (Method::PUT, "/images", json!({"bucket_slug": "my_b"}), "bucket_slug: bucket name \"my_b\" is not valid"),
        (Method::GET, "/images/x", Value::Null, "bucket_slug: bucket name \"x\" is not valid"),
        (Method::GET, "/images/web/channels/a.b", Value::Null, "slug: channel name \"a.b\" is not valid"),
        (Method::POST, "/images/web/channels", json!({}), "slug: channel name \"\" is not valid"),
        (Method::POST, "/images/web/iterations", json!({}), "fingerprint: fingerprint \"\" is not valid"),
        (Method::PATCH, "/iterations/x", json!({}), "iteration_id: "),
        (Method::DELETE, "/iterations/x?rollback_channels=maybe", Value::Null, "rollback_channels: \"maybe\" is"),
        (Method::POST, &builds, json!({}), "build: it is missing"),
        (Method::POST, &builds, json!({"build": {}}), "build.component_type: "),
        (Method::PATCH, &update, json!({"updates": {"status": "BUILD_DONE"}}), "status: \"BUILD_DONE\" is not known"),
        (Method::PATCH, &update, json!({"updates": {"images": [{"region": "a"}]}}), "images.image_id: it is missing"),
        (Method::PATCH, &update, json!({"updates": {"source_iteration_id": "x"}}), "source_iteration_id: "),
        (Method::PATCH, "/registry", json!({"feature_tier": "GOLD"}), "feature_tier: \"GOLD\" is not known"),
        (Method::PATCH, "/images/web", json!([]), "the body is not the JSON that is wanted here"),
    ] {
        let (status, code, message) = packer.refused(method, path, &body);
        assert_eq!((status, code), (400, 3), "{path}: {message}");
        assert!(message.starts_with(words), "{message}");
    }
}

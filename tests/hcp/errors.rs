use axum::http::Method;
use serde_json::{Value, json};

use super::project::Project;
use crate::support::hcp_client::status;

#[test]
fn whatever_is_not_there_is_told_as_a_status() {
    let project = Project::start();
    let packer = project.owner();
    let path = packer.path("/nonsense");
    assert_eq!(packer.hcp().get(&path), (404, status(5, &format!("there is nothing at GET {path}"))));
    let (code, answer) = packer.call(Method::DELETE, "/buckets", &Value::Null);
    let path = packer.path("/buckets");
    assert_eq!((code, answer), (501, status(12, &format!("DELETE cannot be done with {path}"))));
    assert_eq!(packer.hcp().get("/packer/2023-01-01/x").0, 404);
}

#[test]
fn another_organization_or_project_is_not_there() {
    let project = Project::start();
    let packer = project.owner();
    let place = packer.location();
    let text = |key: &str| place[key].as_str().unwrap().to_owned();
    let other = "11111111-2222-4333-8444-555555555555";
    let missing = status(5, &format!("project {other} does not exist; list the projects to see which there are"));
    let path = packer.path_in(&text("organization_id"), other, "/buckets");
    assert_eq!(packer.hcp().get(&path), (404, missing));
    let path = packer.path_in(other, &text("project_id"), "/buckets");
    assert_eq!(packer.hcp().get(&path).0, 404);
}

#[test]
fn what_is_not_valid_is_told_with_its_field() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let channels = "/buckets/web/channels";
    for (method, path, body, words) in [
        (Method::PUT, "/buckets", json!({"name": "my_bucket"}), "name: bucket name \"my_bucket\" is not valid"),
        (Method::PUT, "/buckets", json!({}), "name: bucket name \"\" is not valid: use 3 to 36"),
        (Method::GET, "/buckets/x", Value::Null, "bucket_name: bucket name \"x\" is not valid"),
        (Method::GET, "/buckets/web/channels/a.b", Value::Null, "channel_name: channel name \"a.b\" is not valid"),
        (Method::POST, channels, json!({"name": "x"}), "name: channel name \"x\" is not valid"),
        (Method::POST, "/buckets/web/versions", json!({"fingerprint": "-"}), "fingerprint: fingerprint \"-\""),
        (
            Method::POST,
            "/buckets/web/versions",
            json!({"fingerprint": "one", "template_type": "HCL1"}),
            "template_type: \"HCL1\" is not known; use HCL2 or JSON",
        ),
        (Method::PATCH, "/buckets/web", json!([]), "the body is not the JSON that is wanted here"),
    ] {
        let (status, code, message) = packer.refused(method, path, &body);
        assert_eq!((status, code), (400, 3), "{path}: {message}");
        assert!(message.starts_with(words), "{message}");
    }
}

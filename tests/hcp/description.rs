use axum::http::Method;
use serde_json::Value;

use super::project::Project;
use crate::support::description;
use crate::support::hcp_client::read;

const METHODS: [Method; 5] = [Method::GET, Method::PUT, Method::POST, Method::PATCH, Method::DELETE];

/// A path that the segments of `template` stand in, for a project of a server.
fn path(template: &str, place: &Value) -> String {
    let mut path = template.to_owned();
    for (name, value) in [
        ("organization_id", place["organization_id"].as_str().unwrap()),
        ("project_id", place["project_id"].as_str().unwrap()),
        ("bucket_name", "web"),
        ("task_type", "validation"),
    ] {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    path.split('/').map(|segment| if segment.starts_with('{') { "abc" } else { segment }).collect::<Vec<_>>().join("/")
}

#[test]
fn every_operation_that_is_described_answers_for_itself() {
    let project = Project::start();
    let packer = project.owner();
    for description in description::all() {
        let mut unserved = Vec::new();
        for (method, template, operation) in description.operations() {
            let path = path(template, &packer.location());
            let (code, answer) = packer.hcp().call(method.clone(), &path, "null");
            let message = answer["message"].as_str().unwrap_or_default();
            assert!(!message.contains("there is nothing at"), "{method} {path}: {answer}");
            if code == 501 {
                let name = operation["operationId"].as_str().unwrap();
                let words = format!("{name} is not served by this version of the server");
                assert_eq!((answer["code"].as_i64(), message), (Some(12), words.as_str()));
                unserved.push(name);
            }
        }
        assert!(unserved.iter().all(|name| name.contains("Vulnerabilit")), "{unserved:?}");
    }
}

#[test]
fn whatever_a_path_is_good_for_is_described() {
    let project = Project::start();
    let packer = project.owner();
    for description in description::all() {
        let described: Vec<(Method, &str)> = description.operations().map(|(method, path, _)| (method, path)).collect();
        for (_, template) in &described {
            for method in METHODS.iter().filter(|method| !described.contains(&((*method).clone(), *template))) {
                // A channel may be called `assign`.
                let template = template.replace("/channels/assign", "/channels/{channel_name}");
                if described.contains(&(method.clone(), template.as_str())) {
                    continue;
                }
                let path = path(&template, &packer.location());
                let (code, answer) = packer.hcp().call(method.clone(), &path, "{}");
                assert_eq!(code, 501, "{method} {path} is not described: {answer}");
                assert!(answer["message"].as_str().unwrap().contains(" cannot be done with "), "{answer}");
            }
        }
    }
}

#[test]
fn every_route_is_described() {
    let unserved = include_str!("../../src/api/v2023_01_01/unserved.rs").matches("MethodFilter::").count();
    let routers = [include_str!("../../src/api/v2023_01_01/mod.rs"), include_str!("../../src/api/v2021_04_30/mod.rs")];
    for ((description, router), unserved) in description::all().iter().zip(routers).zip([unserved, 0]) {
        // Some say that there is nothing elsewhere.
        let routes = router.matches(".route(").count() - router.matches("any(path_unknown)").count() + unserved;
        let mut paths: Vec<&str> = description.operations().map(|(_, path, _)| path).collect();
        paths.dedup();
        // A channel may be called `assign`.
        assert_eq!(paths.iter().filter(|path| !path.ends_with("/channels/assign")).count(), routes, "{paths:?}");
    }
}

#[test]
fn the_descriptions_are_served_to_everybody() {
    let project = Project::start();
    for version in ["2023-01-01", "2021-04-30"] {
        let answer = project.download(&format!("https://localhost/openapi/packer-{version}.json"));
        let (status, document) = read(&answer);
        assert_eq!((status, document["info"]["version"].as_str()), (200, Some(version)));
    }
    let unknown = project.download("https://localhost/openapi/packer-2000-01-01.json");
    assert_eq!(unknown.status.as_u16(), 404);
}

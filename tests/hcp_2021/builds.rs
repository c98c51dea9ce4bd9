use axum::http::Method;
use serde_json::{Value, json};

use super::image::{complete, create_bucket, create_build, create_iteration, finish, iteration};
use crate::hcp::project::{Project, RUN};

#[test]
fn a_build_is_announced_and_followed_by_its_id_alone() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let iteration = create_iteration(&packer, "web", "one");
    let announced = json!({"component_type": "amazon-ebs.east", "images": null, "packer_run_uuid": RUN});
    let body = json!({"fingerprint": "one", "build": announced, "location": {}});
    let made = packer.post(&format!("/images/web/iterations/{iteration}"), &body)["build"].clone();
    assert_eq!((&made["status"], &made["iteration_id"]), (&json!("UNSET"), &json!(iteration)));
    assert_eq!((&made["images"], &made["cloud_provider"]), (&json!([]), &json!("")));
    let path = format!("/builds/{}", made["id"].as_str().unwrap());
    assert_eq!(packer.get(&path)["build"], made);

    let running = packer.patch(&path, &json!({"updates": {"status": "RUNNING", "images": null}}));
    assert_eq!(running["build"]["status"], "RUNNING");
    let done = finish(&packer, made["id"].as_str().unwrap(), &json!({"source_image_id": "ami-base"}));
    assert_eq!((&done["status"], &done["cloud_provider"]), (&json!("DONE"), &json!("aws")));
    assert_eq!((&done["source_image_id"], &done["packer_run_uuid"]), (&json!("ami-base"), &json!(RUN)));
    assert_eq!(done["labels"], json!({"os": "linux"}));
    let image = &done["images"][0];
    assert!(image["image_id"].as_str().unwrap().starts_with("ami-") && image["region"] == "us-east-1", "{image}");
    assert!(image["id"].is_string() && image["created_at"].is_string(), "{image}");
    assert_eq!(packer.get(&path)["build"], done);
}

#[test]
fn the_builds_of_an_iteration_are_listed_by_component() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = create_iteration(&packer, "web", "one");
    for component in ["file.b", "file.a"] {
        create_build(&packer, "web", &id, component);
    }
    let listed = packer.get(&format!("/images/web/iterations/{id}/builds"));
    let names: Vec<&Value> =
        listed["builds"].as_array().unwrap().iter().map(|build| &build["component_type"]).collect();
    assert_eq!((json!(names), &listed["location"]), (json!(["file.a", "file.b"]), &packer.location()));
    assert_eq!(iteration(&packer, "one")["builds"], listed["builds"]);
    let first = packer.get(&format!("/images/web/iterations/{id}/builds?pagination.page_size=1"));
    assert_eq!(first["builds"].as_array().unwrap().len(), 1);
    assert_ne!(first["pagination"]["next_page_token"], "");
}

#[test]
fn an_iteration_has_one_build_of_each_component_until_it_is_complete() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = create_iteration(&packer, "web", "one");
    let path = format!("/images/web/iterations/{id}");
    let build = create_build(&packer, "web", &id, "file.a");
    let again = json!({"build": {"component_type": "file.a"}});
    let (status, code, message) = packer.refused(Method::POST, &path, &again);
    assert_eq!((status, code), (409, 6), "{message}");
    finish(&packer, &build, &json!({}));
    let other = json!({"build": {"component_type": "file.b"}});
    let (status, code, message) = packer.refused(Method::POST, &path, &other);
    assert_eq!((status, code), (400, 9), "{message}");
}

#[test]
fn a_build_of_an_incomplete_iteration_is_deleted() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = create_iteration(&packer, "web", "one");
    let build = create_build(&packer, "web", &id, "file.a");
    let path = format!("/builds/{build}");
    assert_eq!(packer.call(Method::DELETE, &path, &Value::Null), (200, json!({})));
    assert_eq!(iteration(&packer, "one")["builds"], json!([]));
    for (method, body) in [(Method::GET, Value::Null), (Method::PATCH, json!({})), (Method::DELETE, Value::Null)] {
        let (status, code, message) = packer.refused(method, &path, &body);
        assert_eq!((status, code), (404, 5));
        let way_out = "list the builds of an iteration to see which there are";
        assert_eq!(message, format!("build {build:?} does not exist; {way_out}"));
    }
}

#[test]
fn an_iteration_is_looked_for_in_the_bucket_of_the_path() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    packer.put("/images", &json!({"bucket_slug": "app"}));
    let id = complete(&packer, "one");
    let (_, code, message) = packer.refused(Method::GET, &format!("/images/app/iterations/{id}/builds"), &Value::Null);
    assert_eq!(code, 5, "{message}");
    let build = json!({"build": {"component_type": "file.a"}});
    let (_, code, message) = packer.refused(Method::POST, &format!("/images/app/iterations/{id}"), &build);
    assert_eq!(code, 5, "{message}");
}

#[test]
fn a_fingerprint_and_a_component_type_are_what_the_first_api_let_them_be() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = create_iteration(&packer, "web", "the\"1\"st");
    let build = create_build(&packer, "web", &id, "file.Ubuntu 24.04");
    finish(&packer, &build, &json!({}));
    let found = packer.get("/images/web/iteration?fingerprint=the%221%22st")["iteration"].clone();
    assert_eq!((&found["id"], &found["incremental_version"]), (&json!(id), &json!(1)));
    assert_eq!(found["builds"][0]["component_type"], "file.Ubuntu 24.04");
}

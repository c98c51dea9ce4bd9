use axum::http::Method;
use serde_json::{Value, json};

use super::project::{Packer, Project};

fn names(answer: &Value, list: &str, key: &str) -> Vec<String> {
    answer[list].as_array().unwrap().iter().map(|entry| entry[key].as_str().unwrap().to_owned()).collect()
}

fn with_buckets(packer: &Packer<'_>) {
    for name in ["web", "app", "mail"] {
        packer.put("/buckets", &json!({"name": name}));
    }
}

#[test]
fn buckets_come_in_pages_by_name_as_terraform_reads_them() {
    let project = Project::start();
    let packer = project.owner();
    with_buckets(&packer);
    let path = "/buckets?sorting.order_by=name&pagination.page_size=2&location.region.provider=";
    let first = packer.get(path);
    assert_eq!(names(&first, "buckets", "name"), ["app", "mail"]);
    assert_eq!(first["pagination"]["previous_page_token"], "");
    let token = first["pagination"]["next_page_token"].as_str().unwrap();
    let second = packer.get(&format!("{path}&pagination.next_page_token={token}"));
    assert_eq!(names(&second, "buckets", "name"), ["web"]);
    assert_eq!(second["pagination"]["next_page_token"], "");
    let token = second["pagination"]["previous_page_token"].as_str().unwrap();
    assert_eq!(packer.get(&format!("{path}&pagination.previous_page_token={token}")), first);
}

#[test]
fn a_list_is_sorted_by_several_keys_each_way() {
    let project = Project::start();
    let packer = project.owner();
    with_buckets(&packer);
    let sorted = packer.get("/buckets?sorting.order_by=name+desc&sorting.order_by=created_at");
    assert_eq!(names(&sorted, "buckets", "name"), ["web", "mail", "app"]);
    for fingerprint in ["b", "a"] {
        packer.complete(fingerprint);
    }
    packer.version("c", &["x", "y"]);
    assert_eq!(names(&packer.get("/buckets/web/versions"), "versions", "fingerprint")[0], "c", "the newest first");
    let sorted = packer.get("/buckets/web/versions?sorting.order_by=name");
    assert_eq!(names(&sorted, "versions", "name"), ["v0", "v1", "v2"]);
    let sorted = packer.get("/buckets/web/versions/c/builds?sorting.order_by=component_type%20DESC");
    assert_eq!(names(&sorted, "builds", "component_type"), ["y", "x"]);
    let (status, code, message) = packer.refused(Method::GET, "/buckets?sorting.order_by=colour", &Value::Null);
    assert_eq!((status, code), (400, 3));
    assert!(message.starts_with("sorting.order_by: \"colour\" is no order; use one of name, "), "{message}");
}

#[test]
fn all_builds_of_a_version_are_on_its_first_page() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let components: Vec<String> = (0..150).map(|number| format!("null.n{number:03}")).collect();
    packer.version("one", &components.iter().map(String::as_str).collect::<Vec<_>>());
    let listed = packer.get("/buckets/web/versions/one/builds");
    assert_eq!(names(&listed, "builds", "component_type"), components);
    assert_eq!(listed["pagination"]["next_page_token"], "");
}

#[test]
fn a_page_that_there_is_not_is_told_with_the_parameter() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    for (query, words) in [
        ("pagination.page_size=many", "pagination.page_size: \"many\" is no number"),
        ("pagination.next_page_token=x", "pagination.next_page_token: it is not one that this list gave"),
        ("pagination.previous_page_token=x", "pagination.previous_page_token: it is not one"),
        ("pagination.next_page_token=x&pagination.previous_page_token=y", "pagination: next_page_token and previous"),
    ] {
        let (status, code, message) = packer.refused(Method::GET, &format!("/buckets?{query}"), &Value::Null);
        assert_eq!((status, code), (400, 3), "{message}");
        assert!(message.starts_with(words), "{message}");
    }
}

use axum::http::Method;
use serde_json::{Value, json};

use super::image::{complete, create_bucket, create_iteration};
use crate::hcp::project::Project;

#[test]
fn a_bucket_is_created_described_listed_and_deleted() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    let body = json!({"bucket_slug": "web", "description": "servers", "labels": {"team": "a"}, "location": {}});
    let bucket = packer.put("/images", &body)["bucket"].clone();
    assert_eq!((&bucket["slug"], &bucket["description"]), (&json!("web"), &json!("servers")));
    assert_eq!((&bucket["labels"], &bucket["location"]), (&json!({"team": "a"}), &packer.location()));
    assert_eq!((&bucket["iteration_count"], &bucket["latest_version"]), (&json!("0"), &json!(0)));
    assert!(bucket.get("latest_iteration").is_none(), "{bucket}");

    let changed = packer.patch("/images/web", &json!({"labels": {"team": "b"}, "platforms": null}));
    assert_eq!(changed["bucket"]["labels"], json!({"team": "b"}));
    assert_eq!(changed["bucket"]["description"], "servers", "what is not said does not change");
    packer.put("/images", &json!({"bucket_slug": "app"}));
    let listed = packer.get("/images?sorting.order_by=slug%20desc&pagination.page_size=1");
    assert_eq!(listed["buckets"][0], packer.get("/images/web")["bucket"]);
    let token = listed["pagination"]["next_page_token"].as_str().unwrap();
    let rest = packer.get(&format!("/images?sorting.order_by=slug%20desc&pagination.next_page_token={token}"));
    assert_eq!(rest["buckets"][0]["slug"], "app");
    assert_eq!(packer.call(Method::DELETE, "/images/web", &Value::Null), (200, json!({})));
    assert_eq!(packer.get("/images")["buckets"].as_array().unwrap().len(), 1);
}

#[test]
fn a_bucket_has_its_newest_complete_iteration() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    complete(&packer, "one");
    create_iteration(&packer, "web", "two");
    let bucket = packer.get("/images/web")["bucket"].clone();
    assert_eq!((&bucket["iteration_count"], &bucket["latest_version"]), (&json!("2"), &json!(1)));
    let latest = &bucket["latest_iteration"];
    assert_eq!((&latest["fingerprint"], &latest["complete"]), (&json!("one"), &json!(true)));
    assert_eq!(latest["builds"][0]["images"][0]["region"], "us-east-1");
    assert_eq!(bucket["platforms"], json!(["aws"]));
}

#[test]
fn a_bucket_that_is_there_is_told_by_the_code_at_which_packer_goes_on() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let (status, code, message) = packer.refused(Method::PUT, "/images", &json!({"bucket_slug": "web"}));
    assert_eq!((status, code), (409, 6), "{message}");
    let (status, code, message) = packer.refused(Method::GET, "/images/app", &Value::Null);
    assert_eq!((status, code), (404, 5), "{message}");
}

#[test]
fn a_bucket_is_asked_for_by_its_id_beside_its_name() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let bucket = packer.get("/images/web")["bucket"].clone();
    let by_id = packer.get(&format!("/images/web?bucket_id={}", bucket["id"].as_str().unwrap()));
    assert_eq!(by_id["bucket"], bucket);
    let (status, code, message) = packer.refused(Method::GET, "/images/web?bucket_id=other", &Value::Null);
    assert_eq!((status, code), (404, 5), "{message}");
}

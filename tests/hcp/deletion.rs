use axum::http::Method;
use serde_json::{Value, json};

use super::project::{Packer, Project};

fn delete(packer: &Packer<'_>, path: &str) -> (u16, Value) {
    packer.call(Method::DELETE, path, &Value::Null)
}

const DONE: u16 = 200;

#[test]
fn a_bucket_goes_with_all_that_is_in_it() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    assert_eq!(delete(&packer, "/buckets/web"), (DONE, json!({})));
    assert_eq!(packer.refused(Method::GET, "/buckets/web", &Value::Null).1, 5);
    assert_eq!(packer.refused(Method::DELETE, "/buckets/web", &Value::Null).1, 5);
    packer.bucket();
    assert_eq!(packer.get("/buckets/web")["bucket"]["version_count"], "0");
}

#[test]
fn a_version_goes_only_where_its_channels_may_roll_back() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    packer.complete("two");
    packer.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "one"}));
    packer.patch("/buckets/web/channels/stable", &json!({"version_fingerprint": "two"}));
    let (status, code, message) = packer.refused(Method::DELETE, "/buckets/web/versions/two", &Value::Null);
    assert_eq!((status, code), (400, 9), "{message}");
    assert_eq!(delete(&packer, "/buckets/web/versions/two?rollback_channels=true"), (DONE, json!({})));
    assert_eq!(packer.refused(Method::GET, "/buckets/web/versions/two", &Value::Null).1, 10);
    assert_eq!(packer.refused(Method::DELETE, "/buckets/web/versions/two", &Value::Null).1, 5);
    assert_eq!(packer.get("/buckets/web/channels/stable")["channel"]["version"]["fingerprint"], "one");
    assert_eq!(packer.get("/buckets/web/versions")["versions"].as_array().unwrap().len(), 1);
}

#[test]
fn a_build_goes_while_its_version_is_incomplete() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let builds = packer.version("one", &["x", "y"]);
    let path = |build: &str| format!("/buckets/web/versions/one/builds/{build}");
    assert_eq!(delete(&packer, &path(&builds[1])), (DONE, json!({})));
    assert_eq!(packer.refused(Method::GET, &path(&builds[1]), &Value::Null).1, 5);
    packer.finish("one", &builds[0]);
    assert_eq!(packer.refused(Method::DELETE, &path(&builds[0]), &Value::Null).1, 9);
}

#[test]
fn a_channel_goes_with_its_history_and_latest_stays() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    packer.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "one"}));
    assert_eq!(delete(&packer, "/buckets/web/channels/stable"), (DONE, json!({})));
    packer.post("/buckets/web/channels", &json!({"name": "stable"}));
    assert_eq!(packer.get("/buckets/web/channels/stable/history")["count"], 0);
    assert_eq!(packer.refused(Method::DELETE, "/buckets/web/channels/latest", &Value::Null).1, 9);
}

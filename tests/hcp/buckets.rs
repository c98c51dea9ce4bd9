use axum::http::Method;
use serde_json::{Value, json};

use super::project::Project;

#[test]
fn a_bucket_is_created_read_and_described() {
    let project = Project::start();
    let packer = project.owner();
    let made = packer.put("/buckets", &json!({"name": "web", "description": "a\nb\n", "labels": {"team": "blue"}}));
    let bucket = &made["bucket"];
    assert_eq!(bucket["location"], packer.location());
    let project_id = packer.location()["project_id"].as_str().unwrap().to_owned();
    assert_eq!(bucket["resource_name"], format!("packer/project/{project_id}/bucket/web"));
    assert_eq!(bucket["id"].as_str().unwrap().len(), 26, "{bucket}");
    assert_eq!(bucket["version_count"], "0", "numbers of 64 bits are strings");
    assert_eq!((&bucket["description"], &bucket["labels"]), (&json!("a\nb\n"), &json!({"team": "blue"})));
    assert_eq!((&bucket["platforms"], &bucket["latest_version"]), (&json!([]), &Value::Null));
    assert_eq!(packer.get("/buckets/web"), made);

    let updated = packer.patch("/buckets/web", &json!({"description": "c", "platforms": null}));
    assert_eq!(updated["bucket"]["description"], "c");
    assert_eq!(updated["bucket"]["labels"], json!({"team": "blue"}), "what is left out stays");
    let updated = packer.patch("/buckets/web", &json!({"labels": {"team": "red"}, "platforms": ["aws"]}));
    assert_eq!((&updated["bucket"]["description"], &updated["bucket"]["labels"]["team"]), (&json!("c"), &json!("red")));
}

#[test]
fn a_bucket_knows_its_latest_version_and_the_platforms_of_that() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    packer.version("two", &["file.x"]);
    let bucket = &packer.get("/buckets/web")["bucket"];
    assert_eq!(bucket["version_count"], "2");
    assert_eq!(bucket["latest_version"]["fingerprint"], "one");
    assert_eq!((&bucket["latest_version"]["name"], &bucket["platforms"]), (&json!("v1"), &json!(["aws"])));
    packer.put("/buckets", &json!({"name": "app"}));
    let listed = packer.get("/buckets");
    assert_eq!(listed["buckets"][1], *bucket);
    assert_eq!((&listed["buckets"][0]["name"], &listed["buckets"][0]["latest_version"]), (&json!("app"), &Value::Null));
}

#[test]
fn a_bucket_that_is_there_already_is_not_created_again() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let (status, code, message) = packer.refused(Method::PUT, "/buckets", &json!({"name": "web"}));
    assert_eq!((status, code), (409, 6), "{message}");
}

#[test]
fn a_bucket_that_is_missing_is_not_found_which_makes_packer_create_it() {
    let project = Project::start();
    let packer = project.owner();
    let (status, code, message) = packer.refused(Method::GET, "/buckets/web", &Value::Null);
    assert_eq!((status, code, message.as_str()), (404, 5, "bucket web does not exist; there are no buckets yet"));
    assert_eq!(packer.refused(Method::PATCH, "/buckets/web", &json!({"description": "x"})).1, 5);
}

#[test]
fn who_may_only_read_is_told_so() {
    let project = Project::start();
    project.owner().bucket();
    let viewer = project.principal("viewer");
    assert_eq!(viewer.get("/buckets/web")["bucket"]["name"], "web");
    let (status, code, message) = viewer.refused(Method::PUT, "/buckets", &json!({"name": "app"}));
    assert_eq!((status, code), (403, 7), "{message}");
}

#[test]
fn a_project_has_its_registry() {
    let project = Project::start();
    let packer = project.owner();
    let registry = packer.get("/registry");
    let registry = &registry["registry"];
    assert_eq!(registry["location"], packer.location());
    assert_eq!(registry["id"].as_str().unwrap().len(), 26, "{registry}");
    assert_eq!(
        registry["config"],
        json!({"activated": true, "feature_tier": "STANDARD", "tfc_run_task_config": {"on_untracked_image": "WARN"}})
    );
}

#[test]
fn no_provisioner_is_forced_upon_a_bucket() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    assert_eq!(packer.get("/enforced_blocks/bucket/web"), json!({"enforced_block_detail": []}));
    assert_eq!(packer.refused(Method::GET, "/enforced_blocks/bucket/app", &Value::Null).1, 5);
}

use axum::http::Method;
use serde_json::{Value, json};

use super::project::{Packer, Project, RUN};

/// The version `one` of the bucket `web`, and `two` of the bucket `app` that was built from it as channel `stable` had it.
fn with_a_child(packer: &Packer<'_>) {
    packer.bucket();
    packer.complete("one");
    let channel = packer.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "one"}));
    let parent = packer.get("/buckets/web/versions/one")["version"]["id"].clone();
    packer.put("/buckets", &json!({"name": "app"}));
    packer.post("/buckets/app/versions", &json!({"fingerprint": "two", "template_type": "HCL2"}));
    let announced = json!({"component_type": "amazon-ebs.app", "packer_run_uuid": RUN, "status": "BUILD_UNSET"});
    let build = packer.post("/buckets/app/versions/two/builds", &announced)["build"]["id"].clone();
    let done = json!({
        "status": "BUILD_DONE", "platform": "aws", "parent_version_id": parent,
        "parent_channel_id": channel["channel"]["id"],
        "artifacts": [{"external_identifier": "ami-app", "region": "us-east-1"}],
    });
    packer.patch(&format!("/buckets/app/versions/two/builds/{}", build.as_str().unwrap()), &done);
}

#[test]
fn a_child_is_up_to_date_until_its_channel_moves_on() {
    let project = Project::start();
    let packer = project.owner();
    with_a_child(&packer);
    let ancestry = packer.get("/buckets/app/ancestry?type=ANCESTRY_TYPE_PARENTS");
    assert_eq!(ancestry["total_count"], 1);
    let relation = &ancestry["relations"][0];
    assert_eq!(relation["status"], "UP_TO_DATE");
    let (parent, child) = (&relation["parent"], &relation["child"]);
    assert_eq!((&parent["bucket_name"], &parent["version_name"]), (&json!("web"), &json!("v1")));
    assert_eq!((&parent["channel_name"], &parent["channel_version"]["name"]), (&json!("stable"), &json!("v1")));
    assert_eq!((&child["bucket_name"], &child["version_fingerprint"]), (&json!("app"), &json!("two")));

    let version = packer.get("/buckets/app/versions/two")["version"].clone();
    assert_eq!((&version["parents"]["status"], &version["has_descendants"]), (&json!("UP_TO_DATE"), &json!(false)));
    let href = version["parents"]["href"].as_str().unwrap();
    let path = packer.path("/buckets/app/ancestry?type=ANCESTRY_TYPE_PARENTS&version_fingerprint=two");
    assert!(href.starts_with("https://") && href.ends_with(&path), "{href}");
    assert_eq!(packer.get("/buckets/web/versions/one")["version"]["has_descendants"], true);

    packer.complete("three");
    packer.patch("/buckets/web/channels/stable", &json!({"version_fingerprint": "three"}));
    let of_parent = packer.get("/buckets/web/ancestry?type=ANCESTRY_TYPE_CHILDREN&channel_name=stable");
    let relation = &of_parent["relations"][0];
    assert_eq!((&relation["status"], &relation["parent"]["version_name"]), (&json!("OUT_OF_DATE"), &json!("v1")));
    assert_eq!(relation["parent"]["channel_version"]["fingerprint"], "three");
    let (web, app) = (packer.get("/buckets/web")["bucket"].clone(), packer.get("/buckets/app")["bucket"].clone());
    assert_eq!((&web["children"]["status"], web.get("parents")), (&json!("OUT_OF_DATE"), None));
    assert_eq!((&app["parents"]["status"], app.get("children")), (&json!("OUT_OF_DATE"), None));
}

#[test]
fn relations_of_one_version_are_asked_for_by_its_fingerprint() {
    let project = Project::start();
    let packer = project.owner();
    with_a_child(&packer);
    packer.complete("three");
    assert_eq!(packer.get("/buckets/web/ancestry?version_fingerprint=one")["total_count"], 1);
    assert_eq!(packer.get("/buckets/web/ancestry?version_fingerprint=three")["relations"], json!([]));
    let (status, code, message) =
        packer.refused(Method::GET, "/buckets/web/ancestry?version_fingerprint=none", &Value::Null);
    assert_eq!((status, code), (404, 5), "{message}");
    let (status, code, message) = packer.refused(Method::GET, "/buckets/web/ancestry?type=UNCLES", &Value::Null);
    assert_eq!((status, code), (400, 3), "{message}");
}

#[test]
fn an_image_is_found_by_its_identifier_with_its_version_and_bucket() {
    let project = Project::start();
    let packer = project.owner();
    with_a_child(&packer);
    let search = |body: &Value| packer.post("/_search/external_artifact", body)["artifacts"].clone();
    let found = search(&json!({"external_identifier": "ami-app", "platform": "aws", "region": "us-east-1"}));
    let found = &found[0];
    assert_eq!((&found["bucket"]["name"], &found["version"]["name"]), (&json!("app"), &json!("v1")));
    assert_eq!(found["version"]["status"], "VERSION_ACTIVE");
    assert_eq!(found["build"]["artifacts"][0]["external_identifier"], "ami-app");
    assert_eq!(search(&json!({"external_identifier": "ami-app", "region": "eu-west-1"})), json!([]));
    assert_eq!(search(&json!({"external_identifier": "ami-none"})), json!([]));
    let (status, code, message) = packer.refused(Method::POST, "/_search/external_artifact", &json!({}));
    assert_eq!((status, code), (400, 3), "{message}");
}

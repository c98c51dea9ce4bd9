use axum::http::Method;
use serde_json::{Value, json};

use super::project::Project;

#[test]
fn a_registry_has_a_tier_and_is_active() {
    let project = Project::start();
    let packer = project.owner();
    let registry = packer.get("/registry")["registry"].clone();
    assert_eq!(registry["location"], packer.location());
    assert_eq!(registry["config"]["activated"], true);
    assert_eq!(registry["config"]["feature_tier"], "STANDARD");

    let created = packer.put("/registry", &json!({"feature_tier": "PLUS"}));
    assert_eq!((&created["registry"]["id"], &created["operation"]["state"]), (&registry["id"], &json!("DONE")));
    let (status, code, message) = packer.refused(Method::PUT, "/registry", &json!({"feature_tier": "PLUS"}));
    assert_eq!((status, code), (409, 6), "{message}");
    packer.patch("/registry", &json!({"feature_tier": "STANDARD", "update_mask": "featureTier"}));
    assert_eq!(packer.get("/registry")["registry"]["config"]["feature_tier"], "STANDARD");
}

#[test]
fn a_registry_is_deactivated_by_a_mask_alone() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    packer.patch("/registry", &json!({"feature_tier": "PLUS"}));
    assert_eq!(packer.get("/registry")["registry"]["config"]["activated"], true, "activated was left out, and no mask");
    let deactivated = packer.patch("/registry", &json!({"update_mask": "config.activated"}));
    let config = &deactivated["registry"]["config"];
    assert!(config["activated"] == false && config["billing_deprovision"]["reason"] == "USER_REQUEST", "{config}");
    for (method, path) in [
        (Method::GET, "/buckets/web/versions/one"),
        (Method::GET, "/buckets/web/channels/latest"),
        (Method::PUT, "/buckets"),
    ] {
        let (status, code, message) = packer.refused(method, path, &json!({"name": "other"}));
        assert_eq!((status, code), (400, 9), "{message}");
        assert!(message.contains("was deactivated"), "{message}");
    }
    packer.patch("/registry", &json!({"activated": true, "update_mask": "activated"}));
    assert_eq!(packer.get("/buckets/web/channels/latest")["channel"]["version"]["fingerprint"], "one");
}

#[test]
fn a_registry_is_deleted_with_its_buckets_once_it_is_out_of_use() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let (status, code, message) = packer.refused(Method::DELETE, "/registry", &Value::Null);
    assert_eq!((status, code), (400, 9), "{message}");
    packer.patch("/registry", &json!({"update_mask": "activated"}));
    assert_eq!(packer.call(Method::DELETE, "/registry", &Value::Null).0, 200);
    let (status, code, message) = packer.refused(Method::GET, "/registry", &Value::Null);
    assert_eq!((status, code), (404, 5), "{message}");
    packer.put("/registry", &json!({}));
    assert_eq!(packer.get("/buckets")["buckets"], json!([]));
}

#[test]
fn terraform_is_told_the_address_of_the_run_task_and_its_key() {
    let project = Project::start();
    let packer = project.owner();
    let task = packer.get("/runtasks/validation");
    let address = task["api_url"].as_str().unwrap();
    assert!(address.starts_with("https://localhost"), "{address}");
    assert!(address.contains("/packer/2023-01-01/terraform-cloud/validation/"), "{address}");
    assert_eq!(packer.get("/runtasks/validation"), task);
    let key = packer.patch("/runtasks/hmac", &json!({}))["hmac_key"].clone();
    assert_ne!(key, task["hmac_key"]);
    let exchanged = packer.get("/runtasks/validation");
    assert_eq!((&exchanged["hmac_key"], &exchanged["api_url"]), (&key, &task["api_url"]));
    let (status, code, message) = packer.refused(Method::GET, "/runtasks/other", &Value::Null);
    assert_eq!((status, code), (404, 5), "{message}");
    let viewer = project.principal("viewer");
    let (status, code, message) = viewer.refused(Method::GET, "/runtasks/validation", &Value::Null);
    assert_eq!((status, code), (403, 7), "{message}");
}

#[test]
fn what_a_run_task_says_of_unknown_images_is_kept() {
    let project = Project::start();
    let packer = project.owner();
    assert_eq!(packer.get("/runtasks/config"), json!({"on_untracked_image": "WARN"}));
    let fail = json!({"on_untracked_image": "FAIL"});
    assert_eq!(packer.patch("/runtasks/config", &fail), fail);
    assert_eq!(packer.get("/runtasks/config"), fail);
    assert_eq!(packer.patch("/runtasks/config", &json!({})), fail, "what is not said does not change");
}

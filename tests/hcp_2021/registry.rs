use axum::http::Method;
use serde_json::{Value, json};

use super::image::create_bucket;
use crate::hcp::project::Project;

#[test]
fn a_registry_is_created_with_a_tier_and_taken_into_use_again() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    let registry = packer.get("/registry")["registry"].clone();
    assert_eq!((&registry["location"], &registry["config"]["activated"]), (&packer.location(), &json!(true)));
    let created = packer.put("/registry", &json!({"feature_tier": "PLUS"}));
    assert_eq!((&created["registry"]["id"], &created["operation"]["state"]), (&registry["id"], &json!("DONE")));
    let set = packer.patch("/registry", &json!({"feature_tier": "STANDARD"}));
    assert_eq!(set["registry"]["config"]["feature_tier"], "STANDARD");

    create_bucket(&packer);
    assert_eq!(packer.patch("/registry", &json!({"activate": false}))["registry"]["config"]["activated"], false);
    for (method, path) in [(Method::PUT, "/images"), (Method::GET, "/images/web/channels/latest")] {
        let (status, code, message) = packer.refused(method, path, &json!({"bucket_slug": "app"}));
        assert_eq!((status, code, message.contains("was deactivated")), (400, 9, true), "{message}");
    }
    assert_eq!(packer.patch("/registry", &json!({"activate": true}))["registry"]["config"]["activated"], true);
    packer.get("/images/web/channels/latest");
}

#[test]
fn a_registry_is_deleted_once_it_is_out_of_use() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    assert_eq!(packer.refused(Method::DELETE, "/registry", &Value::Null).1, 9);
    packer.patch("/registry", &json!({"activate": false}));
    let (status, deleted) = packer.call(Method::DELETE, "/registry?hard_delete=true", &Value::Null);
    assert_eq!((status, &deleted["operation"]["state"]), (200, &json!("DONE")));
    assert_eq!(packer.refused(Method::GET, "/registry", &Value::Null).1, 5);
    packer.put("/registry", &json!({}));
    assert_eq!(packer.get("/images")["buckets"], json!([]));
}

#[test]
fn the_run_task_is_the_one_of_the_newer_api() {
    let project = Project::start();
    let (old, new) = (project.owner().of_2021(), project.owner());
    let task = new.get("/runtasks/validation");
    assert_eq!(old.get("/runtasks/validation"), task);
    let key = old.patch("/runtasks/hmac", &json!({}))["hmac_key"].clone();
    assert_ne!(key, task["hmac_key"]);
    assert_eq!(new.get("/runtasks/validation")["hmac_key"], key);
}

//! One registry behind two versions of the API.

use serde_json::json;

use super::image::{complete, create_bucket, iteration};
use crate::hcp::project::Project;

#[test]
fn what_is_recorded_by_the_old_api_is_read_by_the_new_one() {
    let project = Project::start();
    let (old, new) = (project.owner().of_2021(), project.owner());
    create_bucket(&old);
    let id = complete(&old, "one");
    old.post("/images/web/channels", &json!({"slug": "stable", "fingerprint": "one"}));
    let version = new.get("/buckets/web/versions/one")["version"].clone();
    assert_eq!((&version["id"], &version["name"]), (&json!(id), &json!("v1")));
    let (build, seen) = (&version["builds"][0], &iteration(&old, "one")["builds"][0]);
    assert_eq!((&build["status"], &seen["status"]), (&json!("BUILD_DONE"), &json!("DONE")));
    for (new, old) in [
        ("id", "id"),
        ("platform", "cloud_provider"),
        ("component_type", "component_type"),
        ("labels", "labels"),
        ("packer_run_uuid", "packer_run_uuid"),
        ("created_at", "created_at"),
    ] {
        assert_eq!(build[new], seen[old], "{new}");
    }
    let (artifact, image) = (&build["artifacts"][0], &seen["images"][0]);
    assert_eq!((&artifact["id"], &artifact["external_identifier"]), (&image["id"], &image["image_id"]));
    assert_eq!(new.get("/buckets/web/channels/stable")["channel"]["version"]["id"], id);
}

#[test]
fn what_is_recorded_by_the_new_api_is_read_by_the_old_one() {
    let project = Project::start();
    let (old, new) = (project.owner().of_2021(), project.owner());
    new.bucket();
    new.complete("one");
    new.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "one"}));
    new.patch("/buckets/web/versions/one", &json!({"revoke_at": "2999-01-01T00:00:00Z"}));
    let version = new.get("/buckets/web/versions/one")["version"].clone();
    let seen = old.get("/images/web/channels/stable")["channel"]["iteration"].clone();
    assert_eq!((&seen["incremental_version"], &seen["complete"]), (&json!(1), &json!(true)));
    for field in ["id", "fingerprint", "author_id", "revoke_at", "revocation_author", "created_at", "updated_at"] {
        assert!(!seen[field].is_null() && seen[field] == version[field], "{field}: {seen} {version}");
    }
    let image = &seen["builds"][0]["images"][0];
    assert_eq!(image["image_id"], version["builds"][0]["artifacts"][0]["external_identifier"]);
}

use axum::http::Method;
use serde_json::{Value, json};

use super::project::Project;

const CHANNELS: &str = "/buckets/web/channels";

#[test]
fn latest_is_managed_and_hidden_and_follows_the_newest_complete_version() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let latest = packer.get("/buckets/web/channels/latest")["channel"].clone();
    assert_eq!((&latest["managed"], &latest["restricted"]), (&json!(true), &json!(true)));
    assert!(latest.get("version").is_none(), "{latest}");
    packer.complete("one");
    packer.complete("two");
    let latest = packer.get("/buckets/web/channels/latest")["channel"].clone();
    assert_eq!((&latest["version"]["fingerprint"], &latest["bucket_name"]), (&json!("two"), &json!("web")));
    assert_eq!(latest["version"]["builds"][0]["artifacts"][0]["region"], "us-east-1");
    let move_it = json!({"version_fingerprint": "one", "update_mask": "versionFingerprint"});
    assert_eq!(packer.refused(Method::PATCH, "/buckets/web/channels/latest", &move_it).1, 9);
    let shown = packer.patch("/buckets/web/channels/latest", &json!({"update_mask": "restricted"}));
    assert_eq!(shown["channel"]["restricted"], false);
}

#[test]
fn a_channel_is_assigned_and_unassigned_by_the_mask() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    let made = packer.post(CHANNELS, &json!({"name": "stable"}));
    assert_eq!((&made["channel"]["restricted"], &made["channel"]["managed"]), (&json!(false), &json!(false)));
    assert!(made["channel"].get("version").is_none(), "{made}");
    let stable = format!("{CHANNELS}/stable");
    for mask in ["versionFingerprint", "version_fingerprint", "config.versionFingerprint"] {
        let assigned = packer.patch(&stable, &json!({"version_fingerprint": "one", "update_mask": mask}));
        assert_eq!(assigned["channel"]["version"]["name"], "v1", "{mask}");
        let unassigned = packer.patch(&stable, &json!({"update_mask": mask}));
        assert!(unassigned["channel"].get("version").is_none(), "{mask}: {unassigned}");
    }
    let both =
        json!({"version_fingerprint": "one", "restricted": true, "update_mask": "restricted,versionFingerprint"});
    let channel = packer.patch(&stable, &both)["channel"].clone();
    assert_eq!((&channel["restricted"], &channel["version"]["fingerprint"]), (&json!(true), &json!("one")));
    let channel = packer.patch(&stable, &json!({"update_mask": "restricted"}))["channel"].clone();
    assert_eq!((&channel["restricted"], &channel["version"]["fingerprint"]), (&json!(false), &json!("one")));
    let (status, code, message) = packer.refused(Method::PATCH, &stable, &json!({"update_mask": "name"}));
    assert_eq!((status, code), (400, 3));
    assert!(message.starts_with("update_mask: \"name\" cannot be changed here"), "{message}");
}

#[test]
fn a_channel_points_at_complete_versions_only() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.version("one", &["file.x"]);
    let create = json!({"name": "stable", "version_fingerprint": "one"});
    let (status, code, message) = packer.refused(Method::POST, CHANNELS, &create);
    assert_eq!((status, code), (400, 9));
    assert!(message.starts_with("Error creating channel: iteration is incomplete. It misses file.x;"), "{message}");
    packer.post(CHANNELS, &json!({"name": "stable"}));
    let assign = json!({"version_fingerprint": "one", "update_mask": "versionFingerprint"});
    let (status, code, message) = packer.refused(Method::PATCH, "/buckets/web/channels/stable", &assign);
    assert_eq!((status, code), (400, 9));
    assert!(message.starts_with("Error updating channel: iteration is incomplete."), "{message}");
}

#[test]
fn a_fingerprint_that_is_missing_is_told_in_the_words_that_terraform_knows() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let words = "version with fingerprint (fingerprint: gone) does not exist";
    let create = json!({"name": "stable", "version_fingerprint": "gone"});
    let (status, code, message) = packer.refused(Method::POST, CHANNELS, &create);
    assert_eq!((status, code, message.contains(words)), (404, 5, true), "{message}");
    packer.post(CHANNELS, &json!({"name": "stable"}));
    let assign = json!({"version_fingerprint": "gone", "update_mask": "versionFingerprint"});
    let (_, code, message) = packer.refused(Method::PATCH, "/buckets/web/channels/stable", &assign);
    assert_eq!((code, message.contains(words)), (5, true), "{message}");
    let (_, code, message) = packer.refused(Method::PATCH, "/buckets/app/channels/stable", &assign);
    assert_eq!((code, message.contains("bucket app")), (5, true), "{message}");
}

#[test]
fn a_channel_that_is_missing_is_not_created_by_assigning_it() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    let assign = json!({"version_fingerprint": "one", "update_mask": "versionFingerprint"});
    let (status, code, message) = packer.refused(Method::PATCH, "/buckets/web/channels/stable", &assign);
    assert_eq!((status, code), (404, 5));
    assert!(message.starts_with("channel stable of bucket web does not exist"), "{message}");
}

#[test]
fn a_channel_is_there_only_once() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.post(CHANNELS, &json!({"name": "stable", "restricted": true}));
    assert_eq!(packer.refused(Method::POST, CHANNELS, &json!({"name": "stable"})).1, 6);
    let (status, code, _) = packer.refused(Method::POST, CHANNELS, &json!({"name": "latest"}));
    assert_eq!((status, code), (409, 6));
}

#[test]
fn what_is_restricted_is_not_there_for_those_who_may_only_read() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.post(CHANNELS, &json!({"name": "stable"}));
    packer.post(CHANNELS, &json!({"name": "secret", "restricted": true}));
    let viewer = project.principal("viewer");
    let seen = |packer: &super::project::Packer<'_>| -> Vec<String> {
        let listed = packer.get(CHANNELS);
        listed["channels"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (seen(&packer), seen(&viewer)),
        (vec!["latest".into(), "secret".into(), "stable".into()], vec!["stable".into()])
    );
    assert_eq!(viewer.refused(Method::GET, "/buckets/web/channels/secret", &Value::Null).1, 5);
}

#[test]
fn a_promotion_points_one_channel_at_what_another_one_points_at() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    for name in ["staging", "production", "assign"] {
        packer.post(CHANNELS, &json!({"name": name}));
    }
    packer.patch("/buckets/web/channels/staging", &json!({"version_fingerprint": "one"}));
    let promote = json!({"source_channel": "staging", "target_channel": "production"});
    let promoted = packer.post("/buckets/web/channels/assign", &promote);
    assert_eq!((&promoted["fingerprint"], &promoted["version"]["name"]), (&json!("one"), &json!("v1")));
    assert_eq!(promoted["source_channel"]["name"], "staging");
    assert_eq!(promoted["target_channel"], packer.get("/buckets/web/channels/production")["channel"]);
    let nothing = json!({"source_channel": "assign", "target_channel": "production"});
    assert_eq!(packer.refused(Method::POST, "/buckets/web/channels/assign", &nothing).1, 5);
    let managed = json!({"source_channel": "staging", "target_channel": "latest"});
    assert_eq!(packer.refused(Method::POST, "/buckets/web/channels/assign", &managed).1, 9);
    assert_eq!(packer.get("/buckets/web/channels/assign")["channel"]["name"], "assign");
    assert_eq!(packer.refused(Method::POST, "/buckets/web/channels/staging", &promote).1, 12);
}

#[test]
fn the_history_of_a_channel_is_read_newest_first_and_in_pages() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    packer.complete("two");
    packer.post(CHANNELS, &json!({"name": "stable", "version_fingerprint": "one"}));
    packer.patch("/buckets/web/channels/stable", &json!({"version_fingerprint": "two"}));
    packer.patch("/buckets/web/channels/stable", &json!({"update_mask": "versionFingerprint"}));
    let history = packer.get("/buckets/web/channels/stable/history");
    let names: Vec<&Value> =
        history["history"].as_array().unwrap().iter().map(|entry| &entry["version"]["fingerprint"]).collect();
    assert_eq!((names, &history["count"]), (vec![&Value::Null, &json!("two"), &json!("one")], &json!(3)));
    assert_eq!(history["history"][0]["author_id"], "owner");
    let first = packer.get("/buckets/web/channels/stable/history?pagination.page_size=2");
    let token = first["pagination"]["next_page_token"].as_str().unwrap();
    let second = packer.get(&format!("/buckets/web/channels/stable/history?pagination.next_page_token={token}"));
    assert_eq!((second["history"][0].clone(), &second["count"]), (history["history"][2].clone(), &json!(3)));
    assert_eq!(second["history"].as_array().unwrap().len(), 1);
}

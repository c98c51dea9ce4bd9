use axum::http::Method;
use serde_json::{Value, json};

use super::image::{complete, create_bucket, create_build, create_iteration};
use crate::hcp::project::Project;

const CHANNELS: &str = "/images/web/channels";
const STABLE: &str = "/images/web/channels/stable";

#[test]
fn a_channel_shows_its_iteration_in_both_places_where_clients_look() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    complete(&packer, "one");
    let made = packer.post(CHANNELS, &json!({"slug": "stable", "fingerprint": "one", "restriction": "RESTRICTED"}));
    let channel = &made["channel"];
    assert_eq!((&channel["slug"], &channel["bucket_slug"]), (&json!("stable"), &json!("web")));
    assert_eq!((&channel["restricted"], &channel["managed"]), (&json!(true), &json!(false)));
    let iteration = &channel["iteration"];
    assert_eq!((&iteration["incremental_version"], &iteration["complete"]), (&json!(1), &json!(true)));
    assert_eq!(iteration["builds"][0]["images"][0]["region"], "us-east-1");
    assert_eq!((&channel["pointer"]["iteration"], &channel["pointer"]["author_id"]), (iteration, &json!("owner")));
    assert_eq!(packer.get(STABLE), made);
    let listed = packer.get(CHANNELS);
    assert_eq!((&listed["channels"][1], &listed["channels"][0]["slug"]), (channel, &json!("latest")));
}

#[test]
fn a_channel_is_assigned_by_each_name_of_an_iteration_and_unassigned_by_the_mask() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    complete(&packer, "one");
    let two = complete(&packer, "two");
    packer.post(CHANNELS, &json!({"slug": "stable"}));
    for (body, wanted) in [
        (json!({"iteration_id": two, "mask": "iterationId"}), json!("two")),
        (json!({"incremental_version": 1, "mask": "incrementalVersion"}), json!("one")),
        (json!({"fingerprint": "two", "mask": "fingerprint,restriction"}), json!("two")),
        (json!({"fingerprint": "one"}), json!("one")),
        (json!({"restriction": "RESTRICTED"}), json!("one")),
        (json!({"mask": "fingerprint"}), Value::Null),
    ] {
        let channel = packer.patch(STABLE, &body)["channel"].clone();
        assert_eq!(channel["iteration"]["fingerprint"], wanted, "{body}");
        assert_eq!(channel.get("pointer").is_some(), !wanted.is_null(), "{body}");
    }
    assert_eq!(packer.get(STABLE)["channel"]["restricted"], true);
    let open = packer.patch(STABLE, &json!({"restriction": "UNRESTRICTED", "mask": "restriction"}));
    assert_eq!(open["channel"]["restricted"], false);
    let (_, code, message) = packer.refused(Method::PATCH, STABLE, &json!({"mask": "slug"}));
    assert_eq!((code, message.starts_with("mask: \"slug\" cannot be changed here")), (3, true), "{message}");
    let (_, code, message) = packer.refused(Method::PATCH, STABLE, &json!({"restriction": "SECRET"}));
    assert_eq!((code, message.starts_with("restriction: \"SECRET\" is not known")), (3, true), "{message}");
}

#[test]
fn a_channel_points_at_complete_iterations_only_and_is_there_once() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = create_iteration(&packer, "web", "one");
    create_build(&packer, "web", &id, "file.x");
    let (status, code, message) =
        packer.refused(Method::POST, CHANNELS, &json!({"slug": "stable", "iteration_id": id}));
    assert_eq!((status, code), (400, 9));
    assert!(message.starts_with("Error creating channel: iteration is incomplete. It misses file.x;"), "{message}");
    packer.post(CHANNELS, &json!({"slug": "stable"}));
    assert_eq!(packer.refused(Method::POST, CHANNELS, &json!({"slug": "stable"})).1, 6);
    let (status, code, message) = packer.refused(Method::PATCH, STABLE, &json!({"fingerprint": "gone"}));
    assert_eq!((status, code), (404, 5));
    assert!(message.starts_with("iteration with fingerprint (fingerprint: gone) does not exist"), "{message}");
    let (status, code, _) = packer.refused(Method::GET, "/images/web/channels/other", &Value::Null);
    assert_eq!((status, code), (404, 5));
}

#[test]
fn the_history_of_a_channel_is_read_newest_first_until_it_is_deleted() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    complete(&packer, "one");
    let two = complete(&packer, "two");
    packer.post(CHANNELS, &json!({"slug": "stable", "fingerprint": "one"}));
    packer.patch(STABLE, &json!({"fingerprint": "two"}));
    packer.patch(STABLE, &json!({"mask": "fingerprint"}));
    packer.patch(&format!("/iterations/{two}"), &json!({"revoke_at": "2999-01-01T00:00:00Z"}));
    let history = packer.get(&format!("{STABLE}/history"));
    let seen: Vec<Value> = history["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| json!([entry["iteration"]["fingerprint"], entry["iteration"]["status"]]))
        .collect();
    let wanted =
        [json!([null, null]), json!(["two", "ITERATION_REVOCATION_SCHEDULED"]), json!(["one", "ITERATION_ACTIVE"])];
    assert_eq!((seen.as_slice(), &history["count"]), (&wanted[..], &json!(3)));
    assert!(history["history"][0]["promoted_at"].is_string() && history["history"][0]["author_id"] == "owner");
    assert_eq!(packer.call(Method::DELETE, STABLE, &Value::Null), (200, json!({})));
    assert_eq!(packer.refused(Method::GET, &format!("{STABLE}/history"), &Value::Null).1, 5);
}

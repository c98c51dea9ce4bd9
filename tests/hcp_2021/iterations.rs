use axum::http::Method;
use serde_json::{Value, json};

use super::image::{complete, create_bucket, create_build, create_iteration, finish, iteration};
use crate::hcp::project::{Packer, Project};

#[test]
fn an_iteration_has_a_number_once_all_of_its_builds_are_done() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let made = packer.post("/images/web/iterations", &json!({"fingerprint": "one", "template_type": "JSON"}));
    let made = &made["iteration"];
    assert_eq!((&made["complete"], &made["incremental_version"]), (&json!(false), &json!(0)));
    assert_eq!((&made["template_type"], &made["bucket_slug"]), (&json!("JSON"), &json!("web")));
    assert_eq!((&made["builds"], &made["author_id"]), (&json!([]), &json!("owner")));
    assert!(made.get("revoke_at").is_none(), "a time that is not set is left out: {made}");
    let id = made["id"].as_str().unwrap();
    let builds = ["amazon-ebs.east", "amazon-ebs.west"].map(|name| create_build(&packer, "web", id, name));
    finish(&packer, &builds[0], &json!({}));
    assert_eq!(iteration(&packer, "one")["complete"], false);
    finish(&packer, &builds[1], &json!({}));
    let done = iteration(&packer, "one");
    assert_eq!((&done["complete"], &done["incremental_version"]), (&json!(true), &json!(1)));
    assert_eq!((&done["id"], &done["has_descendants"]), (&json!(id), &json!(false)));
    assert_eq!(done["builds"].as_array().unwrap().len(), 2);
}

#[test]
fn an_iteration_is_found_by_each_of_its_three_names() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = complete(&packer, "one");
    let by_fingerprint = packer.get("/images/web/iteration?fingerprint=one");
    assert_eq!(packer.get("/images/web/iteration?incremental_version=1"), by_fingerprint);
    assert_eq!(packer.get(&format!("/images/web/iteration?iteration_id={id}")), by_fingerprint);
    for (query, words) in [
        ("", "no iteration is named; send iteration_id, fingerprint or incremental_version"),
        ("?incremental_version=x", "incremental_version: \"x\" is no number; use 1 or more"),
        ("?iteration_id=x", "iteration_id: "),
        ("?fingerprint=-", "fingerprint: fingerprint \"-\" is not valid"),
    ] {
        let path = format!("/images/web/iteration{query}");
        let (status, code, message) = packer.refused(Method::GET, &path, &Value::Null);
        assert_eq!((status, code, message.starts_with(words)), (400, 3, true), "{path}: {message}");
    }
}

#[test]
fn an_iteration_that_is_missing_is_aborted_which_alone_makes_packer_create_it() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let unknown = "01KAPRA8QJ5W1N9J7Z0FQ2K8VD";
    for (query, name) in [
        ("fingerprint=one".to_owned(), "iteration with fingerprint (fingerprint: one)".to_owned()),
        ("incremental_version=7".to_owned(), "iteration with version (version: v7)".to_owned()),
        (format!("iteration_id={unknown}"), format!("iteration with id (id: {unknown})")),
    ] {
        let (status, code, message) =
            packer.refused(Method::GET, &format!("/images/web/iteration?{query}"), &Value::Null);
        assert_eq!((status, code), (409, 10), "{query}: {message}");
        assert_eq!(message, format!("{name} does not exist; list the iterations to see which there are"));
    }
    let (status, code, message) = packer.refused(Method::GET, "/images/app/iteration?fingerprint=one", &Value::Null);
    assert_eq!((status, code), (404, 5), "but a bucket that is missing is not found: {message}");
    create_iteration(&packer, "web", "one");
    let again = json!({"fingerprint": "one"});
    let (status, code, message) = packer.refused(Method::POST, "/images/web/iterations", &again);
    assert_eq!((status, code), (409, 6), "{message}");
}

#[test]
fn lists_of_iterations_say_how_their_builds_stand() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let first = complete(&packer, "one");
    let second = create_iteration(&packer, "web", "two");
    for (component, status) in
        [("file.a", "UNSET"), ("file.b", "RUNNING"), ("file.c", "FAILED"), ("file.d", "CANCELLED")]
    {
        let build = create_build(&packer, "web", &second, component);
        packer.patch(&format!("/builds/{build}"), &json!({"updates": {"status": status, "images": null}}));
    }
    let listed = packer.get("/images/web/iterations?sorting.order_by=incremental_version");
    let (incomplete, complete) = (&listed["iterations"][0], &listed["iterations"][1]);
    assert_eq!((&complete["id"], &complete["incremental_version"]), (&json!(first), &json!(1)));
    assert_eq!((&complete["build_statuses"], complete.get("builds")), (&json!({"amazon-ebs.east": "DONE"}), None));
    let wanted = json!({"file.a": "UNSET", "file.b": "RUNNING", "file.c": "FAILED", "file.d": "CANCELLED"});
    assert_eq!((&incomplete["id"], &incomplete["build_statuses"]), (&json!(second), &wanted));
}

#[test]
fn an_iteration_is_complete_by_request_only_where_nothing_of_it_is_missing() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let id = create_iteration(&packer, "web", "one");
    let built = create_build(&packer, "web", &id, "file.w");
    let missing = create_build(&packer, "web", &id, "file.x");
    finish(&packer, &built, &json!({}));
    let path = format!("/iterations/{id}");
    let (status, code, message) = packer.refused(Method::PATCH, &path, &json!({"complete": true}));
    assert_eq!((status, code), (400, 9), "{message}");
    assert!(message.starts_with("iteration one cannot be complete: it misses file.x;"), "{message}");
    packer.call(Method::DELETE, &format!("/builds/{missing}"), &Value::Null);
    assert_eq!(iteration(&packer, "one")["complete"], false);
    for _ in 0..2 {
        let answer = packer.patch(&path, &json!({"bucket_slug": "web", "complete": true}));
        assert_eq!((&answer["iteration"]["complete"], &answer["operation"]["state"]), (&json!(true), &json!("DONE")));
        assert_eq!(answer["iteration"]["incremental_version"], 1);
    }
}

/// A project whose channel `stable` pointed at `base`, and then at `one`; answers the id of `one`.
fn with_two_iterations(packer: &Packer<'_>) -> String {
    create_bucket(packer);
    complete(packer, "base");
    let one = complete(packer, "one");
    packer.post("/images/web/channels", &json!({"slug": "stable", "fingerprint": "base"}));
    packer.patch("/images/web/channels/stable", &json!({"iteration_id": one}));
    one
}

fn behind(packer: &Packer<'_>, channel: &str) -> Value {
    packer.get(&format!("/images/web/channels/{channel}"))["channel"]["iteration"]["fingerprint"].clone()
}

#[test]
fn a_revocation_turns_channels_back_only_where_it_is_asked_to() {
    for (rolls_back, stable) in [(true, "base"), (false, "one")] {
        let project = Project::start();
        let packer = project.owner().of_2021();
        let path = format!("/iterations/{}", with_two_iterations(&packer));
        let order = json!({"revoke_in": "0s", "revocation_message": "a hole", "rollback_channels": rolls_back});
        let revoked = packer.patch(&path, &order)["iteration"].clone();
        assert_eq!((&revoked["revocation_type"], &revoked["revocation_message"]), (&json!("MANUAL"), &json!("a hole")));
        assert!(revoked["revoke_at"].is_string() && revoked["revocation_author"] == "owner", "{revoked}");
        assert_eq!((behind(&packer, "stable"), behind(&packer, "latest")), (json!(stable), json!("base")));
        let restore = json!({"restore": true, "revoke_at": "0001-01-01T00:00:00.000Z"});
        let restored = packer.patch(&path, &restore)["iteration"].clone();
        assert!(restored.get("revoke_at").is_none(), "{restored}");
        assert_eq!(behind(&packer, "latest"), "one");
    }
}

#[test]
fn an_iteration_is_deleted_by_its_id_and_channels_may_turn_back() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    let one = with_two_iterations(&packer);
    let path = format!("/iterations/{one}");
    let (status, code, message) = packer.refused(Method::DELETE, &path, &Value::Null);
    assert_eq!((status, code), (400, 9), "{message}");
    let elsewhere = format!("{path}?bucket_slug=app&rollback_channels=true");
    assert_eq!(packer.refused(Method::DELETE, &elsewhere, &Value::Null).1, 5);
    let path = format!("{path}?bucket_slug=web&rollback_channels=true");
    assert_eq!(packer.call(Method::DELETE, &path, &Value::Null), (200, json!({})));
    assert_eq!(behind(&packer, "stable"), "base");
    let (status, code, message) = packer.refused(Method::PATCH, &format!("/iterations/{one}"), &json!({}));
    assert_eq!((status, code), (404, 5));
    assert_eq!(
        message,
        format!("iteration {one} does not exist; list the iterations of a bucket to see which there are")
    );
}

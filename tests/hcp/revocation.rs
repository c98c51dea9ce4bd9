use axum::http::Method;
use serde_json::{Value, json};

use super::project::{Packer, Project, RUN};

const ONE: &str = "/buckets/web/versions/one";

/// A project whose channel `stable` pointed at `base`, and then at `one`.
fn with_two_versions(packer: &Packer<'_>) {
    packer.bucket();
    packer.complete("base");
    packer.complete("one");
    packer.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "base"}));
    packer.patch("/buckets/web/channels/stable", &json!({"version_fingerprint": "one"}));
}

fn behind(packer: &Packer<'_>, channel: &str) -> Value {
    packer.get(&format!("/buckets/web/channels/{channel}"))["channel"]["version"]["fingerprint"].clone()
}

#[test]
fn a_version_is_revoked_at_once_and_its_channels_turn_back() {
    let project = Project::start();
    let packer = project.owner();
    with_two_versions(&packer);
    let revoked = packer.patch(ONE, &json!({"revoke_in": "0s", "revocation_message": "a hole"}));
    let version = &revoked["version"];
    assert_eq!((&version["status"], &version["revocation_type"]), (&json!("VERSION_REVOKED"), &json!("MANUAL")));
    assert_eq!((&version["revocation_message"], &version["revocation_author"]), (&json!("a hole"), &json!("owner")));
    assert_eq!((behind(&packer, "stable"), behind(&packer, "latest")), (json!("base"), json!("base")));
    assert_eq!(packer.get(ONE)["version"], *version);

    let operation = &revoked["operation"];
    assert_eq!((&operation["state"], &operation["location"]), (&json!("DONE"), &packer.location()));
    let place = packer.location();
    let (organization, project_id) =
        (place["organization_id"].as_str().unwrap(), place["project_id"].as_str().unwrap());
    let id = operation["id"].as_str().unwrap();
    let path = format!("/operation/2020-05-05/organizations/{organization}/projects/{project_id}/operations/{id}/wait");
    assert_eq!(packer.hcp().get(&path), (200, json!({"operation": operation})));

    let (status, code, message) = packer.refused(Method::PATCH, ONE, &json!({"revoke_in": "1d"}));
    assert_eq!((status, code), (400, 9), "{message}");
}

#[test]
fn a_revocation_without_rollback_leaves_the_channels_of_people_where_they_are() {
    let project = Project::start();
    let packer = project.owner();
    with_two_versions(&packer);
    packer.patch(ONE, &json!({"revoke_in": "0s", "disable_rollback_channels": true}));
    let channel = packer.get("/buckets/web/channels/stable")["channel"].clone();
    assert_eq!(
        (&channel["version"]["fingerprint"], &channel["version"]["status"]),
        (&json!("one"), &json!("VERSION_REVOKED"))
    );
    assert_eq!(behind(&packer, "latest"), "base");
}

#[test]
fn a_version_is_restored_by_what_go_clients_send() {
    let project = Project::start();
    let packer = project.owner();
    with_two_versions(&packer);
    let restore = json!({"restore": true, "revoke_at": "0001-01-01T00:00:00.000Z"});
    let (status, code, message) = packer.refused(Method::PATCH, ONE, &restore);
    assert_eq!((status, code), (400, 9), "{message}");
    packer.patch(ONE, &json!({"revoke_in": "0s"}));
    let restored = packer.patch(ONE, &restore);
    assert_eq!(restored["version"]["status"], "VERSION_ACTIVE");
    assert!(restored["version"].get("revoke_at").is_none(), "{restored}");
    assert_eq!((behind(&packer, "stable"), behind(&packer, "latest")), (json!("base"), json!("one")));
}

#[test]
fn a_revocation_may_be_for_later_and_is_taken_back_by_restoring() {
    let project = Project::start();
    let packer = project.owner();
    with_two_versions(&packer);
    let later = packer.patch(ONE, &json!({"revoke_at": "2999-01-01T00:00:00Z"}));
    assert_eq!(later["version"]["status"], "VERSION_REVOCATION_SCHEDULED");
    assert_eq!(later["version"]["revoke_at"], "2999-01-01T00:00:00.000Z");
    assert_eq!(behind(&packer, "latest"), "one", "until then it is in force");
    assert_eq!(packer.patch(ONE, &json!({"restore": true}))["version"]["status"], "VERSION_ACTIVE");
}

#[test]
fn what_was_built_from_a_revoked_version_inherits_that_and_says_from_which() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    let parent = packer.get(ONE)["version"]["id"].clone();
    let child = packer.version("child", &["x"]).remove(0);
    packer.patch(&format!("/buckets/web/versions/child/builds/{child}"), &json!({"parent_version_id": parent}));
    packer.finish("child", &child);
    packer.patch(ONE, &json!({"revoke_in": "0s"}));
    let version = packer.get("/buckets/web/versions/child")["version"].clone();
    assert_eq!((&version["status"], &version["revocation_type"]), (&json!("VERSION_REVOKED"), &json!("INHERITED")));
    assert_eq!(version["revocation_inherited_from"]["version_id"], parent);
    let (status, code, _) = packer.refused(Method::PATCH, "/buckets/web/versions/child", &json!({"restore": true}));
    assert_eq!((status, code), (400, 9));
    packer.patch(ONE, &json!({"restore": true}));
    assert_eq!(packer.get("/buckets/web/versions/child")["version"]["status"], "VERSION_ACTIVE");
}

/// A project whose bucket `app` has the version `child`, which was built from `one` of `web` and inherits its revocation;
/// its channel `stable` points at it still. Answers the id of `one`.
fn with_an_heir(packer: &Packer<'_>) -> Value {
    packer.bucket();
    packer.complete("one");
    let parent = packer.get(ONE)["version"]["id"].clone();
    packer.put("/buckets", &json!({"name": "app"}));
    packer.post("/buckets/app/versions", &json!({"fingerprint": "child"}));
    let build = json!({
        "component_type": "x", "packer_run_uuid": RUN, "status": "BUILD_DONE", "platform": "aws",
        "parent_version_id": parent, "artifacts": [{"external_identifier": "ami-1", "region": "us-east-1"}],
    });
    packer.post("/buckets/app/versions/child/builds", &build);
    packer.post("/buckets/app/channels", &json!({"name": "stable", "version_fingerprint": "child"}));
    packer.patch(ONE, &json!({"revoke_in": "0s", "disable_rollback_channels": true}));
    parent
}

#[test]
fn an_heir_says_where_the_version_is_that_it_inherits_from_by_both_apis() {
    let project = Project::start();
    let packer = project.owner();
    let parent = with_an_heir(&packer);
    let mut ancestor = json!({
        "version_id": parent, "bucket_name": "web", "version_name": "v1", "version_fingerprint": "one",
    });
    let listed = packer.get("/buckets/app/versions")["versions"][0].clone();
    let behind = packer.get("/buckets/app/channels/stable")["channel"]["version"].clone();
    for version in [listed, behind] {
        assert_eq!(version["revocation_inherited_from"], ancestor);
    }
    ancestor["href"] = format!("https://localhost{}", packer.path(ONE)).into();
    let version = packer.get("/buckets/app/versions/child")["version"].clone();
    assert_eq!(version["revocation_inherited_from"], ancestor);

    let packer = packer.of_2021();
    let mut ancestor = json!({
        "iteration_id": parent, "bucket_slug": "web", "iteration_incremental_version": 1, "iteration_fingerprint": "one",
    });
    let listed = packer.get("/images/app/iterations")["iterations"][0].clone();
    let behind = packer.get("/images/app/channels/stable")["channel"]["iteration"].clone();
    for iteration in [listed, behind] {
        assert_eq!(iteration["revocation_inherited_from"], ancestor);
    }
    let read = format!("/images/web/iteration?iteration_id={}", parent.as_str().unwrap());
    ancestor["href"] = format!("https://localhost{}", packer.path(&read)).into();
    let iteration = packer.get("/images/app/iteration?fingerprint=child")["iteration"].clone();
    assert_eq!(iteration["revocation_inherited_from"], ancestor);
    assert_eq!(packer.get(&read)["iteration"]["id"], parent);
}

#[test]
fn whoever_may_not_see_the_bucket_of_the_ancestor_is_told_its_id_alone() {
    let project = Project::start();
    let parent = with_an_heir(&project.owner());
    let viewer = project.principal_in("app", "viewer");
    for path in ["/buckets/app/versions/child", "/buckets/app/channels/stable"] {
        let answer = viewer.get(path);
        let version = if answer["version"].is_null() { &answer["channel"]["version"] } else { &answer["version"] };
        assert_eq!(version["revocation_inherited_from"], json!({"version_id": parent}), "{path}");
    }
    let viewer = viewer.of_2021();
    let iteration = viewer.get("/images/app/iteration?fingerprint=child")["iteration"].clone();
    assert_eq!(iteration["revocation_inherited_from"], json!({"iteration_id": parent}));
}

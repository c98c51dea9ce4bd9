use axum::http::Method;
use serde_json::{Value, json};

use super::project::{Project, RUN};

const BUILDS: &str = "/buckets/web/versions/one/builds";

#[test]
fn a_build_is_announced_and_has_a_status_from_the_first() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let id = packer.version("one", &["file.x"]).remove(0);
    let listed = packer.get(BUILDS);
    assert_eq!(listed["location"], packer.location());
    assert_eq!(listed["pagination"], json!({"next_page_token": "", "previous_page_token": ""}));
    let build = &listed["builds"][0];
    assert_eq!((&build["status"], &build["id"]), (&json!("BUILD_UNSET"), &json!(id)));
    assert_eq!((&build["component_type"], &build["packer_run_uuid"]), (&json!("file.x"), &json!(RUN)));
    assert_eq!((&build["artifacts"], &build["platform"]), (&json!([]), &json!("")));
    assert_eq!(packer.get(&format!("{BUILDS}/{id}"))["build"], *build);
}

#[test]
fn what_is_null_or_left_out_of_an_update_stays() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let builds = packer.version("one", &["amazon-ebs.east", "amazon-ebs.west"]);
    packer.finish("one", &builds[0]);
    let path = format!("{BUILDS}/{}", builds[0]);
    let before = packer.get(&path);
    let nothing = json!({"artifacts": null, "labels": null, "metadata": null, "platform": "", "status": null});
    let mut after = packer.patch(&path, &nothing);
    after["build"]["updated_at"] = before["build"]["updated_at"].clone();
    assert_eq!(after, before);
}

#[test]
fn what_packer_says_of_a_build_is_answered_as_it_was_said() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let id = packer.version("one", &["docker.x"]).remove(0);
    let metadata = json!({
        "packer": {"version": "1.16.0", "options": {"debug": false, "only": ["docker.x"]}, "plugins": [],
            "os": {"type": "linux", "details": {"arch": "x86_64", "version": "6.1"}}},
        "cicd": null,
        "vcs": {"type": "git", "details": {"ref": "main", "commit": "c0ffee", "has_uncommitted_changes": true}},
    });
    let done = json!({
        "status": "BUILD_DONE", "platform": "docker", "source_external_identifier": "debian@sha256:1", "labels": {},
        "metadata": metadata, "artifacts": [{"external_identifier": "sha256:2"}],
    });
    let build = packer.patch(&format!("{BUILDS}/{id}"), &done)["build"].clone();
    assert_eq!((&build["status"], &build["metadata"]), (&json!("BUILD_DONE"), &metadata));
    assert_eq!(build["source_external_identifier"], "debian@sha256:1");
    let artifact = &build["artifacts"][0];
    assert_eq!((&artifact["external_identifier"], &artifact["region"]), (&json!("sha256:2"), &json!("")));
    assert_eq!(artifact["id"].as_str().unwrap().len(), 26);
    let shown = project.run(&["iteration", "show", "--bucket", "web", "--channel", "latest", "--json"]).succeeded();
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(shown["builds"][0]["metadata"]["vcs"]["commit"], "c0ffee", "our own command line knows it too: {shown}");
}

#[test]
fn a_component_type_may_have_spaces_but_not_at_its_ends() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let build = packer.version("one", &["file.Ubuntu 24.04"]).remove(0);
    for wrong in [" file.x", "file.x ", "file.\tx"] {
        let (status, code, message) = packer.refused(Method::POST, BUILDS, &json!({"component_type": wrong}));
        assert_eq!((status, code), (400, 3), "{message}");
    }
    packer.finish("one", &build);
    let version = packer.get("/buckets/web/versions/one")["version"].clone();
    assert_eq!(
        (&version["name"], &version["builds"][0]["component_type"]),
        (&json!("v1"), &json!("file.Ubuntu 24.04"))
    );
}

#[test]
fn a_build_of_the_same_component_type_is_there_only_once() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.version("one", &["file.x"]);
    let (status, code, message) = packer.refused(Method::POST, BUILDS, &json!({"component_type": "file.x"}));
    assert_eq!((status, code), (409, 6), "{message}");
}

#[test]
fn a_complete_version_takes_no_further_build() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    let (status, code, message) = packer.refused(Method::POST, BUILDS, &json!({"component_type": "file.x"}));
    assert_eq!((status, code), (400, 9));
    let words = "This version is complete. If you wish to add a new build a new version must be created by changing the \
                 build fingerprint.";
    assert_eq!(message, words);
}

#[test]
fn the_platform_of_a_build_stays_once_it_is_said() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let id = packer.version("one", &["x"]).remove(0);
    let path = format!("{BUILDS}/{id}");
    packer.patch(&path, &json!({"platform": "aws"}));
    let (status, code, message) = packer.refused(Method::PATCH, &path, &json!({"platform": "azure"}));
    assert_eq!((status, code), (409, 6));
    assert_eq!(message, "You cannot override a build's Cloud Provider if it has already been set.");
    let done = json!({"status": "BUILD_DONE", "artifacts": [{"external_identifier": "ami-1", "region": "here"}]});
    packer.patch(&path, &done);
    let line = ["artifact", "get", "--bucket", "web", "--channel", "latest", "--platform", "aws", "--region", "here"];
    project.run(&line).succeeded().says("ami-1");
}

#[test]
fn a_build_without_artifacts_is_not_done() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let id = packer.version("one", &["x"]).remove(0);
    let (status, code, message) =
        packer.refused(Method::PATCH, &format!("{BUILDS}/{id}"), &json!({"status": "BUILD_DONE", "artifacts": []}));
    assert_eq!((status, code), (400, 9), "{message}");
}

#[test]
fn the_last_word_on_a_build_may_be_said_twice() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let id = packer.version("one", &["x"]).remove(0);
    let first = packer.finish("one", &id);
    assert_eq!(packer.finish("one", &id), first);
    assert_eq!(packer.get("/buckets/web")["bucket"]["latest_version"]["name"], "v1");
}

#[test]
fn what_is_no_build_is_told_with_the_field_that_is_wrong() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let id = packer.version("one", &["x"]).remove(0);
    for (body, words) in [
        (json!({"status": "DONE"}), "status: \"DONE\" is not known; use BUILD_UNSET"),
        (json!({"packer_run_uuid": "x"}), "packer_run_uuid: run UUID \"x\" is not valid"),
        (json!({"parent_version_id": "x"}), "parent_version_id: iteration id \"x\" is not valid"),
        (json!({"artifacts": [{"region": "x"}]}), "artifacts.external_identifier: it is missing"),
        (json!({"labels": ["x"]}), "the body is not the JSON that is wanted here"),
    ] {
        let (status, code, message) = packer.refused(Method::PATCH, &format!("{BUILDS}/{id}"), &body);
        assert_eq!((status, code), (400, 3), "{message}");
        assert!(message.starts_with(words), "{message}");
    }
    let (status, code, message) = packer.refused(Method::POST, BUILDS, &json!({}));
    assert_eq!((status, code), (400, 3));
    assert!(message.starts_with("component_type: "), "{message}");
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let (status, code, message) = packer.refused(method, &format!("{BUILDS}/%00"), &Value::Null);
        assert_eq!((status, code), (404, 5));
        assert_eq!(message, "build \"\\0\" of version one does not exist; list its builds");
    }
    let nul = json!({"platform": "a\0b", "parent_channel_id": "\0"});
    assert_eq!(packer.refused(Method::PATCH, &format!("{BUILDS}/{id}"), &nul).1, 9);
}

#[test]
fn the_parent_of_a_build_is_noted() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("base");
    packer.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "base"}));
    let channel = packer.get("/buckets/web/channels/stable")["channel"].clone();
    let id = packer.version("one", &["x"]).remove(0);
    let done = json!({
        "status": "BUILD_DONE", "platform": "aws", "artifacts": [{"external_identifier": "ami-2", "region": "here"}],
        "source_external_identifier": "ami-1", "parent_version_id": channel["version"]["id"],
        "parent_channel_id": channel["id"],
    });
    packer.patch(&format!("{BUILDS}/{id}"), &done);
    let shown = project.run(&["iteration", "show", "--bucket", "web", "--fingerprint", "one", "--json"]).succeeded();
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    let parent = &shown["builds"][0]["parents"][0];
    assert_eq!((&parent["fingerprint"], &parent["channel"]), (&json!("base"), &json!("stable")), "{shown}");
}

use axum::http::Method;
use serde_json::{Value, json};

use super::project::Project;
use super::sboms::{compressed, cyclonedx};

#[test]
fn a_version_is_v0_until_all_of_its_builds_are_done() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let made = packer.post("/buckets/web/versions", &json!({"fingerprint": "one", "template_type": "JSON"}));
    let version = &made["version"];
    assert_eq!((&version["name"], &version["status"]), (&json!("v0"), &json!("VERSION_INCOMPLETE")));
    assert_eq!((&version["template_type"], &version["bucket_name"]), (&json!("JSON"), &json!("web")));
    assert_eq!((&version["builds"], &version["author_id"]), (&json!([]), &json!("owner")));
    assert!(version.get("revoke_at").is_none(), "a time that is not set is left out: {version}");
    let (east, west) = (packer.build("one", "amazon-ebs.east"), packer.build("one", "amazon-ebs.west"));
    packer.finish("one", &east);
    assert_eq!(packer.get("/buckets/web/versions/one")["version"]["name"], "v0");
    packer.finish("one", &west);
    let version = packer.get("/buckets/web/versions/one")["version"].clone();
    assert_eq!((&version["name"], &version["status"]), (&json!("v1"), &json!("VERSION_ACTIVE")));
    packer.complete("two");
    assert_eq!(packer.get("/buckets/web/versions/two")["version"]["name"], "v2");
}

#[test]
fn a_version_that_is_missing_is_aborted_which_alone_makes_packer_create_it() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let (status, code, message) = packer.refused(Method::GET, "/buckets/web/versions/one", &Value::Null);
    assert_eq!((status, code), (409, 10));
    assert!(message.starts_with("version with fingerprint (fingerprint: one) does not exist"), "{message}");
    let (status, code, message) = packer.refused(Method::GET, "/buckets/app/versions/one", &Value::Null);
    assert_eq!((status, code), (404, 5), "but a bucket that is missing is not found: {message}");
}

#[test]
fn a_version_stands_where_its_builds_do() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let builds = packer.version("one", &["file.a", "file.b", "file.c"]);
    let path = |build: &str| format!("/buckets/web/versions/one/builds/{build}");
    let mut seen = Vec::new();
    for (build, status) in
        [(0, "BUILD_UNSET"), (0, "BUILD_CANCELLED"), (1, "BUILD_FAILED"), (2, "BUILD_RUNNING"), (2, "BUILD_UNSET")]
    {
        packer.patch(&path(&builds[build]), &json!({"status": status, "artifacts": null}));
        seen.push(packer.get("/buckets/web/versions/one")["version"]["status"].clone());
    }
    let wanted = ["VERSION_INCOMPLETE", "VERSION_CANCELLED", "VERSION_FAILED", "VERSION_RUNNING", "VERSION_FAILED"];
    assert_eq!(seen, wanted);
}

#[test]
fn a_version_is_complete_by_request_where_nothing_of_it_is_missing_any_more() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let builds = packer.version("one", &["file.x", "file.y"]);
    let complete = json!({"complete": true});
    packer.finish("one", &builds[0]);
    let (status, code, message) = packer.refused(Method::PATCH, "/buckets/web/versions/one", &complete);
    assert_eq!((status, code), (400, 9), "{message}");
    assert!(message.starts_with("version one cannot be complete: it misses file.y;"), "{message}");
    packer.call(Method::DELETE, &format!("/buckets/web/versions/one/builds/{}", builds[1]), &Value::Null);
    assert_eq!(packer.get("/buckets/web/versions/one")["version"]["name"], "v0");
    for _ in 0..2 {
        let version = packer.patch("/buckets/web/versions/one", &complete)["version"].clone();
        assert_eq!((&version["name"], &version["status"]), (&json!("v1"), &json!("VERSION_ACTIVE")));
    }
    assert_eq!(packer.get("/buckets/web/channels/latest")["channel"]["version"]["name"], "v1");
    assert_eq!(packer.refused(Method::PATCH, "/buckets/web/versions/gone", &complete).1, 5);
    packer.version("two", &[]);
    let (_, code, message) = packer.refused(Method::PATCH, "/buckets/web/versions/two", &complete);
    assert_eq!((code, message.starts_with("version two cannot be complete: it has no build;")), (9, true), "{message}");
}

#[test]
fn a_fingerprint_names_one_version_of_a_bucket() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.version("one", &[]);
    let (status, code, _) = packer.refused(Method::POST, "/buckets/web/versions", &json!({"fingerprint": "one"}));
    assert_eq!((status, code), (409, 6));
}

#[test]
fn a_fingerprint_may_come_percent_encoded() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.version("rel-1.2_3", &[]);
    let found = packer.get("/buckets/w%65b/versions/rel%2D1%2E2%5f3");
    assert_eq!(found["version"]["fingerprint"], "rel-1.2_3");
    let (status, code, message) = packer.refused(Method::GET, "/buckets/web/versions/f%20p%2F1", &Value::Null);
    assert_eq!((status, code), (400, 3));
    assert!(message.starts_with("fingerprint: fingerprint \"f p/1\" is not valid: use 1 to 40"), "{message}");
}

#[test]
fn a_fingerprint_may_have_quotation_marks_as_in_the_first_api() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let build = packer.version("the\"1\"st", &["file.x"]).remove(0);
    let path = "/buckets/web/versions/the%221%22st";
    let sbom = json!({"format": "CYCLONEDX", "compressed_sbom": compressed(&cyclonedx())});
    packer.put(&format!("{path}/builds/{build}/sboms"), &sbom);
    let url = packer.get(&format!("{path}/builds/{build}/sboms/the%221%22st"))["download_url"].clone();
    let answer = project.download(url.as_str().unwrap());
    assert_eq!(answer.header("content-disposition"), r#"attachment; filename="the\"1\"st.json""#);
    packer.finish("the%221%22st", &build);
    let version = packer.get(path)["version"].clone();
    assert_eq!((&version["fingerprint"], &version["name"]), (&json!("the\"1\"st"), &json!("v1")));
    let parents = "/buckets/web/ancestry?type=ANCESTRY_TYPE_PARENTS&version_fingerprint=the%221%22st";
    assert_eq!(packer.get(parents)["relations"], json!([]));
    let old = packer.of_2021();
    let iteration = old.get("/images/web/iteration?fingerprint=the%221%22st");
    assert_eq!(iteration["iteration"]["id"], version["id"]);
    project.run(&["iteration", "show", "--bucket", "web", "--fingerprint", "the\"1\"st"]).succeeded().says("v1");
}

#[test]
fn lists_of_versions_have_their_builds_without_metadata() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    let id = packer.version("one", &["x"]).remove(0);
    let from = json!({"metadata": {"packer": {"version": "1.16.0"}}});
    packer.patch(&format!("/buckets/web/versions/one/builds/{id}"), &from);
    packer.finish("one", &id);
    let listed = packer.get("/buckets/web/versions");
    let build = &listed["versions"][0]["builds"][0];
    assert_eq!((&build["platform"], build["artifacts"].as_array().unwrap().len()), (&json!("aws"), 1));
    assert!(build.get("metadata").is_none(), "{build}");
    assert_eq!(build["version_id"], listed["versions"][0]["id"]);
    let one = packer.get("/buckets/web/versions/one");
    assert_eq!(one["version"]["builds"][0]["metadata"]["packer"]["version"], "1.16.0");
}

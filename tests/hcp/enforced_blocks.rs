use axum::http::Method;
use serde_json::{Value, json};

use super::project::{Packer, Project};

const CONTENT: &str = "provisioner \"shell-local\" {\n  inline = [\"true\"]\n}\n";

/// Creates a block; answers its id and the id of its version.
fn block(packer: &Packer<'_>, name: &str) -> (String, String) {
    let body = json!({
        "name": name, "version": "v1.0.0", "block_content": CONTENT, "template_type": "HCL2",
        "additional_description": "the first", "labels": {"team": "blue"},
    });
    let block = packer.put("/enforced_blocks", &body)["enforced_block"].clone();
    (text(&block["id"]), text(&block["latest_version"]["id"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn names(answer: &Value) -> Vec<&str> {
    answer.as_array().unwrap().iter().map(|block| block["name"].as_str().unwrap()).collect()
}

#[test]
fn a_block_is_made_with_its_first_version_and_takes_more() {
    let project = Project::start();
    let packer = project.owner();
    let (id, version) = block(&packer, "harden");
    let shown = packer.get(&format!("/enforced_blocks/{id}"))["enforced_block"].clone();
    assert_eq!((&shown["name"], &shown["labels"]), (&json!("harden"), &json!({"team": "blue"})));
    assert_eq!(shown["location"], packer.location());
    let first = &shown["latest_version"];
    assert_eq!((&first["id"], &first["enforced_block_id"]), (&json!(version), &json!(id)));
    assert_eq!((&first["version"], &first["block_content"]), (&json!("v1.0.0"), &json!(CONTENT)));
    assert_eq!((&first["template_type"], &first["additional_description"]), (&json!("HCL2"), &json!("the first")));

    let content = json!({"provisioner": [{"shell-local": {"inline": ["true"]}}]}).to_string();
    let second = json!({"version": "v1.1.0", "block_content": content, "template_type": "JSON"});
    packer.put(&format!("/enforced_blocks/{id}/versions"), &second);
    let listed = packer.get(&format!("/enforced_blocks/{id}/versions"))["enforced_block_detail"].clone();
    assert_eq!((&listed[0]["id"], &listed[0]["name"]), (&json!(id), &json!("harden")));
    assert_eq!(
        (&listed[0]["version"]["version"], &listed[1]["version"]["version"]),
        (&json!("v1.1.0"), &json!("v1.0.0"))
    );
    assert_eq!(listed[1]["version"], shown["latest_version"]);

    block(&packer, "clean up");
    let listed = packer.get("/enforced_blocks?sorting.order_by=name+desc&pagination.page_size=10");
    assert_eq!(names(&listed["enforced_blocks"]), ["harden", "clean up"]);
    assert_eq!(listed["enforced_blocks"][0]["latest_version"], Value::Null);
}

#[test]
fn a_block_changes_by_its_mask_and_a_version_only_in_its_description() {
    let project = Project::start();
    let packer = project.owner();
    let (id, version) = block(&packer, "harden");
    let path = format!("/enforced_blocks/{id}");
    let updated = packer.patch(&path, &json!({"update_mask": "labels"}))["enforced_block"].clone();
    assert_eq!((&updated["name"], &updated["labels"]), (&json!("harden"), &json!({})));
    packer.patch(&path, &json!({"name": "harden more", "labels": {"a": "b"}, "update_mask": "name"}));
    let shown = packer.get(&path)["enforced_block"].clone();
    assert_eq!((&shown["name"], &shown["labels"]), (&json!("harden more"), &json!({})));

    let path = format!("{path}/versions/{version}");
    let described = packer.patch(&path, &json!({"additional_description": "why"}));
    assert_eq!(described["enforced_block_version"]["additional_description"], "why");
    packer.patch(&path, &json!({"update_mask": "additionalDescription"}));
    let (status, code, message) = packer.refused(Method::PATCH, &path, &json!({"update_mask": "blockContent"}));
    assert_eq!((status, code), (400, 3), "{message}");
    let shown = packer.get(&format!("/enforced_blocks/{id}"))["enforced_block"]["latest_version"].clone();
    assert_eq!((&shown["additional_description"], &shown["block_content"]), (&json!(""), &json!(CONTENT)));
}

#[test]
fn packer_is_told_what_a_bucket_is_linked_to() {
    let project = Project::start();
    let packer = project.owner();
    packer.bucket();
    packer.complete("one");
    let (id, version) = block(&packer, "harden");
    let path = format!("/enforced_blocks/{id}/versions/{version}");
    let linked = packer.post(&format!("{path}/buckets"), &json!({"bucket_names": ["web"]}));
    let link = &linked["enforced_block_buckets"][0];
    assert_eq!((&link["enforced_block_id"], &link["enforced_block_version_id"]), (&json!(id), &json!(version)));
    let shown = packer.get(&format!("{path}/buckets"))["linked_buckets"].clone();
    assert_eq!((&shown[0]["id"], &shown[0]["bucket"]["id"]), (&link["id"], &link["bucket_id"]));
    assert_eq!((&shown[0]["bucket"]["name"], &shown[0]["bucket"]["version_count"]), (&json!("web"), &json!("1")));
    let enforced = packer.get("/enforced_blocks/bucket/web")["enforced_block_detail"].clone();
    assert_eq!((&enforced[0]["id"], &enforced[0]["name"]), (&json!(id), &json!("harden")));
    assert_eq!(enforced[0]["version"]["block_content"], CONTENT);

    for path in [path.clone(), format!("/enforced_blocks/{id}")] {
        let (status, code, message) = packer.refused(Method::DELETE, &path, &Value::Null);
        assert_eq!((status, code), (400, 9), "{message}");
        assert!(message.ends_with("is linked to web; unlink it first"), "{message}");
    }
    let unchanged = packer.post(&format!("{path}/buckets"), &json!({"bucket_names": null}));
    assert_eq!(unchanged, linked, "what is not said does not change");
    let none = packer.post(&format!("{path}/buckets"), &json!({"bucket_names": []}));
    assert_eq!(none, json!({"enforced_block_buckets": []}));
    assert_eq!(packer.get("/enforced_blocks/bucket/web"), json!({"enforced_block_detail": []}));
    assert_eq!(packer.call(Method::DELETE, &path, &Value::Null), (200, json!({})));
    assert_eq!(packer.call(Method::DELETE, &format!("/enforced_blocks/{id}"), &Value::Null), (200, json!({})));
}

#[test]
fn what_cannot_be_done_is_told_by_its_code() {
    let project = Project::start();
    let packer = project.owner();
    let (id, version) = block(&packer, "harden");
    let good = json!({"name": "other", "version": "v1", "block_content": CONTENT});
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    let versions = format!("/enforced_blocks/{id}/versions");
    let buckets = format!("{versions}/{version}/buckets");
    let missing = format!("{versions}/01K/buckets");
    for (method, path, body, expected, words) in [
        (Method::PUT, "/enforced_blocks", with("name", json!("harden")), (409, 6), "there is an enforced block called"),
        (Method::PUT, "/enforced_blocks", with("name", json!("")), (400, 3), "name: name of an enforced block \"\""),
        (Method::PUT, "/enforced_blocks", with("version", Value::Null), (400, 3), "version: "),
        (Method::PUT, "/enforced_blocks", with("block_content", json!("")), (400, 3), "block_content: it is missing"),
        (Method::PUT, "/enforced_blocks", with("template_type", json!("XML")), (400, 3), "template_type: \"XML\""),
        (
            Method::PUT,
            "/enforced_blocks",
            with("block_content", json!("x".repeat(256 * 1024 + 1))),
            (400, 9),
            "the record has 262145 bytes in the content of the enforced block",
        ),
        (
            Method::PUT,
            &versions,
            json!({"version": "v1.0.0", "block_content": "x"}),
            (409, 6),
            "enforced block harden has",
        ),
        (Method::POST, &buckets, json!({"bucket_names": ["a b"]}), (400, 3), "bucket_names: bucket name \"a b\""),
        (Method::POST, &buckets, json!({"bucket_names": ["app"]}), (404, 5), "bucket app does not exist"),
        (Method::POST, &missing, json!({"bucket_names": []}), (404, 5), "version \"01K\" of enforced block harden"),
        (Method::GET, "/enforced_blocks/01K", Value::Null, (404, 5), "enforced block \"01K\" does not exist"),
    ] {
        let (status, code, message) = packer.refused(method, path, &body);
        assert_eq!((status, code), expected, "{path}: {message}");
        assert!(message.starts_with(words), "{message}");
    }
    let viewer = project.principal("viewer");
    assert_eq!(names(&viewer.get("/enforced_blocks")["enforced_blocks"]), ["harden"]);
    let (status, code, message) = viewer.refused(Method::PUT, "/enforced_blocks", &good);
    assert_eq!((status, code), (403, 7), "{message}");
}

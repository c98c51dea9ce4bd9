use axum::http::Method;
use serde_json::{Value, json};

use super::image::{complete, create_bucket, create_build, create_iteration, finish, iteration};
use crate::hcp::project::Project;

#[test]
fn a_child_knows_its_parent_and_whether_the_channel_moved_on() {
    let project = Project::start();
    let packer = project.owner().of_2021();
    create_bucket(&packer);
    let parent = complete(&packer, "one");
    let channel = packer.post("/images/web/channels", &json!({"slug": "stable", "fingerprint": "one"}));
    packer.put("/images", &json!({"bucket_slug": "app"}));
    let child = create_iteration(&packer, "app", "two");
    let build = create_build(&packer, "app", &child, "amazon-ebs.app");
    let source = json!({"source_iteration_id": parent, "source_channel_id": channel["channel"]["id"]});
    finish(&packer, &build, &source);

    let ancestry = packer.get("/images/app/ancestry?type=parents");
    assert_eq!(ancestry["total_count"], 1);
    let relation = &ancestry["relations"][0];
    let version = json!({
        "bucket_slug": "web", "iteration_id": parent, "iteration_fingerprint": "one", "iteration_incremental_version": 1,
        "channel": "stable", "channel_iteration": {"id": parent, "fingerprint": "one", "incremental_version": 1},
    });
    assert_eq!((&relation["parent"], &relation["status"]), (&version, &json!("UP_TO_DATE")));
    assert_eq!(relation["child"]["iteration_id"], child);
    assert_eq!(iteration(&packer, "one")["has_descendants"], true);

    complete(&packer, "three");
    packer.patch("/images/web/channels/stable", &json!({"fingerprint": "three"}));
    let children = packer.get("/images/web/ancestry?type=children&channel=stable");
    assert_eq!(children["relations"][0]["status"], "OUT_OF_DATE");
    assert_eq!(packer.get("/images/web/ancestry?fingerprint=one")["total_count"], 1);
    assert_eq!(packer.get("/images/web/ancestry?incremental_version=2")["total_count"], 0);
    let web = packer.get("/images/web")["bucket"].clone();
    assert_eq!((&web["children"]["status"], web.get("parents")), (&json!("OUT_OF_DATE"), None));
    let href = web["children"]["href"].as_str().unwrap();
    assert!(href.ends_with(&packer.path("/images/web/ancestry?type=children")), "{href}");
    let (status, code, message) = packer.refused(Method::GET, "/images/web/ancestry?type=uncles", &Value::Null);
    assert_eq!((status, code), (400, 3), "{message}");
}

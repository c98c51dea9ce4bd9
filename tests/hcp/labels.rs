//! The search that Terraform's provider 0.112.0 makes, in an API of its own.

use axum::http::Method;
use serde_json::{Value, json};

use super::project::{Packer, Project, RUN};

/// What the search behind a channel of `web` answers.
fn search(packer: &Packer<'_>, channel: &str, body: &Value) -> (u16, Value) {
    let path = packer.path(&format!("/images/web/channels/{channel}/_search/by_labels"));
    packer.hcp().call(Method::POST, &path.replace("2023-01-01", "2022-12-02"), &body.to_string())
}

/// The version `one` of `web`: two builds with labels.
fn with_labels(packer: &Packer<'_>) {
    packer.bucket();
    let builds = packer.version("one", &["amazon-ebs.a", "amazon-ebs.b"]);
    for (build, region, nomad) in [(&builds[0], "us-east-1", "1.7"), (&builds[1], "us-west-2", "1.8")] {
        let done = json!({
            "status": "BUILD_DONE", "packer_run_uuid": RUN, "platform": "aws", "labels": {"os": "linux", "nomad": nomad},
            "artifacts": [{"external_identifier": format!("ami-{nomad}"), "region": region}],
        });
        packer.patch(&format!("/buckets/web/versions/one/builds/{build}"), &done);
    }
}

#[test]
fn a_build_is_found_behind_a_channel_by_labels_that_it_has_among_others() {
    let project = Project::start();
    let packer = project.owner();
    with_labels(&packer);
    packer.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "one"}));
    for (body, image) in [
        (json!({"labels": {"nomad": "1.8"}, "cloud_provider": "aws", "region": "us-west-2"}), "ami-1.8"),
        (json!({"labels": {"os": "linux", "nomad": "1.7"}}), "ami-1.7"),
        (json!({"labels": {"os": "linux"}, "region": "us-west-2"}), "ami-1.8"),
        (json!({"cloud_provider": "aws"}), "ami-1.7"),
    ] {
        let (status, answer) = search(&packer, "stable", &body);
        assert_eq!(status, 200, "{body}: {answer}");
        let found = &answer["artifact"];
        assert_eq!(found["build"]["artifacts"][0]["external_identifier"], image, "{body}: {answer}");
        assert_eq!((&found["bucket"]["name"], &found["version"]["fingerprint"]), (&json!("web"), &json!("one")));
        assert_eq!(found["build"]["version_id"], found["version"]["id"]);
    }
}

#[test]
fn what_no_build_behind_the_channel_has_is_not_found() {
    let project = Project::start();
    let packer = project.owner();
    with_labels(&packer);
    packer.post("/buckets/web/channels", &json!({"name": "stable", "version_fingerprint": "one"}));
    packer.post("/buckets/web/channels", &json!({"name": "empty"}));
    for (channel, body) in [
        ("stable", json!({"labels": {"nomad": "1.9"}})),
        ("stable", json!({"labels": {"nomad": "1.8"}, "region": "us-east-1"})),
        ("stable", json!({"labels": {"nomad": "1.8"}, "cloud_provider": "gce"})),
        ("empty", json!({"labels": {"nomad": "1.8"}})),
        ("nowhere", json!({})),
    ] {
        let (status, answer) = search(&packer, channel, &body);
        assert_eq!((status, &answer["code"]), (404, &json!(5)), "{channel} {body}: {answer}");
    }
    let path = packer.path("/images").replace("2023-01-01", "2022-12-02");
    let (status, answer) = packer.hcp().get(&path);
    assert_eq!((status, &answer["message"]), (404, &json!(format!("there is nothing at GET {path}"))));
}

//! What a client of 2021 does to record an image.

use serde_json::{Value, json};

use crate::hcp::project::{Packer, RUN};

/// Creates the bucket `web`.
pub(super) fn create_bucket(packer: &Packer<'_>) {
    packer.put("/images", &json!({"bucket_slug": "web"}));
}

/// Creates an iteration of a bucket; answers its id.
pub(super) fn create_iteration(packer: &Packer<'_>, bucket: &str, fingerprint: &str) -> String {
    let body = json!({"fingerprint": fingerprint, "template_type": "HCL2"});
    let made = packer.post(&format!("/images/{bucket}/iterations"), &body);
    id_of(&made["iteration"])
}

/// Announces a build; answers its id.
pub(super) fn create_build(packer: &Packer<'_>, bucket: &str, iteration: &str, component: &str) -> String {
    let build = json!({"component_type": component, "images": null, "packer_run_uuid": RUN, "status": "UNSET"});
    let made = packer.post(&format!("/images/{bucket}/iterations/{iteration}"), &json!({"build": build}));
    id_of(&made["build"])
}

/// Says of a build that it is done, with one image; `more` is said beside it.
pub(super) fn finish(packer: &Packer<'_>, build: &str, more: &Value) -> Value {
    let mut updates = json!({
        "status": "DONE", "packer_run_uuid": RUN, "cloud_provider": "aws", "labels": {"os": "linux"},
        "images": [{"image_id": format!("ami-{build}"), "region": "us-east-1"}],
    });
    let more = more.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone()));
    updates.as_object_mut().unwrap().extend(more);
    packer.patch(&format!("/builds/{build}"), &json!({"updates": updates}))["build"].clone()
}

/// Creates an iteration of `web` with one build, and completes it; answers its id.
pub(super) fn complete(packer: &Packer<'_>, fingerprint: &str) -> String {
    let iteration = create_iteration(packer, "web", fingerprint);
    let build = create_build(packer, "web", &iteration, "amazon-ebs.east");
    finish(packer, &build, &json!({}));
    iteration
}

/// The iteration of `web` with this fingerprint.
pub(super) fn iteration(packer: &Packer<'_>, fingerprint: &str) -> Value {
    packer.get(&format!("/images/web/iteration?fingerprint={fingerprint}"))["iteration"].clone()
}

fn id_of(noun: &Value) -> String {
    noun["id"].as_str().unwrap_or_else(|| panic!("{noun}")).to_owned()
}

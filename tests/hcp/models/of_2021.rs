use axum::http::Method;
use serde_json::{Value, json};

use super::Answer;
use crate::hcp::project::{Project, RUN};

/// What the API of 2021-04-30 answers where everything has something to say.
pub(super) fn answers(project: &Project) -> Vec<Answer> {
    let packer = project.owner().of_2021();
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned();
    let bucket = json!({"bucket_slug": "web", "description": "The shop", "labels": {"team": "blue"}});
    let made_bucket = packer.put("/images", &bucket);
    let iterations = "/images/web/iterations";
    let made_iteration = packer.post(iterations, &json!({"fingerprint": "base", "template_type": "HCL2"}));
    let base = text(&made_iteration["iteration"]["id"]);
    let build = json!({"build": {"component_type": "amazon-ebs.east", "packer_run_uuid": RUN, "status": "UNSET"}});
    let made_build = packer.post(&format!("{iterations}/{base}"), &build);
    let done = |image: &str, more: &Value| {
        let mut updates = json!({
            "status": "DONE", "cloud_provider": "aws", "labels": {"os": "linux"},
            "images": [{"image_id": image, "region": "us-east-1"}],
        });
        updates.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"updates": updates})
    };
    let path = format!("/builds/{}", text(&made_build["build"]["id"]));
    let updated_build = packer.patch(&path, &done("ami-base", &json!({})));
    let channel = json!({"slug": "stable", "iteration_id": base, "restriction": "RESTRICTED"});
    let made_channel = packer.post("/images/web/channels", &channel);

    packer.put("/images", &json!({"bucket_slug": "app"}));
    let child = packer.post("/images/app/iterations", &json!({"fingerprint": "one", "template_type": "JSON"}));
    let child = text(&child["iteration"]["id"]);
    let child_build = text(&packer.post(&format!("/images/app/iterations/{child}"), &build)["build"]["id"]);
    let from = json!({
        "source_image_id": "ami-base", "source_iteration_id": base, "source_channel_id": made_channel["channel"]["id"],
    });
    let finished_child = packer.patch(&format!("/builds/{child_build}"), &done("ami-app", &from));
    packer.post("/images/app/channels", &json!({"slug": "stable", "iteration_id": child}));
    let read = vec![
        ("CreateBucketResponse", made_bucket),
        ("CreateIterationResponse", made_iteration),
        ("CreateBuildResponse", made_build),
        ("UpdateBuildResponse", updated_build),
        ("UpdateBuildResponse", finished_child),
        ("CreateChannelResponse", made_channel),
        ("UpdateBucketResponse", packer.patch("/images/web", &json!({"description": "The shops"}))),
        ("GetBucketResponse", packer.get("/images/web")),
        ("GetBucketResponse", packer.get("/images/app")),
        ("GetIterationResponse", packer.get(&format!("/images/app/iteration?iteration_id={child}"))),
        ("GetIterationResponse", packer.get(&format!("/images/web/iteration?iteration_id={base}"))),
        ("ListIterationsResponse", packer.get(iterations)),
        ("ListBuildsResponse", packer.get(&format!("{iterations}/{base}/builds"))),
        ("GetBuildResponse", packer.get(&path)),
        ("ListBucketAncestryResponse", packer.get("/images/app/ancestry")),
        ("GetRegistryResponse", packer.get("/registry")),
        ("GetRegistryTFCRunTaskAPIResponse", packer.get("/runtasks/validation")),
        ("RegenerateTFCRunTaskHmacKeyResponse", packer.patch("/runtasks/hmac", &json!({}))),
    ];
    // For later: until then, the child is still the latest.
    packer.patch(
        &format!("/iterations/{base}"),
        &json!({"revoke_at": "2999-01-01T00:00:00Z", "revocation_message": "x"}),
    );
    let scheduled = packer.get("/images/app");
    packer.patch(&format!("/iterations/{base}"), &json!({"restore": true}));
    let first = packer.get("/images?pagination.page_size=1");
    let token = text(&first["pagination"]["next_page_token"]);
    let second = packer.get(&format!("/images?pagination.page_size=1&pagination.next_page_token={token}"));
    let revoke = json!({"revoke_in": "0s", "revocation_message": "a hole", "bucket_slug": "web"});
    let governed = vec![
        ("UpdateChannelResponse", packer.patch("/images/app/channels/stable", &json!({"restriction": "RESTRICTED"}))),
        ("GetBucketResponse", scheduled),
        ("ListBucketsResponse", first),
        ("ListBucketsResponse", second),
        ("UpdateIterationResponse", packer.patch(&format!("/iterations/{base}"), &revoke)),
        ("GetIterationResponse", packer.get(&format!("/images/app/iteration?iteration_id={child}"))),
        ("ListIterationsResponse", packer.get("/images/app/iterations?pagination.page_size=1")),
        ("GetChannelResponse", packer.get("/images/app/channels/stable")),
        ("GetChannelResponse", packer.get("/images/app/channels/latest")),
        ("ListChannelsResponse", packer.get("/images/web/channels")),
        ("ListChannelHistoryResponse", packer.get("/images/app/channels/stable/history")),
        ("UpdateRegistryResponse", packer.patch("/registry", &json!({"activate": false}))),
        ("DeleteRegistryResponse", packer.call(Method::DELETE, "/registry", &Value::Null).1),
        ("CreateRegistryResponse", packer.put("/registry", &json!({"feature_tier": "STANDARD"}))),
    ];
    let answers = read.into_iter().chain(governed);
    answers.map(|(model, answer)| ("packer 2021-04-30", model, without_2023(answer))).collect()
}

/// The same without what the registry has in the words of 2023, which clients of 2021 pass over.
fn without_2023(mut answer: Value) -> Value {
    for (part, field) in [("tfc_run_task_config", "on_untracked_image"), ("billing_deprovision", "message")] {
        let part = answer.pointer_mut(&format!("/registry/config/{part}"));
        if let Some(part) = part.and_then(Value::as_object_mut) {
            part.remove(field);
        }
    }
    answer
}

use serde_json::{Value, json};

use super::configuration::SPARE_BUCKET;
use crate::hcp::project::{Packer, RUN};
use crate::hcp::sboms::compressed;

/// A project that has something of everything.
pub(super) struct Seeded {
    pub(super) location: Value,
    /// The ids of what has no name, as parameters call it.
    pub(super) ids: Vec<(&'static str, String)>,
}

impl Seeded {
    /// Fills the project of `packer`. What requests can name is called the same everywhere: the bucket `web`, its channel
    /// `production`, its versions `one` and `two`, and the SBOM `packages`. What they can only read begins with `word`.
    pub(super) fn new(packer: &Packer<'_>, word: &str) -> Self {
        let said = |what: &str| format!("{word}-{what}");
        for name in ["web", SPARE_BUCKET, &said("bucket")] {
            packer.put(
                "/buckets",
                &json!({"name": name, "description": said("text"), "labels": {"team": said("label")}}),
            );
        }
        let build = packer.version("one", &["amazon-ebs.east"]).remove(0);
        let path = format!("/buckets/web/versions/one/builds/{build}");
        let document = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            {"type": "library", "name": said("package"), "version": "1.0", "purl": "pkg:deb/debian/openssl@1.0"},
        ]});
        packer.put(
            &format!("{path}/sboms"),
            &json!({"format": "CYCLONEDX", "name": "packages", "compressed_sbom": compressed(&document)}),
        );
        let done = json!({
            "status": "BUILD_DONE", "packer_run_uuid": RUN, "platform": "aws", "labels": {"os": said("os")},
            "artifacts": [{"external_identifier": said("image"), "region": "us-east-1"}],
            "metadata": {"packer": {"version": said("packer")}},
        });
        packer.patch(&path, &done);
        packer.post("/buckets/web/channels", &json!({"name": "production", "version_fingerprint": "one"}));
        packer.post("/buckets/web/channels", &json!({"name": said("channel"), "version_fingerprint": "one"}));
        let unfinished = packer.version("two", &["amazon-ebs.west"]).remove(0);

        let block = json!({"name": said("block"), "version": said("v1"), "block_content": said("content")});
        let block = packer.put("/enforced_blocks", &block)["enforced_block"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (block, block_version) = (text(&block["id"]), text(&block["latest_version"]["id"]));
        let buckets = format!("/enforced_blocks/{block}/versions/{block_version}/buckets");
        packer.post(&buckets, &json!({"bucket_names": ["web"]}));
        let version =
            |fingerprint: &str| text(&packer.get(&format!("/buckets/web/versions/{fingerprint}"))["version"]["id"]);
        let ids = vec![
            ("build_id", build),
            ("build_id", unfinished),
            ("iteration_id", version("one")),
            ("iteration_id", version("two")),
            ("enforced_block_id", block),
            ("enforced_block_version_id", block_version),
        ];
        Self { location: packer.location(), ids }
    }
}

//! Requests as a client sends them, made from nouns of the model; what is not said is left out.

use serde_json::{Map, Value, json};

use super::metadata::BuildMetadata;
use crate::model::{
    self, BucketName, BuildStatus, ChannelName, ComponentType, Fingerprint, Labels, RevocationOrder, RunUuid,
    TemplateType, Tier,
};
use crate::wire::hcp::{build_status, template_type, tier};

/// What a client says of a build.
#[derive(Clone, Debug, Default)]
pub struct BuildReport<'r> {
    /// Where it stands: registered, running, failed, cancelled or done.
    pub status: Option<BuildStatus>,
    /// The run that works on it.
    pub run_uuid: Option<&'r RunUuid>,
    /// The cloud; empty where it is not known.
    pub platform: &'r str,
    /// Its labels.
    pub labels: Option<&'r Labels>,
    /// Identifiers and regions of images, beside those that it has.
    pub artifacts: Vec<(&'r str, &'r str)>,
    /// What it was built from.
    pub source_external_identifier: Option<&'r str>,
    /// The id of the version that it was built from.
    pub parent_version_id: Option<&'r str>,
    /// The id of the channel that the parent was found by.
    pub parent_channel_id: Option<&'r str>,
    /// Whence it came.
    pub metadata: Option<&'r model::BuildMetadata>,
}

/// A request to create a bucket.
pub fn create_bucket(name: &BucketName, description: &str, labels: &Labels) -> Value {
    json!({"name": name.as_str(), "description": description, "labels": labels})
}

/// A request to describe a bucket otherwise.
pub fn update_bucket(description: &str, labels: &Labels) -> Value {
    json!({"description": description, "labels": labels})
}

/// A request to create a version.
pub fn create_version(fingerprint: &Fingerprint, kind: TemplateType) -> Value {
    json!({"fingerprint": fingerprint.as_str(), "template_type": template_type(Some(kind))})
}

/// A request to announce a build.
pub fn create_build(component_type: &ComponentType, report: &BuildReport<'_>) -> Value {
    let mut body = update_build(report);
    body["component_type"] = component_type.as_str().into();
    body
}

/// A request to note what is said of a build.
pub fn update_build(report: &BuildReport<'_>) -> Value {
    let mut body = Map::new();
    let texts = [
        ("status", report.status.map(build_status)),
        ("packer_run_uuid", report.run_uuid.map(RunUuid::as_str)),
        ("platform", Some(report.platform).filter(|platform| !platform.is_empty())),
        ("source_external_identifier", report.source_external_identifier),
        ("parent_version_id", report.parent_version_id),
        ("parent_channel_id", report.parent_channel_id),
    ];
    for (name, text) in texts {
        body.extend(text.map(|text| (name.to_owned(), text.into())));
    }
    if let Some(labels) = report.labels {
        body.insert("labels".to_owned(), json!(labels));
    }
    if !report.artifacts.is_empty() {
        let artifact =
            |(identifier, region): &(&str, &str)| json!({"external_identifier": identifier, "region": region});
        body.insert("artifacts".to_owned(), report.artifacts.iter().map(artifact).collect());
    }
    if let Some(metadata) = report.metadata {
        body.insert("metadata".to_owned(), json!(BuildMetadata::known(metadata)));
    }
    Value::Object(body)
}

/// A request to revoke a version.
pub fn revoke(RevocationOrder { revoke_at, message, descends, rolls_back }: &RevocationOrder) -> Value {
    let (field, when) = match revoke_at {
        Some(at) => ("revoke_at", at.to_rfc3339()),
        None => ("revoke_in", "0s".to_owned()),
    };
    json!({
        field: when,
        "revocation_message": message,
        "skip_descendants_revocation": !descends,
        "disable_rollback_channels": !rolls_back,
    })
}

/// A request to restore a version.
pub fn restore() -> Value {
    json!({"restore": true})
}

/// A request to create a channel.
pub fn create_channel(name: &ChannelName, restricted: bool, fingerprint: Option<&Fingerprint>) -> Value {
    let mut body = json!({"name": name.as_str(), "restricted": restricted});
    if let Some(fingerprint) = fingerprint {
        body["version_fingerprint"] = fingerprint.as_str().into();
    }
    body
}

/// A request to change a channel: whether it is restricted, and the fingerprint that it points at or none.
pub fn update_channel(restricted: Option<bool>, assignment: Option<Option<&Fingerprint>>) -> Value {
    let mut body = Map::new();
    let mut mask = Vec::new();
    if let Some(restricted) = restricted {
        body.insert("restricted".to_owned(), restricted.into());
        mask.push("restricted");
    }
    if let Some(fingerprint) = assignment {
        body.insert("version_fingerprint".to_owned(), fingerprint.map_or("", Fingerprint::as_str).into());
        mask.push("versionFingerprint");
    }
    body.insert("update_mask".to_owned(), mask.join(",").into());
    Value::Object(body)
}

/// A request to find an image.
pub fn search(external_identifier: &str, (platform, region): (&str, &str)) -> Value {
    let mut body = json!({"external_identifier": external_identifier});
    for (name, text) in [("platform", platform), ("region", region)] {
        if !text.is_empty() {
            body[name] = text.into();
        }
    }
    body
}

/// A request to create the registry.
pub fn create_registry(asked: Tier) -> Value {
    json!({"feature_tier": tier(asked)})
}

/// A request to change the registry.
pub fn update_registry(asked: Option<Tier>, active: Option<bool>) -> Value {
    let mut body = Map::new();
    let mut mask = Vec::new();
    if let Some(asked) = asked {
        body.insert("feature_tier".to_owned(), tier(asked).into());
        mask.push("featureTier");
    }
    if let Some(active) = active {
        body.insert("activated".to_owned(), active.into());
        mask.push("activated");
    }
    body.insert("update_mask".to_owned(), mask.join(",").into());
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::model::{ChannelUpdate, IterationSelector, RegistryUpdate, Timestamp};
    use crate::wire::hcp::IterationChange;
    use crate::wire::hcp_2023::{
        CreateBuildRequest, CreateChannelRequest, UpdateChannelRequest, UpdateRegistryRequest, UpdateVersionRequest,
    };

    fn received<T: DeserializeOwned>(body: Value) -> T {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn a_server_reads_of_a_build_what_a_client_said() {
        let record = model::sample::record();
        let report = BuildReport {
            status: Some(BuildStatus::Done),
            run_uuid: Some(&record.run_uuid),
            platform: "aws",
            labels: Some(&record.labels),
            artifacts: vec![("ami-1", "us-east-1"), ("ami-2", "")],
            source_external_identifier: Some("ami-0"),
            parent_version_id: Some("01JC0000000000000000000000"),
            parent_channel_id: Some("01JC0000000000000000000001"),
            metadata: Some(&record.metadata),
        };
        let build = received::<CreateBuildRequest>(create_build(&record.component_type, &report)).read().unwrap();
        assert_eq!((build.component_type, build.update.status), (record.component_type, Some(BuildStatus::Done)));
        let update = build.update;
        assert_eq!((update.run_uuid, update.labels), (Some(record.run_uuid), Some(record.labels)));
        let images: Vec<_> =
            update.images.iter().map(|i| (i.external_identifier.as_str(), i.region.as_str())).collect();
        assert_eq!(images, [("ami-1", "us-east-1"), ("ami-2", "")]);
        assert_eq!(update.source_external_identifier.as_deref(), Some("ami-0"));
        assert_eq!(update.parent_iteration.unwrap().as_str(), "01JC0000000000000000000000");
        assert_eq!(update.parent_channel.as_deref(), Some("01JC0000000000000000000001"));
        assert_eq!(update.metadata.unwrap().packer_version, record.metadata.packer_version);
        let nothing = received::<CreateBuildRequest>(update_build(&BuildReport::default()));
        assert!(nothing.read().is_err(), "a component type is all that a build must have");
    }

    #[test]
    fn a_server_reads_of_a_channel_what_a_client_said() {
        let fingerprint = Fingerprint::parse("one").unwrap();
        let selector = IterationSelector::Fingerprint(fingerprint.clone());
        for (restricted, assignment) in
            [(None, Some(None)), (None, Some(Some(&fingerprint))), (Some(false), None), (Some(true), Some(None))]
        {
            let read = received::<UpdateChannelRequest>(update_channel(restricted, assignment)).read().unwrap();
            let assignment = assignment.map(|assignment| assignment.map(|_| selector.clone()));
            assert_eq!(read, ChannelUpdate { restricted, assignment });
        }
        let name = ChannelName::parse("production").unwrap();
        let made = received::<CreateChannelRequest>(create_channel(&name, true, Some(&fingerprint))).read().unwrap();
        assert_eq!(made, (name, true, Some(fingerprint)));
    }

    #[test]
    fn a_server_reads_a_revocation_and_a_registry_as_a_client_said_them() {
        for revoke_at in [None, Some(Timestamp(7_000))] {
            let message = "a hole".to_owned();
            let order = RevocationOrder { revoke_at, message, descends: false, rolls_back: true };
            let read = received::<UpdateVersionRequest>(revoke(&order)).read(Timestamp(1)).unwrap();
            assert_eq!(read, IterationChange::Revoke(order));
        }
        assert_eq!(received::<UpdateVersionRequest>(restore()).read(Timestamp(1)).unwrap(), IterationChange::Restore);
        let read = received::<UpdateRegistryRequest>(update_registry(Some(Tier::Plus), Some(false))).read().unwrap();
        assert_eq!(read, RegistryUpdate { tier: Some(Tier::Plus), active: Some(false), on_untracked_image: None });
        let read = received::<UpdateRegistryRequest>(update_registry(None, Some(true))).read().unwrap();
        assert_eq!(read, RegistryUpdate { tier: None, active: Some(true), on_untracked_image: None });
    }
}

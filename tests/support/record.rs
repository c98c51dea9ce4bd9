//! Records, as a plugin would make them.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::collections::BTreeMap;

use packer_plugin_registry::model::{
    BucketName, BuildMetadata, CapturedImage, ChannelName, ComponentType, Fingerprint, Iteration, IterationRecord,
    Labels, OnExisting, ParentIteration, RunUuid, Timestamp,
};

/// The fingerprint that records ask for unless a test says otherwise.
pub(crate) const FINGERPRINT: &str = "release-1";

/// A record of one build by the run number `run`, made `run` seconds after the epoch, with one image.
pub(crate) fn build(run: u32, component: &str) -> IterationRecord {
    let at = Timestamp(i64::from(run) * 1000);
    IterationRecord {
        bucket: bucket("web-server"),
        bucket_description: None,
        bucket_labels: None,
        fingerprint: fingerprint(FINGERPRINT),
        fresh_fingerprint: fingerprint(&format!("fresh-{run}")),
        on_existing: OnExisting::New,
        run_uuid: run_uuid(run),
        component_type: component_type(component),
        expected: vec![component_type(component)],
        channels: Vec::new(),
        platform: "aws".to_owned(),
        images: vec![image("us-east-1", &identifier(run, component))],
        files: Vec::new(),
        labels: Labels::new(),
        source_external_identifier: None,
        parents: Vec::new(),
        metadata: BuildMetadata::default(),
        started_at: at,
        recorded_at: at,
    }
}

/// The same, for the fingerprint that it is given.
pub(crate) fn build_of(asked: &str, run: u32, component: &str) -> IterationRecord {
    IterationRecord { fingerprint: fingerprint(asked), ..build(run, component) }
}

/// The identifier of the image of [`build`].
pub(crate) fn identifier(run: u32, component: &str) -> String {
    format!("ami-{component}-{run}")
}

/// An image on AWS.
pub(crate) fn image(region: &str, external_identifier: &str) -> CapturedImage {
    CapturedImage {
        platform: "aws".to_owned(),
        region: region.to_owned(),
        external_identifier: external_identifier.to_owned(),
        ..CapturedImage::default()
    }
}

/// An iteration that a channel gave an image of, as the record of what was built from that image names it.
pub(crate) fn parent_of(iteration: &Iteration) -> ParentIteration {
    ParentIteration {
        bucket: iteration.bucket.clone(),
        fingerprint: iteration.fingerprint.clone(),
        iteration_id: iteration.id.to_string(),
        version: iteration.version,
        channel: None,
        external_identifier: iteration.builds[0].artifacts[0].external_identifier.clone(),
    }
}

pub(crate) fn bucket(name: &str) -> BucketName {
    BucketName::parse(name).unwrap()
}

pub(crate) fn channel(name: &str) -> ChannelName {
    ChannelName::parse(name).unwrap()
}

pub(crate) fn fingerprint(text: &str) -> Fingerprint {
    Fingerprint::parse(text).unwrap()
}

pub(crate) fn component_type(text: &str) -> ComponentType {
    ComponentType::parse(text).unwrap()
}

pub(crate) fn component_types(names: &[&str]) -> Vec<ComponentType> {
    names.iter().map(|name| component_type(name)).collect()
}

pub(crate) fn run_uuid(run: u32) -> RunUuid {
    RunUuid::parse(format!("00000000-0000-4000-8000-{run:012}")).unwrap()
}

pub(crate) fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>()
}

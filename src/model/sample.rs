//! A record for tests, with something in every field.

use super::{
    BucketName, BuildMetadata, CapturedImage, ChannelName, CiJob, ComponentType, FileDigest, Fingerprint,
    IterationRecord, Labels, OnExisting, OsInfo, ParentIteration, RunUuid, TemplateType, Timestamp, Vcs,
};

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn labels(key: &str, value: &str) -> Labels {
    Labels::from([(key.to_owned(), value.to_owned())])
}

/// A record in which no field is empty.
pub(crate) fn record() -> IterationRecord {
    let component = |name: &str| ComponentType::parse(name).unwrap();
    let fingerprint = |name: &str| Fingerprint::parse(name).unwrap();
    IterationRecord {
        bucket: BucketName::parse("learn-packer").unwrap(),
        bucket_description: text("What the tests record"),
        bucket_labels: Some(labels("team", "images")),
        fingerprint: fingerprint("v1.2_3"),
        fresh_fingerprint: fingerprint("01KAPRA8QJ5W1N9J7Z0FQ2K8VD"),
        on_existing: OnExisting::New,
        run_uuid: RunUuid::parse("6f2b3a52-4f8e-4b8a-9b1f-6a1a0b8f1c11").unwrap(),
        component_type: component("amazon-ebs.east"),
        expected: vec![component("amazon-ebs.east"), component("amazon-ebs.west")],
        channels: vec![ChannelName::parse("staging").unwrap()],
        platform: "aws".to_owned(),
        images: vec![CapturedImage {
            platform: "aws".to_owned(),
            region: "us-east-1".to_owned(),
            external_identifier: "ami-0123".to_owned(),
            source_external_identifier: text("ami-0001"),
            labels: labels("arch", "x86_64"),
        }],
        files: vec![FileDigest { name: "out/disk.qcow2".to_owned(), size: 7, sha256: text(&"0a".repeat(32)) }],
        labels: labels("os", "ubuntu"),
        source_external_identifier: text("ami-0001"),
        parents: vec![ParentIteration {
            bucket: BucketName::parse("base").unwrap(),
            fingerprint: fingerprint("base-1"),
            iteration_id: "01KAPRA8QJ5W1N9J7Z0FQ2K8VE".to_owned(),
            version: Some(3),
            channel: Some(ChannelName::parse("production").unwrap()),
            external_identifier: "ami-0001".to_owned(),
        }],
        metadata: BuildMetadata {
            packer_version: "1.16.0".to_owned(),
            plugin_version: "0.1.0".to_owned(),
            builder_type: "amazon-ebs".to_owned(),
            builder_id: "mitchellh.amazonebs".to_owned(),
            template_type: TemplateType::Hcl2,
            os: OsInfo { kind: "linux".to_owned(), arch: "x86_64".to_owned(), version: text("6.1.0") },
            vcs: Some(Vcs {
                commit: text(&"1b".repeat(20)),
                branch: text("main"),
                dirty: true,
                author: text("A. Builder <builder@example.com>"),
            }),
            ci: Some(CiJob {
                system: "github".to_owned(),
                url: text("https://forge.example/acme/images/actions/runs/17"),
                details: labels("GITHUB_RUN_ID", "17"),
            }),
        },
        started_at: Timestamp(1_795_383_900_123),
        recorded_at: Timestamp(1_795_387_500_456),
    }
}

use packer_plugin_registry::model::{
    BuildMetadata, BuildStatus, CapturedImage, CiJob, FileDigest, IterationRecord, IterationStatus, OsInfo,
    ParentIteration, TemplateType, Timestamp, Vcs, Warning,
};
use packer_plugin_registry::registry::store::Store;
use packer_plugin_registry::registry::{RegistryError, limits};

use crate::store::on_every_engine;
use crate::store::record::{
    FINGERPRINT, bucket, build, build_of, channel, component_type, component_types, fingerprint, image, labels,
};
use crate::store::registry::{NOON, Registry};

fn a_record_creates_its_bucket_and_its_iteration_and_is_unconfirmed<S: Store>(registry: &Registry<S>) {
    let receipt = registry.ingest(&build(1, "east"));
    assert_eq!((receipt.recorded, receipt.expected), (0, 1));
    assert_eq!(receipt.missing, component_types(&["east"]));
    assert_eq!(receipt.fingerprint.as_str(), FINGERPRINT);
    assert!(!receipt.replayed && receipt.warnings.is_empty() && receipt.version.is_none());

    let iteration = registry.iteration(FINGERPRINT);
    assert_eq!(iteration.id, receipt.iteration_id);
    assert_eq!(iteration.status, IterationStatus::Incomplete);
    assert_eq!(iteration.builds[0].status, BuildStatus::Unconfirmed);
    assert_eq!(registry.bucket().iterations, 1);
}

fn everything_that_a_record_says_reads_back<S: Store>(registry: &Registry<S>) {
    let parent = ParentIteration {
        bucket: bucket("base"),
        fingerprint: fingerprint("base-7"),
        iteration_id: "01KAPRA8QJ5W1N9J7Z0FQ2K8VD".to_owned(),
        version: Some(7),
        channel: Some(channel("production")),
        external_identifier: "ami-base".to_owned(),
    };
    let metadata = BuildMetadata {
        packer_version: "1.16.0".to_owned(),
        plugin_version: "0.1.0".to_owned(),
        builder_type: "amazon-ebs".to_owned(),
        builder_id: "mitchellh.amazonebs".to_owned(),
        template_type: TemplateType::Json,
        os: OsInfo { kind: "linux".to_owned(), arch: "x86_64".to_owned(), version: Some("6.12".to_owned()) },
        vcs: Some(Vcs { commit: Some("c0ffee".to_owned()), branch: None, dirty: true, author: Some("Ada".to_owned()) }),
        ci: Some(CiJob {
            system: "github".to_owned(),
            url: Some("https://ci.test/1".to_owned()),
            details: labels(&[("GITHUB_RUN_ID", "1")]),
        }),
    };
    let from_base = CapturedImage {
        source_external_identifier: Some("ami-base-2".to_owned()),
        labels: labels(&[("Name", "web")]),
        ..image("eu-west-1", "ami-2")
    };
    let file = FileDigest { name: "disk \u{1f4bf}.qcow2".to_owned(), size: 1 << 40, sha256: Some("ab".repeat(32)) };
    let record = IterationRecord {
        bucket_description: Some("Web servers, \"hardened\"; -- '".to_owned()),
        bucket_labels: Some(labels(&[("owner", "platform")])),
        images: vec![from_base, image("", "ami-1")],
        files: vec![file, FileDigest { name: "cancelled".to_owned(), size: 0, sha256: None }],
        labels: labels(&[("build-time", "noon")]),
        source_external_identifier: Some("ami-base".to_owned()),
        parents: vec![parent],
        metadata,
        started_at: Timestamp(17),
        ..build(1, "east")
    };
    registry.ingest(&record);

    let read = registry.iteration(FINGERPRINT).builds.remove(0);
    assert_eq!(read.component_type, record.component_type);
    assert_eq!(read.platform, record.platform);
    assert_eq!(read.run_uuid, record.run_uuid);
    assert_eq!(read.labels, record.labels);
    assert_eq!(read.source_external_identifier, record.source_external_identifier);
    assert_eq!(read.parents, record.parents);
    assert_eq!(read.files, record.files);
    assert_eq!(read.metadata, record.metadata);
    assert_eq!((read.started_at, read.recorded_at), (record.started_at, record.recorded_at));
    let images: Vec<_> = read.artifacts.iter().map(|a| (a.region.as_str(), a.external_identifier.as_str())).collect();
    assert_eq!(images, [("", "ami-1"), ("eu-west-1", "ami-2")]);
    let (plain, from_base) = (&read.artifacts[0], &read.artifacts[1]);
    assert_eq!((plain.source_external_identifier.as_deref(), &plain.labels), (None, &labels(&[])));
    assert_eq!(from_base.source_external_identifier.as_deref(), Some("ami-base-2"));
    assert_eq!(from_base.labels, labels(&[("Name", "web")]));
    let bucket = registry.bucket().bucket;
    assert_eq!(Some(bucket.description), record.bucket_description);
    assert_eq!(Some(bucket.labels), record.bucket_labels);
}

fn the_same_record_again_changes_nothing<S: Store>(registry: &Registry<S>) {
    let first = registry.ingest(&build(1, "east"));
    let before = registry.everything();
    registry.clock.set(Timestamp(NOON.0 + 60_000));
    for _ in 0..3 {
        let again = registry.ingest(&build(1, "east"));
        assert!(again.replayed);
        assert_eq!(again.iteration_id, first.iteration_id);
        assert_eq!((again.recorded, again.expected, again.missing), (0, 1, component_types(&["east"])));
    }
    assert_eq!(registry.everything(), before);
}

fn the_same_record_after_completion_finds_its_iteration<S: Store>(registry: &Registry<S>) {
    let first = registry.record(&build(1, "east"));
    let before = registry.everything();
    let again = registry.ingest(&build(1, "east"));
    assert!(again.replayed && again.warnings.is_empty());
    assert_eq!((again.iteration_id, again.version), (first.iteration_id, Some(1)));
    assert_eq!(registry.everything(), before);
}

fn the_same_record_finds_the_fresh_iteration_that_took_it<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    let first = registry.ingest(&build(2, "east"));
    registry.confirm(&build(2, "east"));
    let before = registry.everything();
    let again = registry.ingest(&build(2, "east"));
    assert!(again.replayed);
    assert_eq!((&again.iteration_id, &again.fingerprint), (&first.iteration_id, &fingerprint("fresh-2")));
    assert_eq!(again.warnings, first.warnings);
    assert_eq!(registry.everything(), before);
}

fn the_same_key_with_more_images_or_files_adds_them<S: Store>(registry: &Registry<S>) {
    let expected = component_types(&["east", "west"]);
    let first = IterationRecord { expected, ..build(1, "east") };
    registry.record(&first);
    let disk = FileDigest { name: "disk".to_owned(), size: 1, sha256: Some("ab".repeat(32)) };
    let copy = image("eu-west-1", "ami-copy");
    let more = IterationRecord { images: vec![first.images[0].clone(), copy], files: vec![disk], ..first.clone() };
    let receipt = registry.ingest(&more);
    let names = vec!["ami-copy".to_owned(), "disk".to_owned()];
    assert_eq!(receipt.warnings, [Warning::Added { component_type: component_type("east"), names }]);
    assert!(!receipt.replayed);
    let read = registry.iteration(FINGERPRINT).builds.remove(0);
    assert_eq!((read.status, read.artifacts.len(), read.files.len()), (BuildStatus::Done, 2, 1));
    for known in [&more, &first] {
        let receipt = registry.ingest(known);
        assert!(receipt.replayed && receipt.warnings.is_empty());
    }
}

fn the_same_key_with_more_images_is_refused_by_a_complete_iteration<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    let before = registry.everything();
    let more = IterationRecord { images: vec![image("eu-west-1", "ami-copy")], ..build(1, "east") };
    let Err(RegistryError::Refused(message)) = registry.try_ingest(&more) else { panic!("it was not refused") };
    for part in ["east", FINGERPRINT, "v1", "ami-copy", "component_type"] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(registry.everything(), before);
}

fn a_record_for_a_complete_iteration_goes_to_the_fresh_one_that_its_run_shares<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    let complete = registry.iteration(FINGERPRINT);
    let expected = component_types(&["east", "west"]);
    let east = registry.ingest(&IterationRecord { expected: expected.clone(), ..build(2, "east") });
    let west = registry.ingest(&IterationRecord { expected, ..build(2, "west") });
    let warning = Warning::WentToFreshIteration { asked: fingerprint(FINGERPRINT), used: fingerprint("fresh-2") };
    assert_eq!(east.warnings, std::slice::from_ref(&warning));
    assert_eq!(west.warnings, [warning]);
    assert_eq!(east.iteration_id, west.iteration_id);
    assert_eq!(registry.iteration("fresh-2").builds.len(), 2);
    assert_eq!(registry.iteration(FINGERPRINT), complete);
}

fn fail_on_existing_does_not_lose_a_record_either<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    let on_existing = packer_plugin_registry::model::OnExisting::Fail;
    let receipt = registry.ingest(&IterationRecord { on_existing, ..build(2, "east") });
    assert_eq!(receipt.fingerprint, fingerprint("fresh-2"));
}

fn a_new_build_of_a_run_whose_iteration_is_complete_goes_to_a_fresh_one<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    let receipt = registry.ingest(&build(1, "west"));
    assert_eq!(receipt.fingerprint, fingerprint("fresh-1"));
    assert_eq!(receipt.warnings.len(), 1);
    assert_eq!(registry.iteration(FINGERPRINT).builds.len(), 1);
}

fn where_the_fresh_iteration_is_complete_too_the_builds_of_a_run_share_another<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    registry.record(&build_of("fresh-2", 9, "east"));
    let expected = component_types(&["east", "west"]);
    let east = registry.ingest(&IterationRecord { expected: expected.clone(), ..build(2, "east") });
    let west = registry.ingest(&IterationRecord { expected, ..build(2, "west") });
    assert_eq!(east.iteration_id, west.iteration_id);
    assert!(![FINGERPRINT, "fresh-2"].contains(&east.fingerprint.as_str()));
    assert_eq!(registry.ingest(&build(2, "east")).iteration_id, east.iteration_id, "a replay finds it");
    registry.confirm(&build(2, "east"));
    assert_eq!(registry.confirm(&build(2, "west")).version, Some(3));
}

fn what_is_expected_is_what_any_record_expects<S: Store>(registry: &Registry<S>) {
    registry.ingest(&IterationRecord { expected: component_types(&["east", "west"]), ..build(1, "east") });
    let receipt = registry.ingest(&IterationRecord { expected: component_types(&["north"]), ..build(1, "south") });
    assert_eq!(receipt.missing, component_types(&["east", "north", "south", "west"]));
    assert_eq!(registry.iteration(FINGERPRINT).missing, receipt.missing);
}

fn only_a_newer_record_describes_the_bucket_anew<S: Store>(registry: &Registry<S>) {
    let described = |run: u32, text: &str| IterationRecord {
        bucket_description: Some(text.to_owned()),
        bucket_labels: Some(labels(&[("run", text)])),
        ..build(run, &format!("build-{run}"))
    };
    registry.ingest(&described(5, "fifth"));
    registry.ingest(&described(4, "fourth"));
    let bucket = registry.bucket().bucket;
    assert_eq!((bucket.description.as_str(), &bucket.labels), ("fifth", &labels(&[("run", "fifth")])));
    registry.ingest(&build(6, "silent"));
    assert_eq!(registry.bucket().bucket.description, "fifth", "a record without a description leaves it");
    registry.ingest(&described(7, "seventh"));
    let bucket = registry.bucket().bucket;
    assert_eq!((bucket.description.as_str(), &bucket.labels), ("seventh", &labels(&[("run", "seventh")])));
}

fn a_record_beyond_a_limit_is_refused_whole<S: Store>(registry: &Registry<S>) {
    let long = "x".repeat(limits::MAX_TEXT + 1);
    let too_many = vec![image("us-east-1", "ami-1"); limits::MAX_IMAGES + 1];
    let many_labels = (0..=limits::MAX_BUCKET_LABELS).map(|n| (n.to_string(), String::new())).collect();
    let records = [
        IterationRecord { bucket_description: Some("é".repeat(256)), ..build(1, "east") },
        IterationRecord { bucket_labels: Some(many_labels), ..build(1, "east") },
        IterationRecord { bucket_labels: Some(labels(&[(&"k".repeat(129), "")])), ..build(1, "east") },
        IterationRecord { labels: labels(&[("key", &"v".repeat(1025))]), ..build(1, "east") },
        IterationRecord { images: too_many, ..build(1, "east") },
        IterationRecord { images: vec![image("us-east-1", &long)], ..build(1, "east") },
        IterationRecord { platform: long, ..build(1, "east") },
    ];
    for record in records {
        let Err(RegistryError::Refused(message)) = registry.try_ingest(&record) else { panic!("it was not refused") };
        assert!(message.starts_with("the record has ") && message.contains(" is the most"), "{message}");
    }
    assert!(registry.buckets().is_empty());
    let at_the_limit = IterationRecord { bucket_description: Some("é".repeat(255)), ..build(1, "east") };
    assert!(registry.try_ingest(&at_the_limit).is_ok());
}

on_every_engine![
    a_record_creates_its_bucket_and_its_iteration_and_is_unconfirmed,
    everything_that_a_record_says_reads_back,
    the_same_record_again_changes_nothing,
    the_same_record_after_completion_finds_its_iteration,
    the_same_record_finds_the_fresh_iteration_that_took_it,
    the_same_key_with_more_images_or_files_adds_them,
    the_same_key_with_more_images_is_refused_by_a_complete_iteration,
    a_record_for_a_complete_iteration_goes_to_the_fresh_one_that_its_run_shares,
    fail_on_existing_does_not_lose_a_record_either,
    a_new_build_of_a_run_whose_iteration_is_complete_goes_to_a_fresh_one,
    where_the_fresh_iteration_is_complete_too_the_builds_of_a_run_share_another,
    what_is_expected_is_what_any_record_expects,
    only_a_newer_record_describes_the_bucket_anew,
    a_record_beyond_a_limit_is_refused_whole,
];

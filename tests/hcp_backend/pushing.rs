use packer_plugin_registry::backend::{Backend as _, BackendError, Governance as _};
use packer_plugin_registry::model::{
    AncestryQuery, BuildStatus, FileDigest, IterationSelector, IterationStatus, ParentIteration, Timestamp, Warning,
};

use super::place::{Place, push, record};
use crate::support::record::{bucket, channel, component_types, fingerprint, image};

fn by(asked: &str) -> IterationSelector {
    IterationSelector::Fingerprint(fingerprint(asked))
}

#[test]
fn a_run_of_two_builds_becomes_one_version_once_both_are_confirmed() {
    let place = Place::start();
    let registry = place.hcp();
    registry.check_writable(None).unwrap();
    let expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    let [east, west] = ["amazon-ebs.east", "amazon-ebs.west"].map(|component| {
        let mut record = record("one", 1, component);
        record.expected = expected.clone();
        record.channels = vec![channel("production")];
        record.bucket_description = Some("What serves".to_owned());
        record.bucket_labels = Some([("team".to_owned(), "web".to_owned())].into());
        record
    });
    let receipt = registry.ingest(&east).unwrap();
    assert_eq!((receipt.version, receipt.recorded, receipt.expected), (None, 0, 2));
    let receipt = registry.confirm(&east.key()).unwrap();
    assert_eq!((receipt.version, receipt.recorded, receipt.assigned), (None, 1, Vec::new()));
    assert_eq!(receipt.missing, component_types(&["amazon-ebs.west"]));
    registry.ingest(&west).unwrap();
    let receipt = registry.confirm(&west.key()).unwrap();
    assert_eq!((receipt.version, receipt.assigned), (Some(1), vec![channel("production")]));
    assert!(registry.confirm(&west.key()).unwrap().replayed, "the answer may have been lost");

    let summary = registry.bucket(&bucket("web-server")).unwrap();
    assert_eq!((summary.bucket.description.as_str(), summary.iterations), ("What serves", 1));
    let seen = place.grpc().iteration(&bucket("web-server"), &by("one")).unwrap();
    assert_eq!((seen.status, seen.builds.len(), seen.version), (IterationStatus::Complete, 2, Some(1)));
    assert_eq!(seen.builds[0].labels, east.labels);
    assert_eq!(seen.builds[0].metadata.packer_version, east.metadata.packer_version);
    assert_eq!(seen.channels, [channel("latest"), channel("production")]);
}

#[test]
fn images_are_there_before_packer_took_the_answer_so_that_no_crash_loses_them() {
    let place = Place::start();
    let east = record("one", 1, "amazon-ebs.east");
    place.hcp().ingest(&east).unwrap();
    let seen = place.grpc().iteration(&bucket("web-server"), &by("one")).unwrap();
    assert_eq!((seen.status, seen.builds[0].status), (IterationStatus::Incomplete, BuildStatus::Running));
    assert_eq!(seen.builds[0].artifacts.len(), 1);
    // Another process, which knows no more than the key.
    assert_eq!(place.hcp().confirm(&east.key()).unwrap().version, Some(1));
    assert!(matches!(place.hcp().confirm(&record("two", 2, "x.y").key()), Err(BackendError::NotFound(_))));
}

#[test]
fn a_fingerprint_that_others_have_completed_gives_way_to_a_fresh_one() {
    let place = Place::start();
    let registry = place.hcp();
    push(&registry, &record("one", 1, "amazon-ebs.east"));
    let again = record("one", 2, "amazon-ebs.east");
    let receipt = registry.ingest(&again).unwrap();
    let [Warning::WentToFreshIteration { asked, used }] = receipt.warnings.as_slice() else {
        panic!("{:?}", receipt.warnings)
    };
    assert_eq!((asked.as_str(), used), ("one", &again.fresh_fingerprint));
    assert_eq!(registry.confirm(&again.key()).unwrap().version, Some(2));
    assert_eq!(registry.iterations(&bucket("web-server")).unwrap().len(), 2);
}

#[test]
fn a_build_of_another_run_gives_way_once_the_newer_one_is_confirmed() {
    let place = Place::start();
    let registry = place.hcp();
    let expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    let mut first = record("one", 1, "amazon-ebs.east");
    first.expected.clone_from(&expected);
    push(&registry, &first);
    let mut second = record("one", 2, "amazon-ebs.east");
    second.expected.clone_from(&expected);
    second.recorded_at = Timestamp(second.recorded_at.0 + 60_000);
    let images = || {
        let seen = registry.iteration(&bucket("web-server"), &by("one")).unwrap();
        let artifacts = seen.builds.into_iter().flat_map(|build| build.artifacts);
        artifacts.map(|artifact| artifact.external_identifier).collect::<Vec<_>>()
    };
    registry.ingest(&second).unwrap();
    assert_eq!(images(), ["ami-amazon-ebs.east-1"], "nobody knows whether the other one will exist");
    let receipt = registry.confirm(&second.key()).unwrap();
    assert!(matches!(receipt.warnings.as_slice(), [Warning::Superseded { .. }]), "{:?}", receipt.warnings);
    assert_eq!(images(), ["ami-amazon-ebs.east-2"]);
    let mut late = first.clone();
    late.recorded_at = Timestamp(1);
    late.run_uuid = record("one", 3, "x").run_uuid;
    let receipt = registry.ingest(&late).unwrap();
    assert!(matches!(receipt.warnings.as_slice(), [Warning::ArrivedSuperseded { .. }]), "{:?}", receipt.warnings);
    assert_eq!(images(), ["ami-amazon-ebs.east-2"]);
}

#[test]
fn a_channel_that_has_moved_since_stays_and_one_that_is_missing_is_made() {
    let place = Place::start();
    let registry = place.hcp();
    push(&registry, &record("one", 1, "amazon-ebs.east"));
    registry.assign_channel(&bucket("web-server"), &channel("production"), &by("one")).unwrap();
    let mut late = record("two", 2, "amazon-ebs.east");
    late.recorded_at = Timestamp(1);
    late.channels = vec![channel("production"), channel("staging")];
    registry.ingest(&late).unwrap();
    let receipt = registry.confirm(&late.key()).unwrap();
    assert_eq!(receipt.assigned, [channel("staging")]);
    assert_eq!(receipt.warnings, [Warning::ChannelMovedSince { channel: channel("production") }]);
}

#[test]
fn what_was_built_from_what_is_known() {
    let place = Place::start();
    let registry = place.hcp();
    let mut base = record("base", 1, "amazon-ebs.base");
    base.bucket = bucket("base-image");
    base.channels = vec![channel("production")];
    push(&registry, &base);
    let parent = registry.iteration(&base.bucket, &by("base")).unwrap();
    let mut child = record("one", 2, "amazon-ebs.east");
    child.source_external_identifier = Some("ami-amazon-ebs.base-1".to_owned());
    child.parents = vec![ParentIteration {
        bucket: base.bucket.clone(),
        fingerprint: fingerprint("base"),
        iteration_id: parent.id.to_string(),
        version: Some(1),
        channel: Some(channel("production")),
        external_identifier: "ami-amazon-ebs.base-1".to_owned(),
    }];
    push(&registry, &child);
    let relations = registry.ancestry(&bucket("web-server"), &AncestryQuery::default()).unwrap();
    assert_eq!(relations, place.grpc().ancestry(&bucket("web-server"), &AncestryQuery::default()).unwrap());
    assert_eq!((relations.len(), relations[0].channel.clone()), (1, Some(channel("production"))));
    let descendants = registry.descendants(&base.bucket, &by("base")).unwrap();
    assert_eq!(descendants, place.grpc().descendants(&base.bucket, &by("base")).unwrap());
}

#[test]
fn files_stand_in_for_images_and_without_both_hcp_takes_nothing() {
    let place = Place::start();
    let registry = place.hcp();
    let mut files = record("one", 1, "file.disk");
    files.images.clear();
    files.files = vec![FileDigest { name: "out/disk.img".to_owned(), size: 1, sha256: None }];
    push(&registry, &files);
    let seen = registry.iteration(&bucket("web-server"), &by("one")).unwrap();
    assert_eq!(seen.builds[0].artifacts[0].external_identifier, "out/disk.img");
    let mut nothing = record("two", 2, "null.none");
    nothing.images.clear();
    let error = registry.ingest(&nothing).unwrap_err();
    assert!(matches!(&error, BackendError::Refused(text) if text.contains("without an artifact")), "{error}");
}

#[test]
fn an_image_that_packer_destroyed_is_not_one_of_the_version() {
    let place = Place::start();
    let registry = place.hcp();
    let east = record("one", 1, "amazon-ebs.east");
    registry.ingest(&east).unwrap();
    registry.mark_destroyed(&east.key()).unwrap();
    let seen = place.grpc().iteration(&bucket("web-server"), &by("one")).unwrap();
    assert_eq!(seen.builds[0].status, BuildStatus::Failed);
    let more = record("two", 2, "amazon-ebs.east");
    push(&registry, &more);
    let error = registry.mark_destroyed(&more.key()).unwrap_err().to_string();
    assert!(error.contains("revoke it"), "{error}");
}

#[test]
fn what_a_repeated_record_has_more_is_added_as_long_as_the_version_is_open() {
    let place = Place::start();
    let registry = place.hcp();
    let mut east = record("one", 1, "amazon-ebs.east");
    registry.ingest(&east).unwrap();
    east.images.push(image("eu-west-1", "ami-more"));
    push(&registry, &east);
    let seen = registry.iteration(&bucket("web-server"), &by("one")).unwrap();
    assert_eq!(seen.builds[0].artifacts.len(), 2);
    east.images.push(image("eu-west-2", "ami-late"));
    let error = registry.ingest(&east).unwrap_err().to_string();
    assert!(error.contains("never changes again") && error.contains("ami-late"), "{error}");
}

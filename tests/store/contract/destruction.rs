use crate::store::block_on;
use packer_plugin_registry::model::{BuildStatus, IterationRecord, IterationStatus, Timestamp};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;

use crate::store::on_every_engine;
use crate::store::record::{FINGERPRINT, build, component_types};
use crate::store::registry::{NOON, Registry};

fn a_destroyed_build_is_marked_whether_it_was_confirmed_or_not<S: Store>(registry: &Registry<S>) {
    let expected = component_types(&["east", "west", "north"]);
    registry.record(&IterationRecord { expected, ..build(1, "east") });
    registry.ingest(&build(1, "west"));
    registry.destroy(&build(1, "east"));
    registry.destroy(&build(1, "west"));
    let iteration = registry.iteration(FINGERPRINT);
    assert!(iteration.builds.iter().all(|build| build.status == BuildStatus::Destroyed));
    assert_eq!(iteration.missing, component_types(&["east", "north", "west"]));
}

fn a_destroyed_build_does_not_count_and_is_not_confirmed_afterwards<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build(1, "east"));
    registry.destroy(&build(1, "east"));
    let receipt = registry.confirm(&build(1, "east"));
    assert_eq!((receipt.version, receipt.recorded), (None, 0));
    assert_eq!(registry.iteration(FINGERPRINT).builds[0].status, BuildStatus::Destroyed);
    assert_eq!(registry.record(&build(2, "east")).version, Some(1), "another run can take its place");
}

fn destruction_is_an_annotation_on_a_complete_iteration<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    registry.destroy(&build(1, "east"));
    let iteration = registry.iteration(FINGERPRINT);
    assert_eq!((iteration.status, iteration.version), (IterationStatus::Complete, Some(1)));
    assert_eq!(iteration.builds[0].status, BuildStatus::Destroyed);
    assert_eq!(iteration.builds[0].artifacts.len(), 1, "its identifiers are kept");
    assert_eq!(registry.version_behind("latest"), Some(1));
}

fn destroying_again_changes_nothing<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    registry.destroy(&build(1, "east"));
    let before = registry.everything();
    registry.clock.set(Timestamp(NOON.0 + 60_000));
    registry.destroy(&build(1, "east"));
    assert_eq!(registry.everything(), before);
}

fn destroying_what_was_never_recorded_says_so<S: Store>(registry: &Registry<S>) {
    let error = block_on(registry.service.mark_destroyed(&registry.caller, &build(1, "east").key())).unwrap_err();
    assert!(matches!(error, RegistryError::NotFound { .. }));
    assert_eq!(error.to_string(), "bucket web-server does not exist; there are no buckets yet");
}

on_every_engine![
    a_destroyed_build_is_marked_whether_it_was_confirmed_or_not,
    a_destroyed_build_does_not_count_and_is_not_confirmed_afterwards,
    destruction_is_an_annotation_on_a_complete_iteration,
    destroying_again_changes_nothing,
    destroying_what_was_never_recorded_says_so,
];

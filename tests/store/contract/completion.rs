use crate::store::block_on;
use packer_plugin_registry::model::{
    BuildStatus, IterationRecord, IterationSelector, IterationStatus, Timestamp, Warning,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::{Store, Value};

use crate::store::on_every_engine;
use crate::store::record::{FINGERPRINT, bucket, build, build_of, component_types, fingerprint, run_uuid};
use crate::store::registry::{NOON, Registry};

fn an_iteration_is_complete_once_every_expected_build_is_confirmed<S: Store>(registry: &Registry<S>) {
    let expected = component_types(&["east", "west"]);
    let east = IterationRecord { expected: expected.clone(), ..build(1, "east") };
    let west = IterationRecord { expected, ..build(1, "west") };
    registry.ingest(&east);
    registry.ingest(&west);
    let receipt = registry.confirm(&east);
    assert_eq!((receipt.recorded, receipt.expected, receipt.version), (1, 2, None));
    assert_eq!(receipt.missing, component_types(&["west"]));
    assert_eq!(registry.iteration(FINGERPRINT).status, IterationStatus::Incomplete);

    registry.clock.set(Timestamp(NOON.0 + 5));
    let receipt = registry.confirm(&west);
    assert_eq!((receipt.recorded, receipt.expected, receipt.version), (2, 2, Some(1)));
    assert!(receipt.missing.is_empty());
    let iteration = registry.iteration(FINGERPRINT);
    assert_eq!((iteration.status, iteration.version), (IterationStatus::Complete, Some(1)));
    assert_eq!(iteration.completed_at, Some(Timestamp(NOON.0 + 5)));
    assert_eq!(iteration.partial_reason, None);
    assert!(iteration.builds.iter().all(|build| build.status == BuildStatus::Done));
}

fn an_unconfirmed_build_does_not_complete_an_iteration<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build(1, "east"));
    registry.ingest(&build(1, "east"));
    assert_eq!(registry.iteration(FINGERPRINT).status, IterationStatus::Incomplete);
}

fn confirming_again_changes_nothing<S: Store>(registry: &Registry<S>) {
    let first = registry.record(&build(1, "east"));
    let before = registry.everything();
    registry.clock.set(Timestamp(NOON.0 + 60_000));
    let again = registry.confirm(&build(1, "east"));
    assert_eq!((again.iteration_id, again.version, again.recorded), (first.iteration_id, Some(1), 1));
    assert!(again.assigned.is_empty() && again.warnings.is_empty());
    assert_eq!(registry.everything(), before);
}

fn the_versions_of_a_bucket_are_dense_and_its_own<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build_of("never-confirmed", 1, "east"));
    for run in 2..=4 {
        let receipt = registry.record(&build_of(&format!("release-{run}"), run, "east"));
        assert_eq!(receipt.version, Some(run - 1));
    }
    let elsewhere = IterationRecord { bucket: bucket("database"), ..build(9, "east") };
    assert_eq!(registry.record(&elsewhere).version, Some(1));
}

fn a_complete_iteration_cannot_be_changed_past_the_rules<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    for statement in [
        "UPDATE iterations SET version = 7 WHERE fingerprint = $1",
        "UPDATE iterations SET recorded_at = 0 WHERE fingerprint = $1",
        "UPDATE builds SET status = 'unconfirmed' WHERE asked_fingerprint = $1",
        "UPDATE artifacts SET external_identifier = 'ami-other' WHERE external_identifier <> $1",
        "DELETE FROM artifacts WHERE external_identifier <> $1",
    ] {
        let before = registry.everything();
        let result = registry.execute(statement, vec![Value::from(FINGERPRINT)]);
        assert!(result.is_err(), "{statement}");
        assert_eq!(registry.everything(), before);
    }
}

fn a_build_that_was_left_out_of_a_partial_completion_moves_on_when_it_is_confirmed<S: Store>(registry: &Registry<S>) {
    let expected = component_types(&["east", "west"]);
    registry.record(&IterationRecord { expected, ..build(1, "east") });
    registry.ingest(&build(1, "west"));
    registry.try_complete(FINGERPRINT, "west can wait").unwrap();
    let receipt = registry.confirm(&build(1, "west"));
    assert_eq!((&receipt.fingerprint, receipt.version), (&fingerprint("fresh-1"), Some(2)));
    let moved = Warning::WentToFreshIteration { asked: fingerprint(FINGERPRINT), used: fingerprint("fresh-1") };
    assert_eq!(receipt.warnings, [moved]);
    assert_eq!(registry.iteration(FINGERPRINT).builds.len(), 1);
    assert_eq!(registry.iteration("fresh-1").builds[0].status, BuildStatus::Done);
    let before = registry.everything();
    assert_eq!(registry.confirm(&build(1, "west")).version, Some(2));
    assert_eq!(registry.ingest(&build(1, "west")).fingerprint, fingerprint("fresh-1"));
    assert_eq!(registry.everything(), before);
}

fn confirming_what_was_never_recorded_says_so<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build(1, "east"));
    let error = block_on(registry.service.confirm(&registry.caller, &build(2, "east").key())).unwrap_err();
    assert!(matches!(error, RegistryError::NotFound { .. }));
    let message = error.to_string();
    for part in ["build east", run_uuid(2).as_str(), FINGERPRINT, "bucket web-server", "spool push"] {
        assert!(message.contains(part), "{message}");
    }
}

fn the_time_of_an_iteration_is_that_of_its_newest_record<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build(7, "east"));
    registry.ingest(&build(3, "west"));
    let iteration = registry.try_iteration(&IterationSelector::Fingerprint(fingerprint(FINGERPRINT))).unwrap();
    assert_eq!(iteration.recorded_at, Timestamp(7000));
}

on_every_engine![
    an_iteration_is_complete_once_every_expected_build_is_confirmed,
    an_unconfirmed_build_does_not_complete_an_iteration,
    confirming_again_changes_nothing,
    the_versions_of_a_bucket_are_dense_and_its_own,
    a_complete_iteration_cannot_be_changed_past_the_rules,
    a_build_that_was_left_out_of_a_partial_completion_moves_on_when_it_is_confirmed,
    confirming_what_was_never_recorded_says_so,
    the_time_of_an_iteration_is_that_of_its_newest_record,
];

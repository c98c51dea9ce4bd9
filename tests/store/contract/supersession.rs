use packer_plugin_registry::model::{BuildStatus, IterationRecord, RunUuid, Warning};
use packer_plugin_registry::registry::store::Store;

use crate::store::on_every_engine;
use crate::store::record::{FINGERPRINT, build, channel, component_type, component_types, identifier, run_uuid};
use crate::store::registry::Registry;

/// A build of an iteration that stays incomplete.
fn east(run: u32) -> IterationRecord {
    IterationRecord { expected: component_types(&["east", "west"]), ..build(run, "east") }
}

fn arrived_superseded() -> Warning {
    Warning::ArrivedSuperseded { component_type: component_type("east") }
}

fn statuses<S: Store>(registry: &Registry<S>) -> Vec<(RunUuid, BuildStatus)> {
    registry.iteration(FINGERPRINT).builds.into_iter().map(|build| (build.run_uuid, build.status)).collect()
}

fn another_run_supersedes_a_build_of_an_incomplete_iteration_and_keeps_its_identifiers<S: Store>(
    registry: &Registry<S>,
) {
    registry.record(&east(1));
    let receipt = registry.record(&east(2));
    let warning = Warning::Superseded {
        component_type: component_type("east"),
        run_uuid: run_uuid(1),
        external_identifiers: vec![identifier(1, "east")],
    };
    assert_eq!(receipt.warnings, [warning]);
    assert_eq!(receipt.recorded, 1);
    let builds: Vec<_> = registry.iteration(FINGERPRINT).builds;
    let builds: Vec<_> = builds.iter().map(|b| (b.status, b.artifacts[0].external_identifier.clone())).collect();
    let (newer, older) = (identifier(2, "east"), identifier(1, "east"));
    assert_eq!(builds, [(BuildStatus::Done, newer), (BuildStatus::Superseded, older)]);
    assert_eq!(registry.confirm(&east(2)).warnings, receipt.warnings, "a replay repeats the warning");
}

fn a_record_that_nobody_confirmed_supersedes_nothing<S: Store>(registry: &Registry<S>) {
    registry.record(&east(1));
    registry.ingest(&east(2));
    assert_eq!(statuses(registry), [(run_uuid(2), BuildStatus::Unconfirmed), (run_uuid(1), BuildStatus::Done)]);
    let west = IterationRecord { channels: vec![channel("production")], ..build(1, "west") };
    assert_eq!(registry.record(&west).version, Some(1), "what is confirmed completes the iteration");
}

fn a_record_that_is_older_than_the_one_there_is_superseded_when_it_is_confirmed<S: Store>(registry: &Registry<S>) {
    registry.record(&east(5));
    let receipt = registry.record(&east(4));
    assert_eq!(receipt.warnings, [arrived_superseded()]);
    assert_eq!(statuses(registry), [(run_uuid(5), BuildStatus::Done), (run_uuid(4), BuildStatus::Superseded)]);
    assert_eq!(registry.confirm(&east(4)).warnings, receipt.warnings, "a replay repeats the warning");
    assert!(registry.confirm(&east(5)).warnings.is_empty());
}

fn a_superseded_build_stays_superseded_when_it_is_confirmed_again<S: Store>(registry: &Registry<S>) {
    registry.record(&east(1));
    registry.record(&east(2));
    assert_eq!(registry.confirm(&east(1)).warnings, [arrived_superseded()]);
    assert_eq!(statuses(registry), [(run_uuid(2), BuildStatus::Done), (run_uuid(1), BuildStatus::Superseded)]);
}

fn the_newest_image_that_is_left_takes_the_place_of_a_destroyed_one<S: Store>(registry: &Registry<S>) {
    for run in [1, 3, 2, 4] {
        registry.record(&east(run));
    }
    registry.ingest(&east(5));
    registry.destroy(&east(3));
    registry.destroy(&east(4));
    let expected = [
        (run_uuid(5), BuildStatus::Unconfirmed),
        (run_uuid(4), BuildStatus::Destroyed),
        (run_uuid(3), BuildStatus::Destroyed),
        (run_uuid(2), BuildStatus::Done),
        (run_uuid(1), BuildStatus::Superseded),
    ];
    assert_eq!(statuses(registry), expected);
    assert_eq!(registry.record(&build(4, "west")).version, Some(1));
}

fn only_builds_in_force_have_a_say_in_the_channels<S: Store>(registry: &Registry<S>) {
    let into = |name: &str, record: IterationRecord| IterationRecord { channels: vec![channel(name)], ..record };
    let expected = component_types(&["east", "west", "north"]);
    registry.record(&IterationRecord { expected, ..into("superseded", build(1, "east")) });
    registry.record(&into("development", build(2, "east")));
    registry.ingest(&into("unconfirmed", build(2, "west")));
    registry.record(&into("destroyed", build(3, "west")));
    registry.destroy(&build(3, "west"));
    registry.record(&into("production", build(4, "west")));
    let receipt = registry.record(&build(1, "north"));
    assert_eq!(receipt.assigned, [channel("development"), channel("production"), channel("latest")]);
    assert_eq!(registry.channels().len(), 3);
}

on_every_engine![
    another_run_supersedes_a_build_of_an_incomplete_iteration_and_keeps_its_identifiers,
    a_record_that_nobody_confirmed_supersedes_nothing,
    a_record_that_is_older_than_the_one_there_is_superseded_when_it_is_confirmed,
    a_superseded_build_stays_superseded_when_it_is_confirmed_again,
    the_newest_image_that_is_left_takes_the_place_of_a_destroyed_one,
    only_builds_in_force_have_a_say_in_the_channels,
];

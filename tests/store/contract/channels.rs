use packer_plugin_registry::model::{IterationRecord, Timestamp, Warning};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::{Store, Value};

use crate::store::on_every_engine;
use crate::store::record::{FINGERPRINT, build, build_of, channel, component_types};
use crate::store::registry::{NOON, Registry};

fn to(name: &str, record: IterationRecord) -> IterationRecord {
    IterationRecord { channels: vec![channel(name)], ..record }
}

fn a_requested_channel_is_created_and_assigned_once_the_iteration_is_complete<S: Store>(registry: &Registry<S>) {
    let expected = component_types(&["east", "west"]);
    registry.record(&to("staging", IterationRecord { expected, ..build(1, "east") }));
    assert_eq!(registry.channels().len(), 1, "only latest is there before");
    let receipt = registry.record(&to("testing", build(1, "west")));
    assert_eq!(receipt.assigned, [channel("staging"), channel("testing"), channel("latest")]);
    assert_eq!(registry.version_behind("staging"), Some(1));
    assert_eq!(registry.iteration(FINGERPRINT).channels, [channel("latest"), channel("staging"), channel("testing")]);
    let entry = registry.history("staging").remove(0);
    assert_eq!((entry.author.as_str(), entry.assigned_at, entry.version), ("ada", NOON, Some(1)));
}

fn a_late_record_leaves_a_newer_channel_alone<S: Store>(registry: &Registry<S>) {
    registry.record(&to("staging", build_of("new", 9, "east")));
    let receipt = registry.record(&to("staging", build_of("old", 8, "east")));
    assert_eq!(receipt.version, Some(2));
    assert_eq!(receipt.warnings, [Warning::ChannelMovedSince { channel: channel("staging") }]);
    assert!(receipt.assigned.is_empty());
    assert_eq!(registry.version_behind("staging"), Some(1));
    assert_eq!(registry.history("staging").len(), 1);
}

fn a_late_record_moves_a_channel_that_has_not_moved_since<S: Store>(registry: &Registry<S>) {
    registry.record(&to("staging", build_of("old", 7, "east")));
    registry.record(&build_of("new", 9, "east"));
    let receipt = registry.record(&to("staging", build_of("between", 8, "east")));
    assert_eq!((receipt.assigned, receipt.warnings), (vec![channel("staging")], Vec::new()));
    assert_eq!(registry.version_behind("staging"), Some(3));
}

fn an_assignment_by_hand_counts_from_when_it_is_made<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("first", 1, "east"));
    registry.clock.set(Timestamp(5000));
    registry.assign("staging", "first");
    let late = registry.record(&to("staging", build_of("late", 4, "east")));
    assert_eq!(late.warnings, [Warning::ChannelMovedSince { channel: channel("staging") }]);
    let same_moment = registry.record(&to("staging", build_of("same", 5, "east")));
    assert!(same_moment.assigned.contains(&channel("staging")));
}

fn latest_compares_the_times_of_records_and_not_of_arrival<S: Store>(registry: &Registry<S>) {
    let first = registry.record(&build_of("new", 9, "east"));
    assert_eq!(first.assigned, [channel("latest")]);
    let late = registry.record(&build_of("old", 8, "east"));
    assert!(late.assigned.is_empty());
    assert_eq!(registry.version_behind("latest"), Some(1));
    let tie = registry.record(&build_of("tie", 9, "east"));
    assert_eq!(tie.assigned, [channel("latest")], "of two with the same time, the higher version");
    assert_eq!(registry.version_behind("latest"), Some(3));
    assert_eq!(registry.bucket().latest_version, Some(3));
}

fn latest_is_there_from_the_start_and_moves_by_itself_only<S: Store>(registry: &Registry<S>) {
    registry.ingest(&to("latest", build(1, "east")));
    let channels = registry.channels();
    assert_eq!(channels.len(), 1);
    assert!(channels[0].managed && channels[0].assignment.is_none());
    registry.confirm(&build(1, "east"));
    assert_eq!(registry.history("latest").len(), 1, "asking for it does not assign it twice");
    let error = registry.try_assign("latest", FINGERPRINT).unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("latest")), "{error}");
}

fn an_incomplete_iteration_is_not_assigned<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build(1, "east"));
    let error = registry.try_assign("staging", FINGERPRINT).unwrap_err();
    let RegistryError::Refused(message) = error else { panic!("it was not refused") };
    for part in ["release-1 of bucket web-server is incomplete", "packer build", "iteration complete"] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(registry.channels().len(), 1, "and the channel is not created");
}

fn assigning_what_a_channel_points_at_changes_nothing<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    let first = registry.assign("staging", FINGERPRINT);
    let before = (registry.everything(), registry.history("staging"));
    registry.clock.set(Timestamp(NOON.0 + 60_000));
    assert_eq!(registry.assign("staging", FINGERPRINT), first);
    assert_eq!((registry.everything(), registry.history("staging")), before);
}

fn the_history_of_a_channel_is_newest_first_and_only_appended_to<S: Store>(registry: &Registry<S>) {
    for run in 1..=3 {
        registry.record(&build_of(&format!("release-{run}"), run, "east"));
    }
    for (second, run) in (0..).zip([1, 2, 1, 3]) {
        registry.clock.set(Timestamp(NOON.0 + second * 1000));
        registry.assign("staging", &format!("release-{run}"));
    }
    let history = registry.history("staging");
    let versions: Vec<_> = history.iter().filter_map(|entry| entry.version).collect();
    assert_eq!(versions, [3, 1, 2, 1]);
    assert_eq!(history[0].assigned_at, Timestamp(NOON.0 + 3000));
    let channel = registry.channels().into_iter().find(|channel| channel.name.as_str() == "staging").unwrap();
    assert_eq!(channel.assignment.as_ref(), history.first());
    for statement in
        ["UPDATE channel_assignments SET author = $1", "DELETE FROM channel_assignments WHERE author <> $1"]
    {
        assert!(registry.execute(statement, vec![Value::from("eve")]).is_err(), "{statement}");
    }
    assert_eq!(registry.history("staging"), history);
}

on_every_engine![
    a_requested_channel_is_created_and_assigned_once_the_iteration_is_complete,
    a_late_record_leaves_a_newer_channel_alone,
    a_late_record_moves_a_channel_that_has_not_moved_since,
    an_assignment_by_hand_counts_from_when_it_is_made,
    latest_compares_the_times_of_records_and_not_of_arrival,
    latest_is_there_from_the_start_and_moves_by_itself_only,
    an_incomplete_iteration_is_not_assigned,
    assigning_what_a_channel_points_at_changes_nothing,
    the_history_of_a_channel_is_newest_first_and_only_appended_to,
];

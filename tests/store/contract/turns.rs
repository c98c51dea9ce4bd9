//! Channels that scheduled revocations move: what is read before such a move is written down, and afterwards.

use packer_plugin_registry::model::{ChannelAssignment, RevocationOrder, Timestamp};
use packer_plugin_registry::registry::store::Store;

use crate::store::on_every_engine;
use crate::store::record::build_of;
use crate::store::registry::{NOON, Registry};

const FIRST: Timestamp = Timestamp(NOON.0 + 1000);
const SECOND: Timestamp = Timestamp(NOON.0 + 2000);
const LATER: Timestamp = Timestamp(NOON.0 + 9000);

/// Three releases, all of which `production` has pointed at.
fn three_releases<S: Store>(registry: &Registry<S>) {
    for (run, name) in (1..).zip(["one", "two", "three"]) {
        registry.record(&build_of(name, run, "east"));
        registry.assign("production", name);
    }
}

/// Where a channel pointed and since when, newest first.
fn moves(history: &[ChannelAssignment]) -> Vec<(Option<u32>, Timestamp)> {
    history.iter().map(|entry| (entry.version, entry.assigned_at)).collect()
}

fn a_channel_follows_revocations_one_after_the_other<S: Store>(registry: &Registry<S>) {
    three_releases(registry);
    registry.revoke("three", FIRST);
    registry.revoke("two", SECOND);
    registry.clock.set(LATER);
    for channel in ["production", "latest"] {
        let history = registry.history(channel);
        assert_eq!(moves(&history)[..2], [(Some(1), SECOND), (Some(2), FIRST)], "{channel}");
        let positions: Vec<u32> = history.iter().map(|entry| entry.position).collect();
        assert_eq!(positions, [5, 4, 3, 2, 1], "{channel}");
    }
}

fn a_channel_stays_at_what_it_turned_to_where_the_next_revocation_keeps_channels<S: Store>(registry: &Registry<S>) {
    three_releases(registry);
    registry.revoke("three", FIRST);
    let order =
        RevocationOrder { revoke_at: Some(SECOND), message: "old".to_owned(), descends: true, rolls_back: false };
    registry.try_revoke("two", order).unwrap();
    registry.clock.set(LATER);
    assert_eq!(registry.version_behind("production"), Some(2));
    assert_eq!(registry.version_behind("latest"), Some(1), "it never points at what is revoked");
}

/// What `change` adds to histories comes after what could be read before it, which stays.
fn stays_as_it_was_read<S: Store>(registry: &Registry<S>, change: impl FnOnce(&Registry<S>)) {
    three_releases(registry);
    registry.record(&build_of("child", 4, "east"));
    registry.revoke("child", FIRST);
    registry.revoke("three", FIRST);
    registry.revoke("two", SECOND);
    registry.clock.set(LATER);
    let before = ["production", "latest"].map(|channel| registry.history(channel));
    registry.clock.set(Timestamp(LATER.0 + 1000));
    change(registry);
    for (channel, before) in ["production", "latest"].into_iter().zip(before) {
        let after = registry.history(channel);
        assert!(after.ends_with(&before), "{channel}: {:?}, then {:?}", moves(&before), moves(&after));
    }
}

fn a_turn_stays_in_the_history_when_an_iteration_is_completed<S: Store>(registry: &Registry<S>) {
    stays_as_it_was_read(registry, |registry| {
        registry.record(&build_of("four", 5, "east"));
    });
}

fn a_turn_stays_in_the_history_when_the_channel_is_moved<S: Store>(registry: &Registry<S>) {
    stays_as_it_was_read(registry, |registry| {
        registry.record(&build_of("four", 5, "east"));
        registry.assign("production", "four");
    });
}

fn a_turn_stays_in_the_history_when_another_iteration_is_revoked<S: Store>(registry: &Registry<S>) {
    stays_as_it_was_read(registry, |registry| registry.revoke("one", LATER));
    assert_eq!(registry.version_behind("production"), None);
    assert_eq!(registry.history("production")[0].assigned_at, Timestamp(LATER.0 + 1000), "not before it was revoked");
}

fn a_turn_stays_in_the_history_when_its_cause_is_restored<S: Store>(registry: &Registry<S>) {
    stays_as_it_was_read(registry, |registry| drop(registry.try_restore("three").unwrap()));
    assert_eq!(registry.version_behind("production"), Some(1));
    assert_eq!(registry.version_behind("latest"), Some(3));
}

on_every_engine![
    a_channel_follows_revocations_one_after_the_other,
    a_channel_stays_at_what_it_turned_to_where_the_next_revocation_keeps_channels,
    a_turn_stays_in_the_history_when_an_iteration_is_completed,
    a_turn_stays_in_the_history_when_the_channel_is_moved,
    a_turn_stays_in_the_history_when_another_iteration_is_revoked,
    a_turn_stays_in_the_history_when_its_cause_is_restored,
];

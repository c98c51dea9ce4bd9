use packer_plugin_registry::model::{
    Iteration, IterationRecord, IterationStatus, Relative, RevocationOrder, RevokedAncestor, Timestamp,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;

use crate::store::on_every_engine;
use crate::store::record::{bucket, build_of, channel, parent_of};
use crate::store::registry::{NOON, Registry};

const LATER: Timestamp = Timestamp(NOON.0 + 1000);

fn two_releases<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("old", 1, "east"));
    registry.record(&build_of("new", 2, "east"));
}

fn an_iteration_is_revoked_from_the_very_moment_on<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.revoke("new", LATER);
    assert_eq!(registry.iteration("new").status, IterationStatus::RevocationScheduled);
    registry.clock.set(LATER);
    let iteration = registry.iteration("new");
    assert_eq!(iteration.status, IterationStatus::Revoked);
    let revocation = iteration.revocation.unwrap();
    assert_eq!((revocation.revoke_at, revocation.message.as_str()), (LATER, "broken"));
}

fn latest_leaves_an_iteration_when_its_revocation_takes_effect<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.revoke("new", LATER);
    assert_eq!(registry.version_behind("latest"), Some(2), "a scheduled revocation is not yet one");
    registry.clock.set(Timestamp(LATER.0 + 1));
    assert_eq!(registry.version_behind("latest"), Some(1));
    assert_eq!(registry.bucket().latest_version, Some(1));
    assert_eq!(registry.buckets()[0].latest_version, Some(1));
    assert_eq!(registry.iteration("old").channels, [channel("latest")]);
    assert!(registry.iteration("new").channels.is_empty());
    let history = registry.history("latest");
    let versions: Vec<_> = history.iter().filter_map(|entry| entry.version).collect();
    assert_eq!(versions, [1, 2, 1]);
    assert_eq!(history[0].assigned_at, LATER);
}

fn latest_points_at_nothing_when_all_is_revoked<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.revoke("old", NOON);
    registry.revoke("new", NOON);
    assert_eq!(registry.version_behind("latest"), None);
    assert_eq!(registry.bucket().latest_version, None);
}

fn a_new_iteration_takes_latest_from_a_revoked_one<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.revoke("new", NOON);
    let late = registry.record(&build_of("between", 1, "west"));
    assert_eq!(late.assigned, [channel("latest")], "its record is older than the one of what is revoked");
    let head = registry.history("latest").remove(0);
    assert_eq!((head.version, head.author.as_str()), (Some(3), "registry"));
}

fn a_revoked_iteration_is_not_assigned<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.revoke("new", NOON);
    let error = registry.try_assign("staging", "new").unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("is revoked")), "{error}");
    registry.revoke("old", LATER);
    assert!(registry.try_assign("staging", "old").is_ok(), "a scheduled revocation is not yet one");
}

/// Records an iteration that was built from others of its bucket.
fn built_from<S: Store>(registry: &Registry<S>, asked: &str, run: u32, parents: &[&str]) {
    registry.record(&from(registry, asked, run, parents));
}

fn from<S: Store>(registry: &Registry<S>, asked: &str, run: u32, parents: &[&str]) -> IterationRecord {
    let parents = parents.iter().map(|parent| parent_of(&registry.iteration(parent))).collect();
    IterationRecord { parents, ..build_of(asked, run, "east") }
}

fn order(revoke_at: impl Into<Option<Timestamp>>, message: &str) -> RevocationOrder {
    RevocationOrder { revoke_at: revoke_at.into(), message: message.to_owned(), descends: true, rolls_back: true }
}

/// An image, two that were built from it, and one that was built from both.
fn a_family<S: Store>(registry: &Registry<S>) {
    built_from(registry, "base", 1, &[]);
    built_from(registry, "left", 2, &["base"]);
    built_from(registry, "right", 3, &["base"]);
    built_from(registry, "both", 4, &["left", "right"]);
}

/// An iteration as those know it that inherit its revocation.
fn seen(Iteration { bucket, id, fingerprint, version, .. }: &Iteration) -> RevokedAncestor {
    let (bucket, id, fingerprint) = (bucket.clone(), id.clone(), fingerprint.clone());
    RevokedAncestor::Seen(Relative { bucket, id, fingerprint, version: *version })
}

fn message(iteration: &Iteration) -> &str {
    iteration.revocation.as_ref().map_or("", |revocation| &revocation.message)
}

fn all_that_was_built_from_a_revoked_iteration_inherits_the_revocation<S: Store>(registry: &Registry<S>) {
    a_family(registry);
    let base = registry.try_revoke("base", order(None, "CVE-2026-1")).unwrap();
    assert_eq!(base.revocation.as_ref().unwrap().through, None);
    for heir in ["left", "right", "both"] {
        let iteration = registry.iteration(heir);
        let revocation = iteration.revocation.unwrap();
        assert_eq!((iteration.status, revocation.through), (IterationStatus::Revoked, Some(seen(&base))));
        assert_eq!((revocation.message.as_str(), revocation.author.as_str()), ("CVE-2026-1", "ada"));
    }
    assert_eq!(registry.version_behind("latest"), None);
}

fn descendants_are_spared_where_that_is_asked<S: Store>(registry: &Registry<S>) {
    a_family(registry);
    registry.try_revoke("base", RevocationOrder { descends: false, ..order(None, "old") }).unwrap();
    for heir in ["left", "right", "both"] {
        assert_eq!(registry.iteration(heir).status, IterationStatus::Complete);
    }
    built_from(registry, "later", 5, &["base"]);
    assert_eq!(registry.iteration("later").status, IterationStatus::Complete);
}

fn what_is_completed_after_the_revocation_of_its_parent_inherits_it<S: Store>(registry: &Registry<S>) {
    a_family(registry);
    let late = from(registry, "late", 5, &["both"]);
    registry.ingest(&late);
    registry.try_revoke("base", order(None, "CVE-2026-1")).unwrap();
    assert_eq!(registry.iteration("late").revocation, None, "what is incomplete cannot be used yet");
    let receipt = registry.confirm(&late);
    assert!(receipt.assigned.is_empty(), "{receipt:?}");
    let late = registry.iteration("late");
    assert_eq!((late.status, message(&late)), (IterationStatus::Revoked, "CVE-2026-1"));
    assert_eq!(registry.version_behind("latest"), None);
}

fn what_an_iteration_was_revoked_for_itself_counts_before_what_it_inherits<S: Store>(registry: &Registry<S>) {
    a_family(registry);
    registry.try_revoke("base", order(LATER, "inherited")).unwrap();
    registry.try_revoke("left", order(Timestamp(LATER.0 + 5), "own")).unwrap();
    assert_eq!(message(&registry.iteration("left")), "own");
    assert_eq!(message(&registry.iteration("right")), "inherited");
    assert_eq!(message(&registry.iteration("both")), "inherited", "of two that are inherited, the earlier one");
    registry.try_restore("left").unwrap();
    assert_eq!(message(&registry.iteration("left")), "inherited");
}

fn of_two_times_the_earlier_one_counts<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.try_revoke("new", order(LATER, "first")).unwrap();
    let again = registry.try_revoke("new", order(Timestamp(LATER.0 + 5), "second")).unwrap();
    assert_eq!(again.revocation.unwrap().revoke_at, LATER);
    let earlier = registry.try_revoke("new", order(None, "third")).unwrap();
    assert_eq!((earlier.status, message(&earlier)), (IterationStatus::Revoked, "third"));
    let error = registry.try_revoke("new", order(None, "fourth")).unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("revoked already")), "{error}");
}

fn channels_turn_back_to_what_they_pointed_at_before<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.assign("staging", "old");
    registry.assign("staging", "new");
    registry.assign("canary", "new");
    registry.try_revoke("new", order(LATER, "broken")).unwrap();
    assert_eq!(registry.version_behind("staging"), Some(2), "a scheduled revocation is not yet one");
    registry.clock.set(LATER);
    assert_eq!(registry.version_behind("staging"), Some(1));
    assert_eq!(registry.version_behind("canary"), None, "it pointed at nothing else");
    let head = registry.history("staging").remove(0);
    assert_eq!((head.version, head.author.as_str(), head.assigned_at), (Some(1), "registry", LATER));
}

fn channels_stay_where_that_is_asked<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.assign("staging", "old");
    registry.assign("staging", "new");
    registry.try_revoke("new", RevocationOrder { rolls_back: false, ..order(None, "broken") }).unwrap();
    assert_eq!(registry.version_behind("staging"), Some(2));
    assert_eq!(registry.version_behind("latest"), Some(1), "the managed channel never points at what is revoked");
}

fn a_channel_that_moved_on_meanwhile_does_not_turn_back<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.assign("staging", "new");
    registry.try_revoke("new", order(LATER, "broken")).unwrap();
    registry.assign("staging", "old");
    registry.clock.set(LATER);
    assert_eq!(registry.version_behind("staging"), Some(1));
    assert_eq!(registry.history("staging").len(), 2);
}

fn a_restored_iteration_is_in_force_again_and_only_latest_returns_to_it<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.assign("staging", "old");
    registry.assign("staging", "new");
    registry.try_revoke("new", order(LATER, "broken")).unwrap();
    registry.clock.set(Timestamp(LATER.0 + 1));
    let restored = registry.try_restore("new").unwrap();
    assert_eq!((restored.status, restored.revocation), (IterationStatus::Complete, None));
    assert_eq!(registry.version_behind("latest"), Some(2));
    assert_eq!(registry.version_behind("staging"), Some(1));
}

fn the_heirs_of_a_revocation_are_restored_with_its_cause_and_not_alone<S: Store>(registry: &Registry<S>) {
    a_family(registry);
    registry.try_revoke("base", order(None, "CVE-2026-1")).unwrap();
    let error = registry.try_restore("both").unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("restore that one")), "{error}");
    registry.try_restore("base").unwrap();
    for iteration in registry.iterations() {
        assert_eq!(iteration.status, IterationStatus::Complete);
    }
    assert_eq!(registry.version_behind("latest"), Some(4));
    let error = registry.try_restore("base").unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("is not revoked")), "{error}");
}

fn only_a_revocation_that_did_not_take_effect_can_be_cancelled<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    let cancel = |asked: &str| registry.try_cancel_revocation(asked);
    registry.try_revoke("new", order(LATER, "broken")).unwrap();
    assert_eq!(cancel("new").unwrap().status, IterationStatus::Complete);
    registry.try_revoke("new", order(LATER, "broken")).unwrap();
    registry.clock.set(LATER);
    let error = cancel("new").unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("restore it instead")), "{error}");
}

fn what_is_incomplete_cannot_be_revoked<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build_of("new", 1, "east"));
    let error = registry.try_revoke("new", order(None, "broken")).unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("is incomplete")), "{error}");
}

fn a_revocation_reaches_descendants_in_other_buckets_and_their_channels<S: Store>(registry: &Registry<S>) {
    built_from(registry, "base", 1, &[]);
    let child = IterationRecord { bucket: bucket("child"), ..from(registry, "child-1", 2, &["base"]) };
    registry.record(&child);
    registry.try_revoke("base", order(None, "CVE-2026-1")).unwrap();
    let children = registry.buckets().into_iter().find(|summary| summary.bucket.name == child.bucket).unwrap();
    assert_eq!(children.latest_version, None);
}

on_every_engine![
    all_that_was_built_from_a_revoked_iteration_inherits_the_revocation,
    descendants_are_spared_where_that_is_asked,
    what_is_completed_after_the_revocation_of_its_parent_inherits_it,
    what_an_iteration_was_revoked_for_itself_counts_before_what_it_inherits,
    of_two_times_the_earlier_one_counts,
    channels_turn_back_to_what_they_pointed_at_before,
    channels_stay_where_that_is_asked,
    a_channel_that_moved_on_meanwhile_does_not_turn_back,
    a_restored_iteration_is_in_force_again_and_only_latest_returns_to_it,
    the_heirs_of_a_revocation_are_restored_with_its_cause_and_not_alone,
    only_a_revocation_that_did_not_take_effect_can_be_cancelled,
    what_is_incomplete_cannot_be_revoked,
    a_revocation_reaches_descendants_in_other_buckets_and_their_channels,
    an_iteration_is_revoked_from_the_very_moment_on,
    latest_leaves_an_iteration_when_its_revocation_takes_effect,
    latest_points_at_nothing_when_all_is_revoked,
    a_new_iteration_takes_latest_from_a_revoked_one,
    a_revoked_iteration_is_not_assigned,
];

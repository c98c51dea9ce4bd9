use packer_plugin_registry::model::{IterationStatus, Timestamp};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;

use crate::store::on_every_engine;
use crate::store::record::{build_of, channel};
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

on_every_engine![
    an_iteration_is_revoked_from_the_very_moment_on,
    latest_leaves_an_iteration_when_its_revocation_takes_effect,
    latest_points_at_nothing_when_all_is_revoked,
    a_new_iteration_takes_latest_from_a_revoked_one,
    a_revoked_iteration_is_not_assigned,
];

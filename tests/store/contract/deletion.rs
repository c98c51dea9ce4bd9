use packer_plugin_registry::model::{
    BuildStatus, BuildUpdate, IterationRecord, IterationSelector, IterationStatus, NewBuild, RevocationOrder,
    RevokedAncestor, Timestamp,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;

use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::record::{bucket, build_of, channel, component_type, component_types, fingerprint, parent_of};
use crate::store::registry::{BUCKET, NOON, Registry};

fn by(asked: &str) -> IterationSelector {
    IterationSelector::Fingerprint(fingerprint(asked))
}

fn delete<S: Store>(registry: &Registry<S>, asked: &str, rolls_back: bool) -> Result<(), RegistryError> {
    block_on(registry.service.delete_iteration(&registry.caller, &bucket(BUCKET), &by(asked), rolls_back))
}

fn two_releases<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("old", 1, "east"));
    registry.record(&build_of("new", 2, "east"));
}

fn is_not_found<T>(result: &Result<T, RegistryError>) -> bool {
    matches!(result, Err(RegistryError::NotFound { .. }))
}

fn a_deleted_iteration_is_found_no_more<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    let id = registry.iteration("new").id;
    delete(registry, "new", false).unwrap();
    for selector in [by("new"), IterationSelector::Version(2), IterationSelector::Id(id)] {
        assert!(is_not_found(&registry.try_iteration(&selector)), "{selector}");
    }
    let fingerprints: Vec<_> = registry.iterations().into_iter().map(|iteration| iteration.fingerprint).collect();
    assert_eq!(fingerprints, [fingerprint("old")]);
    let summary = registry.bucket();
    assert_eq!((summary.iterations, summary.latest_version), (1, Some(1)));
    assert_eq!(registry.version_behind("latest"), Some(1));
    assert!(is_not_found(&delete(registry, "new", false)));
}

fn a_number_is_not_given_again_and_a_fingerprint_is_free<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    delete(registry, "new", false).unwrap();
    registry.record(&build_of("new", 3, "east"));
    assert_eq!(registry.iteration("new").version, Some(3));
    delete(registry, "new", false).unwrap();
    registry.record(&build_of("new", 4, "east"));
    assert_eq!(registry.iteration("new").version, Some(4));
}

fn channels_keep_an_iteration_unless_they_may_roll_back<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.assign("staging", "old");
    registry.assign("staging", "new");
    registry.assign("canary", "new");
    let error = delete(registry, "new", false).unwrap_err();
    assert!(
        matches!(&error, RegistryError::Refused(message) if message.contains("channel canary, staging points at")),
        "{error}"
    );
    delete(registry, "new", true).unwrap();
    assert_eq!(registry.version_behind("staging"), Some(1));
    assert_eq!(registry.version_behind("canary"), None);
    let history = registry.history("staging");
    assert_eq!(history.len(), 3);
    let deleted = (history[1].fingerprint.clone(), history[1].version);
    assert_eq!(deleted, (Some(fingerprint("new")), Some(2)), "what a channel pointed at is still told");
}

fn a_channel_does_not_turn_back_to_what_was_deleted<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.assign("staging", "old");
    registry.assign("staging", "new");
    delete(registry, "old", false).unwrap();
    registry.revoke("new", NOON);
    assert_eq!(registry.version_behind("staging"), None);
}

fn a_record_of_a_deleted_iteration_does_not_bring_it_back<S: Store>(registry: &Registry<S>) {
    let record = build_of("new", 1, "east");
    registry.record(&record);
    delete(registry, "new", false).unwrap();
    let confirmed = block_on(registry.service.confirm(&registry.caller, &record.key())).unwrap_err();
    for error in [registry.try_ingest(&record).unwrap_err(), confirmed] {
        assert!(matches!(&error, RegistryError::Refused(message) if message.contains("was deleted since")), "{error}");
    }
    assert!(registry.iterations().is_empty());
}

fn what_inherited_a_revocation_from_a_deleted_iteration_can_be_restored<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("base", 1, "east"));
    let parents = vec![parent_of(&registry.iteration("base"))];
    let parent = parents[0].iteration_id.clone();
    registry.record(&IterationRecord { parents, ..build_of("child", 2, "east") });
    registry.revoke("base", NOON);
    delete(registry, "base", false).unwrap();
    let child = registry.iteration("child");
    assert_eq!(child.status, IterationStatus::Revoked, "to delete a cause restores nothing");
    let through = child.revocation.unwrap().through.unwrap();
    assert!(matches!(&through, RevokedAncestor::Unseen(id) if id.as_str() == parent), "{through:?}");
    assert_eq!(registry.try_restore("child").unwrap().status, IterationStatus::Complete);
}

fn a_deleted_iteration_is_no_descendant<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("base", 1, "east"));
    let parents = vec![parent_of(&registry.iteration("base"))];
    registry.record(&IterationRecord { parents, ..build_of("child", 2, "east") });
    delete(registry, "child", false).unwrap();
    let order = RevocationOrder { revoke_at: None, message: "broken".to_owned(), descends: true, rolls_back: true };
    assert!(registry.try_revoke("base", order).is_ok());
}

fn a_deleted_channel_is_gone_and_one_of_its_name_begins_anew<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.assign("staging", "old");
    let delete =
        |name: &str| block_on(registry.service.delete_channel(&registry.caller, &bucket(BUCKET), &channel(name)));
    delete("staging").unwrap();
    assert!(is_not_found(&delete("staging")));
    assert_eq!(registry.channels().len(), 1);
    assert!(registry.iteration("old").channels.is_empty());
    registry.assign("staging", "new");
    assert_eq!(registry.history("staging").len(), 1);
    let error = delete("latest").unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("kept by the registry")), "{error}");
}

fn a_deleted_bucket_is_gone_and_one_of_its_name_begins_anew<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.assign("staging", "old");
    let delete = || block_on(registry.service.delete_bucket(&registry.caller, &bucket(BUCKET)));
    delete().unwrap();
    assert!(is_not_found(&delete()));
    assert!(registry.buckets().is_empty());
    assert!(is_not_found(&block_on(registry.service.channels(&registry.caller, &bucket(BUCKET)))));
    registry.record(&build_of("old", 1, "east"));
    assert_eq!(registry.iteration("old").version, Some(1));
    assert_eq!(registry.history("latest").len(), 1);
    assert_eq!(registry.channels().len(), 1);
}

fn a_build_of_an_incomplete_iteration_is_deleted_with_its_images<S: Store>(registry: &Registry<S>) {
    let record = IterationRecord { expected: component_types(&["east"]), ..build_of("new", 1, "east") };
    registry.ingest(&record);
    let delete = |id: &str| block_on(registry.service.delete_build(&registry.caller, &bucket(BUCKET), &by("new"), id));
    delete(&registry.iteration("new").builds[0].id).unwrap();
    let iteration = registry.iteration("new");
    assert!(iteration.builds.is_empty());
    assert_eq!(iteration.status, IterationStatus::Incomplete);
    registry.record(&record);
    let error = delete(&registry.iteration("new").builds[0].id).unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("keeps its builds")), "{error}");
}

fn a_build_that_nobody_makes_any_more_holds_up_its_iteration_until_it_is_deleted<S: Store>(registry: &Registry<S>) {
    let (service, caller) = (&registry.service, &registry.caller);
    registry.ingest(&build_of("new", 1, "east"));
    let left_over = NewBuild { component_type: component_type("west"), update: BuildUpdate::default() };
    let left_over = block_on(service.create_build(caller, &bucket(BUCKET), &by("new"), left_over)).unwrap();
    registry.confirm(&build_of("new", 1, "east"));
    assert_eq!(registry.iteration("new").status, IterationStatus::Incomplete);
    block_on(service.delete_build(caller, &bucket(BUCKET), &by("new"), &left_over.id)).unwrap();
    assert_eq!(registry.iteration("new").status, IterationStatus::Incomplete);
    let again = build_of("new", 2, "east");
    registry.record(&again);
    let iteration = registry.iteration("new");
    assert_eq!(iteration.status, IterationStatus::Complete);
    assert!(iteration.builds.iter().all(|build| build.status != BuildStatus::Registered));
}

fn an_iteration_that_misses_nothing_is_complete_by_being_asked_for<S: Store>(registry: &Registry<S>) {
    let (service, caller) = (&registry.service, &registry.caller);
    registry.ingest(&IterationRecord { channels: vec![channel("staging")], ..build_of("new", 1, "east") });
    let left_over = NewBuild { component_type: component_type("west"), update: BuildUpdate::default() };
    let left_over = block_on(service.create_build(caller, &bucket(BUCKET), &by("new"), left_over)).unwrap();
    registry.confirm(&build_of("new", 1, "east"));
    let ask = || block_on(service.complete_done_iteration(caller, &bucket(BUCKET), &by("new"))).unwrap();
    let before = registry.everything();
    let asked = ask();
    assert_eq!((asked.version, asked.missing), (None, component_types(&["west"])));
    assert_eq!(registry.everything(), before);

    block_on(service.delete_build(caller, &bucket(BUCKET), &by("new"), &left_over.id)).unwrap();
    let asked = ask();
    assert_eq!((asked.status, asked.version, asked.partial_reason), (IterationStatus::Complete, Some(1), None));
    assert_eq!((registry.version_behind("staging"), registry.version_behind("latest")), (Some(1), Some(1)));
    let before = registry.everything();
    assert_eq!(ask().version, Some(1));
    assert_eq!(registry.everything(), before, "once more changes nothing");
}

fn an_iteration_without_any_build_is_not_complete_by_being_asked_for<S: Store>(registry: &Registry<S>) {
    let (service, caller) = (&registry.service, &registry.caller);
    registry.ingest(&build_of("new", 1, "east"));
    block_on(service.delete_build(caller, &bucket(BUCKET), &by("new"), &registry.iteration("new").builds[0].id))
        .unwrap();
    let asked = block_on(service.complete_done_iteration(caller, &bucket(BUCKET), &by("new"))).unwrap();
    assert_eq!((asked.status, asked.version), (IterationStatus::Incomplete, None));
}

fn the_moment_of_a_deletion_is_that_of_the_clock<S: Store>(registry: &Registry<S>) {
    two_releases(registry);
    registry.clock.set(Timestamp(NOON.0 + 7));
    delete(registry, "new", false).unwrap();
    assert_eq!(registry.bucket().bucket.updated_at, Timestamp(NOON.0 + 7));
    assert_eq!(registry.history("latest")[0].assigned_at, Timestamp(NOON.0 + 7));
}

on_every_engine![
    a_deleted_iteration_is_found_no_more,
    a_number_is_not_given_again_and_a_fingerprint_is_free,
    channels_keep_an_iteration_unless_they_may_roll_back,
    a_channel_does_not_turn_back_to_what_was_deleted,
    a_record_of_a_deleted_iteration_does_not_bring_it_back,
    what_inherited_a_revocation_from_a_deleted_iteration_can_be_restored,
    a_deleted_iteration_is_no_descendant,
    a_deleted_channel_is_gone_and_one_of_its_name_begins_anew,
    a_deleted_bucket_is_gone_and_one_of_its_name_begins_anew,
    a_build_of_an_incomplete_iteration_is_deleted_with_its_images,
    a_build_that_nobody_makes_any_more_holds_up_its_iteration_until_it_is_deleted,
    an_iteration_that_misses_nothing_is_complete_by_being_asked_for,
    an_iteration_without_any_build_is_not_complete_by_being_asked_for,
    the_moment_of_a_deletion_is_that_of_the_clock,
];

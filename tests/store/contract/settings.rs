use packer_plugin_registry::access::{Caller, Role};
use packer_plugin_registry::model::{
    ArtifactQuery, IterationSelector, OnUntrackedImage, RegistryUpdate, Tier, Timestamp,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;

use super::account::people::{People, outcome};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::record::{bucket, build_of, channel};
use crate::store::registry::{BUCKET, NOON, Registry};

const LATER: Timestamp = Timestamp(NOON.0 + 7);

fn activity(active: bool) -> RegistryUpdate {
    RegistryUpdate { active: Some(active), ..RegistryUpdate::default() }
}

fn update<S: Store>(registry: &Registry<S>, update: RegistryUpdate) {
    block_on(registry.service.update_registry(&registry.caller, update)).unwrap();
}

fn every_project_has_a_registry_that_nothing_was_set_for<S: Store>(registry: &Registry<S>) {
    let settings = block_on(registry.service.registry(&registry.caller)).unwrap();
    assert_eq!((settings.tier, settings.deactivation), (Tier::Standard, None));
    assert_eq!(settings.on_untracked_image, OnUntrackedImage::Warn);
    assert_eq!(settings.id.len(), 26);
    let created = block_on(registry.service.create_registry(&registry.caller, Tier::Plus)).unwrap();
    assert_eq!((created.id, created.tier), (settings.id, Tier::Plus));
    let again = block_on(registry.service.create_registry(&registry.caller, Tier::Plus));
    assert!(matches!(again, Err(RegistryError::Exists(_))), "{again:?}");
}

fn what_is_set_stays_and_the_rest_too<S: Store>(registry: &Registry<S>) {
    registry.clock.set(LATER);
    update(registry, RegistryUpdate { tier: Some(Tier::Plus), ..RegistryUpdate::default() });
    let untracked = RegistryUpdate { on_untracked_image: Some(OnUntrackedImage::Fail), ..RegistryUpdate::default() };
    update(registry, untracked);
    let settings = block_on(registry.service.registry(&registry.caller)).unwrap();
    assert_eq!((settings.tier, settings.on_untracked_image), (Tier::Plus, OnUntrackedImage::Fail));
    assert_eq!((settings.deactivation, settings.updated_at), (None, LATER));
}

fn a_registry_out_of_use_takes_and_gives_nothing_and_keeps_all<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("release", 1, "east"));
    let before = registry.everything();
    registry.clock.set(LATER);
    update(registry, activity(false));
    let latest = IterationSelector::Channel(channel("latest"));
    let (service, caller) = (&registry.service, &registry.caller);
    let refusals = [
        registry.try_ingest(&build_of("release-2", 2, "east")).map(drop),
        registry.try_iteration(&latest).map(drop),
        registry.try_assign("staging", "release").map(drop),
        block_on(service.iteration_with(caller, &bucket(BUCKET), &latest, &ArtifactQuery::default())).map(drop),
        block_on(service.create_bucket(caller, &bucket("other"), "", &Default::default())).map(drop),
        block_on(service.search(caller, "ami-east-1", ("", ""))).map(drop),
    ];
    for refusal in refusals {
        let message = refusal.unwrap_err().to_string();
        assert!(message.contains("was deactivated at 1970-01-01T00:16:40.007Z by ada"), "{message}");
        assert!(message.contains("registry activate"), "{message}");
    }
    assert_eq!(registry.buckets().len(), 1, "what there is can still be told");
    let deactivation = block_on(service.registry(caller)).unwrap().deactivation.unwrap();
    assert_eq!((deactivation.at, deactivation.by.as_str()), (LATER, "ada"));
    update(registry, activity(true));
    assert_eq!(registry.everything(), before);
}

fn only_a_registry_out_of_use_is_deleted_and_then_begins_anew<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("release", 1, "east"));
    let delete = || block_on(registry.service.delete_registry(&registry.caller));
    let error = delete().unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("is in use")), "{error}");
    update(registry, activity(false));
    delete().unwrap();
    for gone in [delete().map(drop), block_on(registry.service.registry(&registry.caller)).map(drop)] {
        assert!(matches!(&gone, Err(RegistryError::NotFound { .. })), "{gone:?}");
    }
    assert!(registry.try_ingest(&build_of("release", 2, "east")).is_err());
    block_on(registry.service.create_registry(&registry.caller, Tier::Standard)).unwrap();
    assert!(registry.buckets().is_empty());
    registry.record(&build_of("release", 2, "east"));
    assert_eq!(registry.iteration("release").version, Some(1));
}

fn the_run_task_is_set_up_once_and_its_key_can_be_exchanged<S: Store>(registry: &Registry<S>) {
    let task = || block_on(registry.service.run_task(&registry.caller)).unwrap();
    let first = task();
    assert_eq!((first.id.len(), first.hmac_key.expose().len()), (36, 128));
    assert_eq!(task(), first);
    let exchanged = block_on(registry.service.regenerate_run_task_key(&registry.caller)).unwrap();
    assert_eq!(exchanged.id, first.id);
    assert_ne!(exchanged.hmac_key.expose(), first.hmac_key.expose());
    assert_eq!(task(), exchanged);
    update(registry, RegistryUpdate { tier: Some(Tier::Plus), ..RegistryUpdate::default() });
    assert_eq!(task(), exchanged);
}

fn who_may_read_sees_the_settings_and_a_contributor_of_the_project_changes_them<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("release", 1, "east"));
    let people = People::of(registry);
    let foreign = people.new_project("other").id;
    let letters = |caller: &Caller| -> String {
        let service = people.service();
        [
            outcome(&block_on(service.registry(caller))),
            outcome(&block_on(service.update_registry(caller, activity(true)))),
            outcome(&block_on(service.create_registry(caller, Tier::Plus))),
            outcome(&block_on(service.delete_registry(caller))),
            outcome(&block_on(service.run_task(caller))),
            outcome(&block_on(service.regenerate_run_task_key(caller))),
        ]
        .into_iter()
        .collect()
    };
    let contributor = people.caller(Role::Contributor, people.here());
    assert_eq!(letters(&people.caller(Role::Viewer, people.here())), "+ddddd");
    assert_eq!(letters(&people.caller(Role::Admin, people.bucket())), "+ddddd");
    assert_eq!(letters(&contributor), "++rr++");
    assert_eq!(letters(&contributor.in_project(foreign)), "ffffff");
}

on_every_engine![
    every_project_has_a_registry_that_nothing_was_set_for,
    what_is_set_stays_and_the_rest_too,
    a_registry_out_of_use_takes_and_gives_nothing_and_keeps_all,
    only_a_registry_out_of_use_is_deleted_and_then_begins_anew,
    the_run_task_is_set_up_once_and_its_key_can_be_exchanged,
    who_may_read_sees_the_settings_and_a_contributor_of_the_project_changes_them,
];

use packer_plugin_registry::access::token::{self, CLOCK_LEEWAY_MS, KEY_LIFETIME_MS, KeySet, MAX_TOKEN_LIFETIME_MS};
use packer_plugin_registry::model::Timestamp;
use packer_plugin_registry::registry::store::Store;

use super::people::People;
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::registry::{NOON, Registry};

fn keys<S: Store>(registry: &Registry<S>, after: i64) -> KeySet {
    registry.clock.set(Timestamp(NOON.0 + after));
    block_on(registry.service.signing_keys()).unwrap()
}

fn ids(keys: &KeySet) -> Vec<String> {
    keys.keys().iter().map(|key| key.id.clone()).collect()
}

fn the_first_asked_for_makes_the_key_and_all_others_get_the_same<S: Store>(registry: &Registry<S>) {
    let (first, second) = (keys(registry, 0), keys(registry, 1));
    assert_eq!((ids(&first), first.keys().len()), (ids(&second), 1));
    let people = People::of(registry);
    let ada = people.hire(None, "ada").id;
    let (token, claims) =
        token::issue(&first, &ada, &people.organization, NOON, std::time::Duration::from_secs(60)).unwrap();
    assert_eq!(token::verify(&second, &token, NOON), Ok(claims));
}

fn a_key_is_replaced_after_thirty_days_and_dropped_after_its_tokens<S: Store>(registry: &Registry<S>) {
    let old = ids(&keys(registry, 0));
    assert_eq!(ids(&keys(registry, KEY_LIFETIME_MS - 1)), old);
    let both = ids(&keys(registry, KEY_LIFETIME_MS));
    assert_eq!((both.len(), &both[1]), (2, &old[0]), "the new one comes first, and signs");
    let last_use = KEY_LIFETIME_MS + 2 * MAX_TOKEN_LIFETIME_MS + CLOCK_LEEWAY_MS;
    assert_eq!(ids(&keys(registry, last_use)), both);
    assert_eq!(ids(&keys(registry, last_use + 1)), both[..1]);
}

on_every_engine![
    the_first_asked_for_makes_the_key_and_all_others_get_the_same,
    a_key_is_replaced_after_thirty_days_and_dropped_after_its_tokens,
];

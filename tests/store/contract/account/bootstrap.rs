use packer_plugin_registry::access::{ClientId, ClientSecret, Permission, Role};
use packer_plugin_registry::registry::store::Store;

use super::people::{People, name};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::registry::Registry;

fn the_first_start_makes_an_owner_who_may_do_everything<S: Store>(registry: &Registry<S>) {
    assert!(!block_on(registry.service.has_owner()).unwrap());
    let made = block_on(registry.service.bootstrap_owner()).unwrap().unwrap();
    assert!(block_on(registry.service.has_owner()).unwrap());
    let client_id = ClientId::parse(made.principal.client_id.clone()).unwrap();
    let secret = ClientSecret::presented(made.client_secret.expose());
    let owner = block_on(registry.service.authenticate(&client_id, &secret)).unwrap().unwrap();
    assert_eq!((owner.id.clone(), owner.name.as_str(), owner.project_id), (made.principal.id, "owner", None));
    let caller = block_on(registry.service.caller(&owner.id, None)).unwrap().unwrap();
    assert!(caller.project_id.is_some() && !caller.is_local());
    for permission in Permission::ALL {
        assert_eq!(caller.require(permission, None), Ok(()));
    }
}

fn later_starts_make_no_owner<S: Store>(registry: &Registry<S>) {
    assert!(block_on(registry.service.bootstrap_owner()).unwrap().is_some());
    for _ in 0..3 {
        assert!(block_on(registry.service.bootstrap_owner()).unwrap().is_none());
    }
    assert_eq!(block_on(registry.service.principals(&registry.caller)).unwrap().len(), 1);
}

fn an_owner_that_was_made_by_hand_is_the_owner<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada");
    people.give(&ada.id, Role::Owner, people.everywhere());
    assert!(block_on(registry.service.bootstrap_owner()).unwrap().is_none());
}

fn an_owner_has_another_name_where_that_one_is_taken<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    people.hire(None, "owner");
    let made = block_on(registry.service.bootstrap_owner()).unwrap().unwrap();
    assert_ne!(made.principal.name, name("owner"));
}

on_every_engine![
    the_first_start_makes_an_owner_who_may_do_everything,
    later_starts_make_no_owner,
    an_owner_that_was_made_by_hand_is_the_owner,
    an_owner_has_another_name_where_that_one_is_taken,
];

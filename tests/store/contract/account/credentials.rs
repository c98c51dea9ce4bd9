use packer_plugin_registry::access::{ClientId, ClientSecret, Role};
use packer_plugin_registry::model::{Credentials, Principal, Timestamp};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::{Store, Value};

use super::people::{People, outcome};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::registry::{NOON, Registry};

const HOUR: i64 = 3_600_000;

fn authenticated<S: Store>(registry: &Registry<S>, client_id: &str, secret: &str) -> Option<Principal> {
    let client_id = ClientId::parse(client_id).unwrap();
    block_on(registry.service.authenticate(&client_id, &ClientSecret::presented(secret))).unwrap()
}

fn is_taken<S: Store>(registry: &Registry<S>, credentials: &Credentials) -> bool {
    authenticated(registry, &credentials.principal.client_id, credentials.client_secret.expose()).is_some()
}

fn a_secret_is_taken_with_the_client_id_that_it_was_made_for<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let [ada, ben] = ["ada", "ben"].map(|name| {
        let principal = people.hire(None, name);
        block_on(people.service().new_secret(people.local(), &principal.id, None)).unwrap()
    });
    let found = authenticated(registry, &ada.principal.client_id, ada.client_secret.expose()).unwrap();
    assert_eq!((found.id, found.name), (ada.principal.id, ada.principal.name));
    assert!(authenticated(registry, &ada.principal.client_id, ben.client_secret.expose()).is_none());
    assert!(authenticated(registry, &ben.principal.client_id, ada.client_secret.expose()).is_none());
    assert!(authenticated(registry, &ada.principal.client_id, "").is_none());
    assert!(authenticated(registry, &"0".repeat(32), ada.client_secret.expose()).is_none());
}

fn secrets_are_kept_as_hashes<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let made = block_on(people.service().new_secret(people.local(), &people.hire(None, "ada").id, None)).unwrap();
    let secret = made.client_secret.expose();
    let with_hash = |hash: &str| {
        let sql = "UPDATE principal_secrets SET hash = hash WHERE hash = $1";
        registry.execute(sql, vec![Value::from(hash)]).unwrap()
    };
    assert_eq!((with_hash(secret), with_hash(&ClientSecret::presented(secret).hash().to_hex())), (0, 1));
}

fn two_secrets_overlap_so_that_one_can_replace_the_other<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada");
    let new = || block_on(people.service().new_secret(people.local(), &ada.id, None));
    let (first, second) = (new().unwrap(), new().unwrap());
    assert_eq!(second.principal.secrets.len(), 2);
    let error = new().unwrap_err().to_string();
    assert_eq!(error, "there are 2 secrets of ada already, and 2 is the most; delete one first");
    assert!(is_taken(registry, &first) && is_taken(registry, &second));
    block_on(people.service().delete_secret(people.local(), &ada.id, &first.secret_id)).unwrap();
    assert!(!is_taken(registry, &first) && is_taken(registry, &second));
    let error = block_on(people.service().delete_secret(people.local(), &ada.id, &first.secret_id)).unwrap_err();
    assert!(error.to_string().ends_with(&format!("it has: {}", second.secret_id)), "{error}");
    assert!(new().is_ok());
}

fn an_expired_secret_is_not_taken_and_makes_room<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada");
    let new = |expires_at| block_on(people.service().new_secret(people.local(), &ada.id, expires_at));
    assert_eq!(outcome(&new(Some(NOON))), 'r', "it would have expired already");
    let short = new(Some(Timestamp(NOON.0 + 1))).unwrap();
    new(None).unwrap();
    assert!(is_taken(registry, &short));
    registry.clock.set(Timestamp(NOON.0 + 1));
    assert!(!is_taken(registry, &short));
    let third = new(None).unwrap();
    assert_eq!(third.principal.secrets.len(), 2);
    assert!(third.principal.secrets.iter().all(|secret| secret.id != short.secret_id));
}

fn the_last_use_of_a_secret_is_noted_to_the_hour<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let made = block_on(people.service().new_secret(people.local(), &people.hire(None, "ada").id, None)).unwrap();
    let last_use = || {
        let principal = block_on(people.service().principal(people.local(), &made.principal.id)).unwrap();
        principal.secrets[0].last_used_at
    };
    assert_eq!(last_use(), None);
    for (now, hour) in [(HOUR + 5, HOUR), (2 * HOUR - 1, HOUR), (2 * HOUR, 2 * HOUR), (HOUR, 2 * HOUR)] {
        registry.clock.set(Timestamp(now));
        assert!(is_taken(registry, &made));
        assert_eq!(last_use(), Some(Timestamp(hour)), "at {now}");
    }
    authenticated(registry, &made.principal.client_id, "wrong");
    registry.clock.set(Timestamp(9 * HOUR));
    authenticated(registry, &made.principal.client_id, "wrong");
    assert_eq!(last_use(), Some(Timestamp(2 * HOUR)), "a wrong one is no use");
}

fn a_deleted_principal_proves_nothing_any_more<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada");
    people.give(&ada.id, Role::Viewer, people.bucket());
    let made = block_on(people.service().new_secret(people.local(), &ada.id, None)).unwrap();
    block_on(people.service().delete_principal(people.local(), &ada.id)).unwrap();
    assert!(!is_taken(registry, &made));
    assert!(block_on(people.service().caller(&ada.id, None)).unwrap().is_none());
    for leftovers in ["DELETE FROM principal_secrets", "DELETE FROM role_bindings", "DELETE FROM identity_rules"] {
        assert_eq!(registry.execute(leftovers, Vec::new()).unwrap(), 0, "{leftovers}");
    }
}

fn the_only_owner_keeps_a_way_to_prove_who_they_are<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let owner = block_on(people.service().bootstrap_owner()).unwrap().unwrap();
    let id = &owner.principal.id;
    let caller = people.caller_of(id);
    let delete = |secret: &str| block_on(people.service().delete_secret(&caller, id, secret));
    let RegistryError::Refused(message) = delete(&owner.secret_id).unwrap_err() else { panic!("it was not refused") };
    assert!(message.contains("another principal its owner"), "{message}");
    assert!(is_taken(registry, &owner));
    let short = block_on(people.service().new_secret(&caller, id, Some(Timestamp(NOON.0 + HOUR)))).unwrap();
    assert_eq!(outcome(&delete(&owner.secret_id)), 'r', "one that expires is not enough");
    delete(&short.secret_id).unwrap();
    block_on(people.service().new_secret(&caller, id, None)).unwrap();
    delete(&owner.secret_id).unwrap();
}

on_every_engine![
    a_secret_is_taken_with_the_client_id_that_it_was_made_for,
    secrets_are_kept_as_hashes,
    two_secrets_overlap_so_that_one_can_replace_the_other,
    an_expired_secret_is_not_taken_and_makes_room,
    the_last_use_of_a_secret_is_noted_to_the_hour,
    a_deleted_principal_proves_nothing_any_more,
    the_only_owner_keeps_a_way_to_prove_who_they_are,
];

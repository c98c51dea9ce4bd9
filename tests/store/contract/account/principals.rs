use packer_plugin_registry::access::{Caller, Role};
use packer_plugin_registry::model::{Principal, PrincipalId};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;

use super::people::{People, name, outcome};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::registry::Registry;

fn names(principals: Vec<Principal>) -> Vec<String> {
    principals.into_iter().map(|principal| principal.name.to_string()).collect()
}

fn a_name_is_unique_where_a_principal_is_at_home<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let other = people.new_project("other").id;
    for home in [None, Some(&people.project), Some(&other)] {
        people.hire(home, "ci");
        let again = block_on(people.service().create_principal(people.local(), home, &name("ci")));
        let RegistryError::Refused(message) = again.unwrap_err() else { panic!("it was not refused") };
        assert_eq!(message, "there is a principal called ci already; choose another name, or use that one");
    }
}

fn each_manager_sees_the_principals_that_are_theirs<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let other = people.new_project("other").id;
    people.hire(None, "a-global");
    people.hire(Some(&people.project), "b-here");
    let there = people.hire(Some(&other), "c-there");
    let listed = |caller: &Caller| block_on(people.service().principals(caller)).map(names);
    let admin = people.hire(Some(&people.project), "d-admin");
    people.give(&admin.id, Role::Admin, people.here());
    let admin = people.caller_of(&admin.id);
    assert_eq!(listed(&admin).unwrap(), ["b-here", "d-admin"]);
    let owner = people.hire(None, "e-owner");
    people.give(&owner.id, Role::Owner, people.everywhere());
    let owner = people.caller_of(&owner.id);
    assert_eq!(listed(&owner).unwrap(), ["a-global", "b-here", "d-admin", "e-owner"]);
    assert_eq!(listed(&owner.in_project(other)).unwrap(), ["a-global", "c-there", "e-owner"]);
    let contributor = people.caller(Role::Contributor, people.here());
    assert_eq!(outcome(&listed(&contributor)), 'd');
    assert_eq!(outcome(&block_on(people.service().principal(&admin, &there.id))), 'f');
    assert_eq!(block_on(people.service().principal(&owner, &there.id)).unwrap(), there);
}

fn everybody_sees_themself_and_only_managers_others<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let viewer = people.caller(Role::Viewer, people.bucket());
    let own = viewer.principal_id.clone().unwrap();
    assert_eq!(block_on(people.service().principal(&viewer, &own)).unwrap().id, own);
    assert_eq!(block_on(people.service().roles_of(&viewer, &own)).unwrap().len(), 1);
    assert!(block_on(people.service().identity_rules(&viewer, &own)).unwrap().is_empty());
    let other = people.hire(Some(&people.project), "other").id;
    let missing = PrincipalId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap();
    for id in [other, missing] {
        assert_eq!(outcome(&block_on(people.service().principal(&viewer, &id))), 'd', "whether it is there or not");
        assert_eq!(outcome(&block_on(people.service().roles_of(&viewer, &id))), 'd');
    }
}

fn only_managers_make_principals_and_only_owners_those_of_the_organization<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let other = people.new_project("other").id;
    for (role, place, [here, there, everywhere]) in [
        (Role::Owner, people.everywhere(), ['+', '+', '+']),
        (Role::Admin, people.everywhere(), ['+', '+', 'd']),
        (Role::Contributor, people.everywhere(), ['d', 'd', 'd']),
        (Role::Owner, people.here(), ['+', 'f', 'd']),
        (Role::Admin, people.here(), ['+', 'f', 'd']),
        (Role::Contributor, people.here(), ['d', 'f', 'd']),
        (Role::Owner, people.bucket(), ['d', 'f', 'd']),
    ] {
        let caller = people.caller(role, place.clone());
        for (home, expected) in [(Some(&people.project), here), (Some(&other), there), (None, everywhere)] {
            let called = name(&format!("by-{role}-{}", place.level()));
            let result = block_on(people.service().create_principal(&caller, home, &called));
            assert_eq!(outcome(&result), expected, "{role} of {place} in {home:?}");
        }
    }
}

/// Whoever makes a secret for a principal can act as that principal.
fn nobody_takes_over_a_principal_with_a_role_above_their_own<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let admin = people.caller(Role::Admin, people.here());
    let weak = people.hire(Some(&people.project), "weak").id;
    people.give(&weak, Role::Admin, people.here());
    let strong = people.hire(Some(&people.project), "strong").id;
    people.give(&strong, Role::Owner, people.bucket());
    let global = people.hire(None, "global").id;
    for (id, expected) in [(&weak, '+'), (&strong, 'd'), (&global, 'f')] {
        let secret = block_on(people.service().new_secret(&admin, id, None));
        assert_eq!(outcome(&secret), expected);
        let secret = block_on(people.service().new_secret(people.local(), id, None)).unwrap();
        let deleted = block_on(people.service().delete_secret(&admin, id, &secret.secret_id));
        assert_eq!(outcome(&deleted), expected);
        assert_eq!(outcome(&block_on(people.service().delete_principal(&admin, id))), expected);
    }
}

fn a_principal_of_another_project_is_not_there<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let other = people.new_project("other").id;
    let there = people.hire(Some(&other), "there").id;
    let owner = people.caller(Role::Owner, people.here());
    let service = people.service();
    assert_eq!(outcome(&block_on(service.principal(&owner, &there))), 'f');
    assert_eq!(outcome(&block_on(service.new_secret(&owner, &there, None))), 'f');
    assert_eq!(outcome(&block_on(service.delete_principal(&owner, &there))), 'f');
    assert_eq!(outcome(&people.try_give(&owner, &there, Role::Viewer, people.here())), 'f');
    let missing = PrincipalId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap();
    let said = |id: &PrincipalId| block_on(service.principal(&owner, id)).unwrap_err().to_string();
    assert_eq!(said(&there).replace(there.as_str(), missing.as_str()), said(&missing), "the answers do not differ");
}

on_every_engine![
    a_name_is_unique_where_a_principal_is_at_home,
    each_manager_sees_the_principals_that_are_theirs,
    everybody_sees_themself_and_only_managers_others,
    only_managers_make_principals_and_only_owners_those_of_the_organization,
    nobody_takes_over_a_principal_with_a_role_above_their_own,
    a_principal_of_another_project_is_not_there,
];

use packer_plugin_registry::access::{Permission, Place, Role};
use packer_plugin_registry::model::{HeldRole, PrincipalId};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;

use super::people::{People, bucket_named, outcome};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::registry::{NOON, Registry};

fn held<S: Store>(people: &People<'_, S>, place: &Place) -> Vec<(String, Role)> {
    let roles = block_on(people.service().roles(people.local(), place)).unwrap();
    roles.into_iter().map(|held| (held.principal.to_string(), held.role)).collect()
}

fn roles_add_up_over_bucket_project_and_organization<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada").id;
    people.give(&ada, Role::Viewer, people.everywhere());
    people.give(&ada, Role::Contributor, people.bucket());
    let caller = people.caller_of(&ada);
    let bucket = bucket_named("web-server");
    assert!(caller.may(Permission::Push, Some(&bucket)));
    assert!(!caller.may(Permission::Push, Some(&bucket_named("elsewhere"))));
    assert!(caller.may(Permission::ReadBucket, Some(&bucket_named("elsewhere"))));
    people.give(&ada, Role::Admin, people.here());
    assert!(people.caller_of(&ada).may(Permission::ManageProject, None));
    let roles = block_on(people.service().roles_of(people.local(), &ada)).unwrap();
    let roles: Vec<_> = roles.into_iter().map(|held| (held.place, held.role)).collect();
    assert_eq!(
        roles,
        [(people.everywhere(), Role::Viewer), (people.here(), Role::Admin), (people.bucket(), Role::Contributor),]
    );
}

fn a_principal_has_one_role_in_one_place<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada");
    for role in [Role::Admin, Role::Viewer, Role::Viewer] {
        people.give(&ada.id, role, people.here());
        let roles = block_on(people.service().roles(people.local(), &people.here())).unwrap();
        let expected = HeldRole {
            principal_id: ada.id.clone(),
            principal: ada.name.clone(),
            role,
            place: people.here(),
            given_by: "ada".to_owned(),
            given_at: NOON,
        };
        assert_eq!(roles, [expected]);
    }
    assert!(held(&people, &people.everywhere()).is_empty() && held(&people, &people.bucket()).is_empty());
}

fn a_role_that_was_taken_is_gone<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada").id;
    for place in [people.everywhere(), people.here(), people.bucket()] {
        people.give(&ada, Role::Viewer, place);
    }
    let revoke = |place: &Place| block_on(people.service().revoke_role(people.local(), &ada, place));
    revoke(&people.here()).unwrap();
    assert_eq!(held(&people, &people.here()), []);
    assert_eq!((held(&people, &people.everywhere()).len(), held(&people, &people.bucket()).len()), (1, 1));
    assert_eq!(outcome(&revoke(&people.here())), 'f');
    let missing = PrincipalId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap();
    assert_eq!(outcome(&block_on(people.service().revoke_role(people.local(), &missing, &people.here()))), 'f');
}

/// What a holder of a role gives, in each place: the strongest role, or how the weakest is refused.
fn nobody_gives_or_takes_a_role_above_their_own<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    // Not the last one whom the organization needs: somebody else owns it.
    block_on(people.service().bootstrap_owner()).unwrap().unwrap();
    let other = Place::Project(people.new_project("other").id);
    let places = [people.everywhere(), people.here(), people.bucket(), other];
    for (role, place, expected) in [
        (Role::Owner, people.everywhere(), ["++++", "++++", "++++", "++++"]),
        (Role::Admin, people.everywhere(), ["dddd", "+++d", "+++d", "+++d"]),
        (Role::Contributor, people.everywhere(), ["dddd", "dddd", "dddd", "dddd"]),
        (Role::Owner, people.here(), ["dddd", "++++", "++++", "ffff"]),
        (Role::Admin, people.here(), ["dddd", "+++d", "+++d", "ffff"]),
        (Role::Viewer, people.here(), ["dddd", "dddd", "dddd", "ffff"]),
        (Role::Owner, people.bucket(), ["dddd", "dddd", "++++", "ffff"]),
        (Role::Admin, people.bucket(), ["dddd", "dddd", "+++d", "ffff"]),
        (Role::Contributor, people.bucket(), ["dddd", "dddd", "dddd", "ffff"]),
    ] {
        let caller = people.caller(role, place.clone());
        let target = people.hire(None, &format!("target-{}-{role}", place.level())).id;
        for (at, expected) in places.iter().zip(expected) {
            let give = |role| outcome(&people.try_give(&caller, &target, role, at.clone()));
            let given: String = Role::ALL.into_iter().map(give).collect();
            assert_eq!(given, expected, "{role} of {place} gives in {at}");
            let take = |role| {
                people.give(&target, role, at.clone());
                outcome(&block_on(people.service().revoke_role(&caller, &target, at)))
            };
            let taken: String = Role::ALL.into_iter().map(take).collect();
            assert_eq!(taken, expected, "{role} of {place} takes in {at}");
            let listed = block_on(people.service().roles(&caller, at));
            assert_eq!(outcome(&listed), expected.chars().next().unwrap(), "{role} of {place} lists in {at}");
        }
    }
}

fn nobody_weakens_a_role_above_their_own<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let admin = people.caller(Role::Admin, people.here());
    let boss = people.hire(None, "boss").id;
    people.give(&boss, Role::Owner, people.here());
    let error = people.try_give(&admin, &boss, Role::Viewer, people.here()).unwrap_err();
    assert!(matches!(error, RegistryError::Denied(_)), "{error}");
    assert!(held(&people, &people.here()).contains(&("boss".to_owned(), Role::Owner)));
}

fn the_last_owner_of_the_organization_stays<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let first = block_on(people.service().bootstrap_owner()).unwrap().unwrap().principal.id;
    let service = people.service();
    let caller = people.caller_of(&first);
    let demote = || people.try_give(&caller, &first, Role::Admin, people.everywhere());
    let revoke = || block_on(service.revoke_role(&caller, &first, &people.everywhere()));
    let delete = || block_on(service.delete_principal(&caller, &first));
    let all = || [outcome(&demote()), outcome(&revoke()), outcome(&delete())];
    assert_eq!(all(), ['r', 'r', 'r']);
    people.try_give(&caller, &first, Role::Owner, people.everywhere()).unwrap();
    let second = people.hire(None, "second").id;
    people.give(&second, Role::Owner, people.everywhere());
    assert_eq!(all(), ['r', 'r', 'r'], "the second one cannot prove who they are");
    block_on(service.new_secret(people.local(), &second, None)).unwrap();
    assert_eq!(outcome(&demote()), '+');
    assert_eq!(held(&people, &people.everywhere()).len(), 2);
    assert_eq!(outcome(&block_on(service.delete_principal(people.local(), &second))), 'r', "now they are the last");
}

fn a_principal_of_a_project_holds_roles_there_only<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let other = people.new_project("other").id;
    let home = people.hire(Some(&people.project), "home").id;
    for place in [people.here(), people.bucket()] {
        people.give(&home, Role::Viewer, place);
    }
    for place in [people.everywhere(), Place::Project(other.clone()), Place::Bucket(other, bucket_named("web-server"))]
    {
        let error = people.try_give(people.local(), &home, Role::Viewer, place.clone()).unwrap_err();
        let RegistryError::Refused(message) = error else { panic!("{place}: {error}") };
        assert!(message.contains("make a principal of the organization"), "{message}");
    }
}

fn a_role_is_given_on_what_is_there<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada").id;
    let missing = Place::Bucket(people.project.clone(), bucket_named("missing"));
    let error = people.try_give(people.local(), &ada, Role::Viewer, missing.clone()).unwrap_err().to_string();
    assert_eq!(error, "bucket missing does not exist; there are: web-server");
    assert_eq!(outcome(&block_on(people.service().roles(people.local(), &missing))), 'f');
    let nobody = PrincipalId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap();
    assert_eq!(outcome(&people.try_give(people.local(), &nobody, Role::Viewer, people.here())), 'f');
}

on_every_engine![
    roles_add_up_over_bucket_project_and_organization,
    a_principal_has_one_role_in_one_place,
    a_role_that_was_taken_is_gone,
    nobody_gives_or_takes_a_role_above_their_own,
    nobody_weakens_a_role_above_their_own,
    the_last_owner_of_the_organization_stays,
    a_principal_of_a_project_holds_roles_there_only,
    a_role_is_given_on_what_is_there,
];

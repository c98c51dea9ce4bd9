use packer_plugin_registry::access::Role;
use packer_plugin_registry::access::oidc::{Condition, IdentityRule, Issuer, Loopback, Pattern};
use packer_plugin_registry::registry::store::{Store, Value};

use super::people::{People, name, outcome};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::registry::Registry;

const ISSUER: &str = "https://gitlab.example.com";

fn rule(issuer: &str, project: &str) -> IdentityRule {
    let issuer = Issuer::parse(issuer, Loopback::Http).unwrap();
    let condition =
        |claim: &str, pattern: &str| Condition { claim: claim.to_owned(), pattern: Pattern::parse(pattern).unwrap() };
    let conditions = vec![condition("project_path", project), condition("ref", "release/*")];
    IdentityRule::new(issuer, "https://registry.example.com", conditions).unwrap()
}

fn tokens_of_an_issuer_are_taken_for_those_with_a_rule<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let (service, local) = (people.service(), people.local());
    let [ada, ben] = ["ada", "ben"].map(|name| people.hire(None, name).id);
    let rules = [rule(ISSUER, "acme/web"), rule(ISSUER, "acme/db"), rule("http://127.0.0.1:8080", "acme/web")];
    for (principal, rule) in [(&ada, &rules[0]), (&ada, &rules[2]), (&ben, &rules[1])] {
        block_on(service.add_identity_rule(local, principal, rule)).unwrap();
    }
    let trusted = block_on(service.principals_of_issuer(ISSUER)).unwrap();
    let mut trusted: Vec<_> = trusted.into_iter().map(|trusted| (trusted.principal.name, trusted.rule)).collect();
    trusted.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(trusted, [(name("ada"), rules[0].clone()), (name("ben"), rules[1].clone())]);
    assert_eq!(block_on(service.principals_of_issuer("http://127.0.0.1:8080")).unwrap().len(), 1);
    assert!(block_on(service.principals_of_issuer("https://gitlab.example.com/")).unwrap().is_empty());
}

fn the_same_rule_again_changes_nothing<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let ada = people.hire(None, "ada").id;
    let add = || block_on(people.service().add_identity_rule(people.local(), &ada, &rule(ISSUER, "acme/web"))).unwrap();
    let first = add();
    assert_eq!(add(), first);
    assert_eq!(block_on(people.service().identity_rules(people.local(), &ada)).unwrap(), [first]);
}

fn a_deleted_rule_admits_nobody<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let (service, local) = (people.service(), people.local());
    let ada = people.hire(None, "ada").id;
    let [web, db] = ["acme/web", "acme/db"]
        .map(|project| block_on(service.add_identity_rule(local, &ada, &rule(ISSUER, project))).unwrap());
    block_on(service.delete_identity_rule(local, &ada, &web.id)).unwrap();
    assert_eq!(outcome(&block_on(service.delete_identity_rule(local, &ada, &web.id))), 'f');
    assert_eq!(block_on(service.identity_rules(local, &ada)).unwrap(), [db]);
    block_on(service.delete_principal(local, &ada)).unwrap();
    assert!(block_on(service.principals_of_issuer(ISSUER)).unwrap().is_empty());
}

/// For example one that an older version took, for an issuer that everybody shares.
fn a_stored_rule_that_would_not_be_taken_now_admits_nobody<S: Store>(registry: &Registry<S>) {
    const GITHUB: &str = "https://token.actions.githubusercontent.com";
    let people = People::of(registry);
    let ada = people.hire(None, "ada").id;
    block_on(people.service().add_identity_rule(people.local(), &ada, &rule(ISSUER, "acme/web"))).unwrap();
    registry.execute("UPDATE identity_rules SET issuer = $1", vec![Value::from(GITHUB)]).unwrap();
    assert!(block_on(people.service().principals_of_issuer(GITHUB)).unwrap().is_empty());
    let rules = block_on(people.service().identity_rules(people.local(), &ada)).unwrap();
    assert_eq!(rules[0].issuer, GITHUB, "but it is listed, so that it can be deleted");
}

fn only_those_over_a_principal_change_its_rules<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let service = people.service();
    let here = people.hire(Some(&people.project), "here").id;
    people.give(&here, Role::Contributor, people.here());
    let global = people.hire(None, "global").id;
    let trust = block_on(service.add_identity_rule(people.local(), &here, &rule(ISSUER, "acme/web"))).unwrap();
    for (role, place, [over_here, over_global]) in [
        (Role::Owner, people.everywhere(), ['+', '+']),
        (Role::Admin, people.everywhere(), ['+', 'f']),
        (Role::Admin, people.here(), ['+', 'f']),
        (Role::Contributor, people.here(), ['d', 'd']),
        (Role::Owner, people.bucket(), ['d', 'd']),
    ] {
        let caller = people.caller(role, place.clone());
        for (principal, expected) in [(&here, over_here), (&global, over_global)] {
            let added = block_on(service.add_identity_rule(&caller, principal, &rule(ISSUER, "acme/web")));
            assert_eq!(outcome(&added), expected, "{role} of {place}");
            assert_eq!(outcome(&block_on(service.identity_rules(&caller, principal))), expected, "{role} of {place}");
        }
    }
    let contributor = people.caller_of(&here);
    let deleted = block_on(service.delete_identity_rule(&contributor, &here, &trust.id));
    assert_eq!(outcome(&deleted), 'd', "nobody changes their own, without being a manager");
}

fn a_rule_is_as_good_as_a_secret_for_the_last_owner<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let (service, local) = (people.service(), people.local());
    let owner = block_on(service.bootstrap_owner()).unwrap().unwrap();
    let id = &owner.principal.id;
    let trust = block_on(service.add_identity_rule(local, id, &rule(ISSUER, "acme/admin"))).unwrap();
    block_on(service.delete_secret(local, id, &owner.secret_id)).unwrap();
    assert_eq!(outcome(&block_on(service.delete_identity_rule(local, id, &trust.id))), 'r');
    assert_eq!(block_on(service.identity_rules(local, id)).unwrap(), [trust]);
}

on_every_engine![
    tokens_of_an_issuer_are_taken_for_those_with_a_rule,
    the_same_rule_again_changes_nothing,
    a_deleted_rule_admits_nobody,
    a_stored_rule_that_would_not_be_taken_now_admits_nobody,
    only_those_over_a_principal_change_its_rules,
    a_rule_is_as_good_as_a_secret_for_the_last_owner,
];

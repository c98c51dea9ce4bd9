use packer_plugin_registry::access::{Caller, Role};
use packer_plugin_registry::model::{Project, ProjectId};
use packer_plugin_registry::registry::store::Store;

use super::people::{People, outcome, project_name};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::registry::Registry;

fn names(projects: Vec<Project>) -> Vec<String> {
    projects.into_iter().map(|project| project.name.to_string()).collect()
}

fn a_registry_has_an_organization_and_a_project_from_the_start<S: Store>(registry: &Registry<S>) {
    let organization = block_on(registry.service.organization(&registry.caller)).unwrap();
    let projects = block_on(registry.service.projects(&registry.caller)).unwrap();
    assert_eq!((organization.name.as_str(), projects.len()), ("default", 1));
    assert_eq!(projects[0].name.as_str(), "default");
    assert_eq!(projects[0].organization_id, organization.id);
    let renamed = block_on(registry.service.rename_organization(&registry.caller, &project_name("Acme"))).unwrap();
    assert_eq!(renamed.name.as_str(), "Acme");
    assert_eq!(block_on(registry.service.organization(&registry.caller)).unwrap(), renamed);
}

fn projects_are_seen_by_those_who_hold_something_in_them<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let other = people.new_project("other").id;
    let listed = |caller: &Caller| names(block_on(people.service().projects(caller)).unwrap());
    assert_eq!(listed(people.local()), ["default", "other"]);
    assert_eq!(listed(&people.caller(Role::Viewer, people.everywhere())), ["default", "other"]);
    assert_eq!(listed(&people.caller(Role::Owner, people.here())), ["default"]);
    assert_eq!(listed(&people.caller(Role::Viewer, people.bucket())), ["default"]);
    let nobody = people.hire(Some(&other), "nobody").id;
    let nobody = block_on(people.service().caller(&nobody, None)).unwrap().unwrap();
    assert!(listed(&nobody).is_empty());
}

fn the_name_of_a_project_is_unique<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let (service, local) = (people.service(), people.local());
    let other = people.new_project("other");
    assert_eq!(outcome(&block_on(service.create_project(local, &project_name("other")))), 'r');
    assert_eq!(outcome(&block_on(service.rename_project(local, &people.project, &project_name("other")))), 'r');
    let renamed = block_on(service.rename_project(local, &other.id, &project_name("images"))).unwrap();
    assert_eq!(renamed, Project { name: project_name("images"), ..other });
    assert_eq!(names(block_on(service.projects(local)).unwrap()), ["default", "images"]);
}

fn only_an_empty_project_is_deleted_and_never_the_first<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let (service, local) = (people.service(), people.local());
    let full = people.new_project("full").id;
    let empty = block_on(service.create_project(local, &project_name("empty"))).unwrap().id;
    let guest = people.caller(Role::Viewer, people.here()).principal_id.unwrap();
    people.give(&guest, Role::Viewer, packer_plugin_registry::access::Place::Project(empty.clone()));
    let home = people.hire(Some(&empty), "inhabitant").id;
    let delete = |id: &ProjectId| block_on(service.delete_project(local, id));
    let message = delete(&full).unwrap_err().to_string();
    assert_eq!(message, format!("project {full} is not empty: it has 1 buckets, the deleted ones among them"));
    assert!(delete(&empty).unwrap_err().to_string().contains("1 principals"));
    block_on(service.delete_principal(local, &home)).unwrap();
    delete(&empty).unwrap();
    assert_eq!(outcome(&delete(&empty)), 'f');
    assert!(delete(&people.project).unwrap_err().to_string().contains("give it another name instead"));
    assert_eq!(block_on(service.roles_of(local, &guest)).unwrap().len(), 1, "its roles in the project are gone");
}

fn only_owners_of_the_organization_make_and_delete_projects<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let service = people.service();
    for (nth, (role, place, [make, rename, delete, rename_all])) in [
        (Role::Owner, people.everywhere(), ['+', '+', '+', '+']),
        (Role::Admin, people.everywhere(), ['d', '+', 'd', 'd']),
        (Role::Viewer, people.everywhere(), ['d', 'd', 'd', 'd']),
        (Role::Owner, people.here(), ['d', 'f', 'f', 'd']),
        (Role::Admin, people.bucket(), ['d', 'f', 'f', 'd']),
    ]
    .into_iter()
    .enumerate()
    {
        let caller = people.caller(role, place.clone());
        let spare =
            block_on(service.create_project(people.local(), &project_name(&format!("spare {nth}")))).unwrap().id;
        let made = block_on(service.create_project(&caller, &project_name(&format!("made {nth}"))));
        let renamed = block_on(service.rename_project(&caller, &spare, &project_name(&format!("renamed {nth}"))));
        let deleted = block_on(service.delete_project(&caller, &spare));
        let organization = block_on(service.rename_organization(&caller, &project_name("Acme")));
        let found = [outcome(&made), outcome(&renamed), outcome(&deleted), outcome(&organization)];
        assert_eq!(found, [make, rename, delete, rename_all], "{role} of {place}");
    }
    let owner = people.caller(Role::Owner, people.here());
    let result = block_on(service.rename_project(&owner, &people.project, &project_name("images")));
    assert_eq!(outcome(&result), '+', "their own");
}

fn a_caller_works_in_the_project_that_is_asked_for_or_in_the_only_one<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let guest = people.caller(Role::Viewer, people.bucket()).principal_id.unwrap();
    let everywhere = people.caller(Role::Viewer, people.everywhere()).principal_id.unwrap();
    let home = people.hire(Some(&people.project), "home").id;
    let works_in = |id, project: Option<&ProjectId>| {
        block_on(people.service().caller(id, project)).map(|caller| caller.unwrap().project_id)
    };
    let here = Some(people.project.clone());
    for id in [&guest, &everywhere, &home] {
        assert_eq!(works_in(id, None).unwrap(), here);
    }
    let other = people.new_project("other").id;
    assert_eq!(works_in(&everywhere, None).unwrap(), None, "there are two");
    assert_eq!(works_in(&guest, None).unwrap(), here, "they see one only");
    assert_eq!(works_in(&everywhere, Some(&other)).unwrap(), Some(other.clone()));
    assert_eq!(outcome(&works_in(&guest, Some(&other))), 'f');
    assert_eq!(outcome(&works_in(&home, Some(&people.project))), 'f', "nothing is granted there");
    let missing = ProjectId::parse("6b4f1f0e-58a1-4e3d-9a55-0c1a4f0d9e11").unwrap();
    let said = |id: &ProjectId| works_in(&guest, Some(id)).unwrap_err().to_string();
    assert_eq!(said(&other).replace(other.as_str(), missing.as_str()), said(&missing), "the answers do not differ");
}

on_every_engine![
    a_registry_has_an_organization_and_a_project_from_the_start,
    projects_are_seen_by_those_who_hold_something_in_them,
    the_name_of_a_project_is_unique,
    only_an_empty_project_is_deleted_and_never_the_first,
    only_owners_of_the_organization_make_and_delete_projects,
    a_caller_works_in_the_project_that_is_asked_for_or_in_the_only_one,
];

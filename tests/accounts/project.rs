use packer_plugin_registry::backend::Spool;

use super::door::Door;
use crate::support::record::build_of;

#[test]
fn a_project_is_created_listed_renamed_and_deleted() {
    for door in Door::both() {
        door.run("project create web").exits(0).says("Created project web");
        door.run("project create web").exits(1).says("there is a project called web already");
        let id = door.text("project create app", "id");
        door.run("project list").exits(0).says("web").says(&id);
        let names = |door: &Door| -> Vec<String> {
            let list = door.json("project list");
            list.as_array().unwrap().iter().map(|project| project["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&door), ["app", "default", "web"]);
        door.run("project rename web site").exits(0).says("Renamed project web").says("to site");
        door.run(&format!("project rename {id} shop")).exits(0).says("Renamed project app").says("to shop");
        door.run("project rename web other")
            .exits(3)
            .says("project web does not exist; there are: default, shop, site");
        door.run("project delete site --yes").exits(0).says("Deleted project site");
        assert_eq!(names(&door), ["default", "shop"]);
        door.run("project delete default --yes").exits(1).says("stays");
        door.run("project create no/slash").exits(2).says("letters, digits, spaces");
    }
}

#[test]
fn a_project_is_chosen_by_flag_or_variable_and_by_name_or_id() {
    for door in Door::both() {
        let id = door.text("project create web", "id");
        door.run("--project default bucket list").exits(0).says("web-server");
        for chosen in ["web", id.as_str()] {
            door.run(&format!("bucket list --project {chosen}")).exits(0).does_not_say("web-server");
            door.run_with(&[("PACKER_REGISTRY_PROJECT", chosen)], "bucket list").exits(0).does_not_say("web-server");
            door.run_with(&[("PACKER_REGISTRY_PROJECT", chosen)], "bucket list --project default")
                .exits(0)
                .says("web-server");
        }
        door.run("bucket list --project nowhere").exits(3).says("project nowhere does not exist").says("default, web");
        let unknown = "00000000-0000-4000-8000-000000000000";
        door.run(&format!("bucket list --project {unknown}")).exits(3).says("does not exist");
        // What is about to be created cannot be there yet.
        door.run_with(&[("PACKER_REGISTRY_PROJECT", "soon")], "project create soon").exits(0);
    }
}

#[test]
fn a_record_that_waited_goes_into_the_project_that_its_build_had_chosen() {
    for door in Door::both() {
        door.run("project create web").exits(0);
        let spool = Spool::open(door.path("kept")).meant_for(Some(door.url())).in_project(Some("web".to_owned()));
        spool.write(&build_of("release-9", 9, "amazon-ebs.east")).unwrap();
        let url = door.url();
        door.run(&format!("spool push kept --url {url}")).exits(0).says("Delivered 1 of 1 records.");
        door.run("iteration list --bucket web-server --project web").exits(0).says("release-9");
        door.run("iteration list --bucket web-server --project default").exits(0).does_not_say("release-9");

        spool.write(&build_of("release-10", 10, "amazon-ebs.east")).unwrap();
        door.run(&format!("spool push kept --url {url} --project default")).exits(0);
        door.run("iteration list --bucket web-server --project default").exits(0).says("release-10");
    }
}

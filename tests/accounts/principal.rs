use serde_json::Value;

use super::door::Door;

#[test]
fn a_principal_is_found_by_its_name_its_id_and_its_client_id() {
    for door in Door::both() {
        let created = door.json("principal create ci");
        assert_eq!((&created["name"], &created["project_id"]), (&"ci".into(), &Value::Null));
        for key in ["name", "id", "client_id"] {
            let shown = door.json(&format!("principal show {}", created[key].as_str().unwrap()));
            assert_eq!(shown["id"], created["id"], "{key}");
            assert_eq!((&shown["roles"], &shown["identities"]), (&Value::Array(vec![]), &Value::Array(vec![])));
        }
        let ran = door.run("principal create ci").exits(1);
        ran.says("there is a principal called ci already");
        door.run("principal show nobody").exits(3).says("principal nobody does not exist; there are: ci");
        door.run("principal list").exits(0).says("ci").says("the organization");
    }
}

#[test]
fn a_new_principal_says_what_it_still_needs() {
    for door in Door::both() {
        let ran = door.run("principal create ci").exits(0);
        assert!(ran.stdout.starts_with("Created principal ci of the organization"), "{}", ran.text);
        ran.says("role grant ROLE --principal ci").says("principal secret create ci");
    }
}

#[test]
fn where_a_principal_belongs_is_chosen_like_the_project() {
    for door in Door::both() {
        let web = door.text("project create web", "id");
        assert_eq!(door.text("--project web principal create a", "project_id"), web);
        let chosen = [("PACKER_REGISTRY_PROJECT", "web")];
        door.run_with(&chosen, "principal create b").exits(0).says("of project web");
        door.run_with(&chosen, "principal create c --organization").exits(0).says("of the organization");
        door.run("principal create d --organization --project web").exits(2).says("name one");
    }
}

#[test]
fn a_name_that_means_several_is_ambiguous_and_each_is_listed() {
    for door in Door::both() {
        door.run("project create web").exits(0);
        let here = door.text("--project web principal create ci", "id");
        let wide = door.text("principal create ci", "id");
        let ran = door.run("--project web principal show ci").exits(4);
        ran.says(&format!("{here} of project web")).says(&format!("{wide} of the organization"));
        door.run("--project web principal delete ci --yes").exits(4);
        door.run(&format!("--project web principal show {wide}")).exits(0).says("the organization");
        door.run("--project default principal show ci").exits(0).says(&wide);
    }
}

#[test]
fn whoever_asks_can_see_themselves_on_a_server_and_is_nobody_to_a_file() {
    let server = Door::server();
    server.run("principal show").exits(0).says("owner").does_not_say("client secret");
    assert_eq!(server.text("principal show", "name"), "owner");
    Door::file().run("principal show").exits(1).says("whoever may open the file of a registry may do everything");
}

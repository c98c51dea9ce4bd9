use serde_json::json;

use super::door::Door;

#[test]
fn a_role_is_given_replaced_listed_and_taken() {
    for door in Door::both() {
        let id = door.text("principal create ci", "id");
        door.run("role grant contributor --principal ci --project default")
            .exits(0)
            .says("ci is now contributor in project default");
        door.run("role grant viewer --principal ci --bucket web-server --project default")
            .exits(0)
            .says("bucket web-server of project default");
        door.run(&format!("role grant admin --principal {id} --project default")).exits(0).says("admin");
        let held = door.json("role list --project default");
        assert_eq!((&held[0]["role"], &held[0]["principal"]), (&json!("admin"), &json!("ci")));
        assert_eq!(held.as_array().map(Vec::len), Some(1), "{held}");
        assert_eq!(door.json("role list --principal ci").as_array().map(Vec::len), Some(2));
        door.run("role list --bucket web-server --project default").exits(0).says("viewer");

        door.run("role revoke viewer --principal ci --project default --yes").exits(1).says("but admin");
        door.run("role revoke admin --principal ci --project default --yes").exits(0).says("Took the role admin");
        door.run("role revoke --principal ci --project default --yes")
            .exits(3)
            .says("holds no role in project default");
        door.run("role revoke --principal ci --project default --bucket web-server --yes").exits(0);
        assert_eq!(door.json("role list --principal ci"), json!([]));
    }
}

#[test]
fn a_role_in_the_organization_is_held_in_every_project() {
    for door in Door::both() {
        door.run("principal create ada").exits(0);
        door.run("role grant owner --principal ada --organization").exits(0).says("in the organization");
        let held = door.json("role list --organization");
        let ada = held.as_array().unwrap().iter().find(|held| held["principal"] == "ada").unwrap();
        assert!(ada["place"]["organization_id"].is_string(), "{ada}");
    }
}

#[test]
fn a_role_or_a_place_that_makes_no_sense_says_what_does() {
    for door in Door::both() {
        door.run("principal create ci").exits(0);
        door.run("project create web").exits(0);
        for (line, code, expected) in [
            ("role grant reader --principal ci --organization", 2, "use viewer, contributor, admin or owner"),
            ("role grant viewer --principal ci", 2, "say where: --bucket NAME, --project NAME or --organization"),
            ("role grant viewer --principal ci --organization --project web", 2, "either --organization or --project"),
            ("role grant viewer --principal ci --organization --bucket web-server", 2, "cannot be used with"),
            ("role grant viewer --project web", 2, "--principal <PRINCIPAL>"),
            ("role grant viewer --principal nobody --project web", 3, "principal nobody does not exist"),
            ("role grant viewer --principal ci --project web --bucket web-server", 3, "bucket web-server"),
            ("role grant viewer --principal ci --project nowhere", 3, "project nowhere does not exist"),
            ("role list", 2, "say where"),
        ] {
            let ran = door.run(line).exits(code).says(expected);
            assert_eq!(ran.stdout, "", "{line}");
        }
    }
}

#[test]
fn the_last_owner_of_a_server_cannot_be_locked_out() {
    let door = Door::server();
    let refusal = "nobody else could manage the organization then";
    door.run("role revoke owner --principal owner --organization --yes").exits(1).says(refusal);
    door.run("principal delete owner --yes").exits(1).says(refusal);
    let secret = door.json("principal secret list owner")[0]["id"].as_str().unwrap().to_owned();
    door.run(&format!("principal secret delete owner {secret} --yes")).exits(1).says(refusal);
    door.run("bucket list").exits(0).says("web-server");
}

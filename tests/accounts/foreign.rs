use super::door::{Door, borrowed};

/// A server with the projects `default` and `web`, each with a principal `ci`; answers the credentials of an admin of
/// `web`, the id of the `ci` of `default`, and of one of the organization.
fn two_projects() -> (Door, [(&'static str, String); 2], [String; 2]) {
    let door = Door::server();
    door.run("project create web").exits(0);
    door.run("--project web principal create admin").exits(0);
    door.run("role grant admin --principal admin --project web").exits(0);
    door.run("--project web principal create ci").exits(0);
    let foreign = door.text("--project default principal create ci", "id");
    let wide = door.text("principal create wide", "id");
    let admin = door.secret_of("admin --project web");
    (door, admin, [foreign, wide])
}

#[test]
fn what_belongs_to_another_project_does_not_exist() {
    let (door, admin, strangers) = two_projects();
    let ask = |line: &str| door.run_with(&borrowed(&admin), line);
    ask("principal list").exits(0).says("admin").says("ci").does_not_say("wide").does_not_say(&strangers[0]);
    ask("project list").exits(0).says("web").does_not_say("default");
    for stranger in [&strangers[0], &strangers[1], &"01KAPRA8QJ5W1N9J7Z0FQ2K8VD".to_owned()] {
        for line in [
            format!("principal show {stranger}"),
            format!("principal delete {stranger} --yes"),
            format!("principal secret create {stranger}"),
            format!("principal secret list {stranger}"),
            format!("principal identity list {stranger}"),
            format!("principal identity add {stranger} --issuer https://x.test --audience a --claim sub=b"),
            format!("role list --principal {stranger}"),
        ] {
            ask(&line).exits(3).says(&format!("principal {stranger} does not exist"));
        }
    }
    ask("principal show wide").exits(3);
    ask(&format!("role grant viewer --principal {} --project web", strangers[0])).exits(3).says("does not exist");
    for line in ["bucket list", "principal list", "role list"] {
        ask(&format!("{line} --project default")).exits(3).says("project default does not exist");
    }
    let default = door.json("project list")[0]["id"].as_str().unwrap().to_owned();
    ask(&format!("bucket list --project {default}")).exits(3).says("does not exist");
}

#[test]
fn what_is_seen_and_not_allowed_is_refused_by_name() {
    let (door, admin, _) = two_projects();
    let ask = |line: &str| door.run_with(&borrowed(&admin), line);
    for (line, expected) in [
        ("project create other", "organization"),
        ("principal create x --organization", "organization"),
        ("role grant viewer --principal ci --organization", "organization"),
        ("role grant owner --principal ci --project web", "owner"),
    ] {
        ask(line).exits(1).says("admin").says(expected);
    }
}

use super::door::Door;

#[test]
fn a_secret_is_shown_once_and_nowhere_again() {
    for door in Door::both() {
        door.run("principal create ci").exits(0);
        let made = door.json("principal secret create ci");
        let secret = made["client_secret"].as_str().unwrap();
        assert!(secret.len() >= 43, "256 bits: {secret}");
        for line in ["principal secret list ci", "principal show ci", "principal list"] {
            let id = made["secret_id"].as_str().unwrap();
            for line in [line.to_owned(), format!("{line} --json")] {
                let ran = door.run(&line).exits(0).does_not_say(secret);
                assert!(line == "principal list" || ran.text.contains(id), "{line}: {}", ran.text);
            }
        }
        if let Some(server) = &door.server {
            let log = server.log();
            assert!(log.contains("serving") && !log.contains(secret), "{log}");
        }
    }
}

#[test]
fn for_people_the_answer_is_both_halves_and_a_warning_beside_it() {
    for door in Door::both() {
        door.run("principal create ci").exits(0);
        let ran = door.run("principal secret create ci").exits(0);
        let lines: Vec<&str> = ran.stdout.lines().map(|line| line.split_whitespace().next_back().unwrap()).collect();
        assert_eq!(lines.len(), 2, "{}", ran.text);
        assert!(ran.stderr.starts_with("note: the secret is not shown again"), "{}", ran.stderr);
    }
}

#[test]
fn two_secrets_can_be_in_use_so_that_one_replaces_the_other() {
    for door in Door::both() {
        door.run("principal create ci").exits(0);
        let old = door.text("principal secret create ci", "secret_id");
        door.run("principal secret create ci").exits(0);
        door.run("principal secret create ci").exits(1).says("2 is the most");
        door.run(&format!("principal secret delete ci {old} --yes")).exits(0).says("last used: never");
        door.run(&format!("principal secret delete ci {old} --yes")).exits(3).says("it has: ");
        door.run("principal secret create ci").exits(0);
    }
}

#[test]
fn a_secret_expires_when_it_was_told_to() {
    for door in Door::both() {
        door.run("principal create ci").exits(0);
        door.run("principal secret create ci --expires-in 90d").exits(0).says("expires");
        door.run("principal secret list ci").exits(0).says("in 89 days");
        for wrong in ["90", "0d", "ninety", "4000d", "-1d"] {
            door.run(&format!("principal secret create ci --expires-in={wrong}")).exits(2).says("90d, 12h, 30m or 2w");
        }
    }
}

#[test]
fn the_answer_is_a_file_of_credentials_until_the_secret_is_deleted() {
    let door = Door::server();
    door.run("principal create ci").exits(0);
    door.run("role grant viewer --principal ci --project default").exits(0);
    let made = door.run("principal secret create ci --json").exits(0).stdout;
    let (file, id) = (door.path("ci.json"), serde_json::from_str::<serde_json::Value>(&made).unwrap());
    std::fs::write(&file, &made).unwrap();
    let file = file.display().to_string();
    let with_file = [
        ("PACKER_REGISTRY_CREDENTIALS", file.as_str()),
        ("PACKER_REGISTRY_CLIENT_ID", ""),
        ("PACKER_REGISTRY_CLIENT_SECRET", ""),
    ];
    door.run_with(&with_file, "bucket list").exits(0).says("web-server");
    door.run("principal secret list ci").exits(0).says("within an hour never");
    let id = id["secret_id"].as_str().unwrap();
    door.run(&format!("principal secret delete ci {id} --yes")).exits(0).says("last used: within an hour");
    door.run_with(&with_file, "bucket list").exits(1).says("does not let the client in").says("is wrong");
}

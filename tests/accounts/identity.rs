use serde_json::json;

use super::door::Door;

#[test]
fn an_identity_rule_is_added_listed_and_deleted() {
    for door in Door::both() {
        door.run("principal create ci").exits(0);
        let add = "principal identity add ci --issuer https://token.actions.githubusercontent.com \
                   --audience https://registry.example --claim repository=acme/images --claim ref=refs/heads/*";
        let added = door.json(add);
        assert_eq!(added["claims"], json!({"repository": "acme/images", "ref": "refs/heads/*"}));
        assert_eq!(door.json(add)["id"], added["id"], "the same rule again changes nothing");
        door.run("principal identity list ci")
            .exits(0)
            .says("ref=refs/heads/*, repository=acme/images")
            .says("https://registry.example");
        let id = added["id"].as_str().unwrap();
        door.run(&format!("principal identity delete ci {id} --yes")).exits(0).says("Deleted identity rule");
        door.run(&format!("principal identity delete ci {id} --yes")).exits(3).says("principal identity list ci");
        assert_eq!(door.json("principal identity list ci"), json!([]));
    }
}

#[test]
fn a_rule_that_makes_no_sense_or_admits_strangers_says_what_to_do() {
    let github = "https://token.actions.githubusercontent.com";
    for door in Door::both() {
        door.run("principal create ci").exits(0);
        for (rule, code, expected) in [
            ("--issuer https://ci.example --audience a --claim repository", 2, "write a claim as NAME=VALUE"),
            ("--issuer https://ci.example --audience a --claim =x", 2, "'repository=acme/*'"),
            ("--issuer https://ci.example --audience a", 2, "--claim <NAME=VALUE>"),
            ("--issuer https://ci.example --audience a --claim sub=a --claim sub=b", 2, "add a rule for each"),
            ("--issuer http://ci.example --audience a --claim sub=a", 1, "must begin with https://"),
            ("--issuer ci.example --audience a --claim sub=a", 1, "is not the address of an issuer"),
            ("--issuer https://ci.example --audience a --claim sub=*", 1, "not stars alone"),
            ("--issuer https://ci.example --audience a --claim aud=a", 1, "such as sub or repository"),
            (&format!("--issuer {github} --audience a --claim ref=refs/heads/main"), 1, "everybody can get tokens"),
            (&format!("--issuer {github} --audience a --claim repository=acm*"), 1, "slash after the owner's name"),
            // Everybody may call a workflow of theirs that is public.
            (&format!("--issuer {github} --audience a --claim job_workflow_ref=acme/*"), 1, "everybody can get tokens"),
            // The first slash of this one comes after the host.
            ("--issuer https://gitlab.com --audience a --claim ci_config_ref_uri=gitlab.com/*", 1, "everybody can get"),
        ] {
            door.run(&format!("principal identity add ci {rule}")).exits(code).says(expected);
        }
        assert_eq!(door.json("principal identity list ci"), json!([]));
    }
}

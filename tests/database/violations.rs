use super::machine::Machine;

#[test]
fn a_registry_keeps_all_rules() {
    let machine = Machine::with_registry();
    machine.run("check --database sqlite:registry.db").exits(0).says("keeps all rules");
    assert_eq!(machine.run("check --database sqlite:registry.db --json").exits(0).stdout.trim(), "[]");
}

#[test]
fn each_rule_that_is_broken_is_named_with_the_place() {
    const OTHER: &str = "(SELECT id FROM projects WHERE name = 'other')";
    for (sql, place, rule) in [
        ("UPDATE iterations SET version = 9 WHERE version = 3", "bucket web-server", "have no gap"),
        ("UPDATE buckets SET seq = 4", "bucket web-server", "have no gap"),
        (
            "DELETE FROM channel_assignments WHERE position = 1 AND channel_id IN
                (SELECT id FROM channels WHERE name = 'latest')",
            "channel latest of bucket web-server",
            "the history of a channel has no gap",
        ),
        (
            "UPDATE channels SET head = 2 WHERE name = 'production'",
            "channel production of bucket web-server",
            "the channel is at its end",
        ),
        (
            "UPDATE channel_assignments SET iteration_id = (SELECT id FROM iterations WHERE version IS NULL)
                WHERE channel_id IN (SELECT id FROM channels WHERE name = 'production')",
            "channel production of bucket web-server, fingerprint release-4",
            "complete iterations",
        ),
        ("UPDATE channels SET managed = 0 WHERE name = 'latest'", "bucket web-server", "just once"),
        (
            "UPDATE channel_assignments SET iteration_id = (SELECT id FROM iterations WHERE version = 1)
                WHERE channel_id IN (SELECT id FROM channels WHERE name = 'latest')",
            "bucket web-server, fingerprint release-3",
            "newer than the one that channel latest points at",
        ),
        (
            "UPDATE builds SET status = 'unconfirmed' WHERE asked_fingerprint = 'release-3'",
            "bucket web-server, fingerprint release-3",
            "has a build that was done",
        ),
        (
            "DELETE FROM builds WHERE asked_fingerprint = 'release-4'",
            "bucket web-server, fingerprint release-4",
            "an iteration has a build",
        ),
        (
            "UPDATE builds SET confirmed_at = NULL WHERE asked_fingerprint = 'release-4'",
            "bucket web-server, build east of run",
            "was confirmed",
        ),
        (
            "UPDATE builds SET component_type = 'north' WHERE superseded_by IS NOT NULL",
            "build ",
            "made way for one of the same component type",
        ),
        (&format!("UPDATE artifacts SET project_id = {OTHER}"), "artifact ", "of the same project"),
        (&format!("UPDATE parents SET project_id = {OTHER}"), "parent of build ", "of the same project"),
        ("UPDATE projects SET organization_id = 'gone' WHERE name = 'other'", "project other", "an organization"),
        (&format!("UPDATE principals SET project_id = {OTHER}"), "a role of principal owner", "of one project"),
        ("DELETE FROM principals", "table role_bindings", "what is referred to is there"),
    ] {
        let machine = Machine::with_registry();
        machine.corrupt("registry.db", sql);
        let ran = machine.run("check --database sqlite:registry.db").exits(1);
        let is_named = ran.stdout.lines().any(|line| line.starts_with(place) && line.contains(rule));
        assert!(is_named, "{sql}\n{}", ran.text);
    }
}

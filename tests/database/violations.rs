use super::engines::{Engine, Postgres, on_both_engines};

on_both_engines! {
    a_registry_keeps_all_rules,
    each_rule_that_is_broken_is_named_with_the_place,
    each_trigger_that_is_missing_is_named,
    a_build_that_a_complete_iteration_expects_and_lacks_is_named,
    an_iteration_that_was_completed_without_a_build_lacks_nothing,
    a_value_that_cannot_be_read_is_named_and_not_shown,
    what_refers_to_nothing_is_named,
    a_project_is_named_only_where_there_are_several,
}

/// What the registry of these tests has its bucket in.
const BUCKET: &str = "bucket web-server of project default";

fn a_registry_keeps_all_rules<E: Engine>() {
    let registry = E::filled();
    registry.check("").exits(0).says("keeps all rules");
    assert_eq!(registry.check("--json").exits(0).stdout.trim(), "[]");
}

/// Breaks a registry by a statement; the only rule that is broken is this one, in this place.
#[track_caller]
fn breaks_only<E: Engine>(sql: &str, place: &str, rule: &str) {
    let ran = broken::<E>(sql);
    let lines: Vec<&str> = ran.lines().collect();
    assert!(
        !lines.is_empty() && lines.iter().all(|line| line.starts_with(place) && line.contains(rule)),
        "{sql}\n{ran}"
    );
}

/// What `check` prints of a registry that was broken by a statement.
#[track_caller]
fn broken<E: Engine>(sql: &str) -> String {
    let registry = E::filled();
    registry.corrupt(sql);
    registry.check("").exits(1).stdout
}

fn each_rule_that_is_broken_is_named_with_the_place<E: Engine>() {
    const OTHER: &str = "(SELECT id FROM projects WHERE name = 'other')";
    for (sql, place, rule) in [
        ("UPDATE iterations SET version = 9 WHERE version = 3", BUCKET, "have no gap"),
        ("UPDATE buckets SET seq = 9", BUCKET, "have no gap"),
        (
            "DELETE FROM channel_assignments WHERE position = 1 AND channel_id IN
                (SELECT id FROM channels WHERE name = 'latest')",
            "channel latest of bucket web-server of project default",
            "the history of a channel has no gap",
        ),
        (
            "UPDATE channels SET head = 2 WHERE name = 'production'",
            "channel production of bucket web-server of project default",
            "the channel is at its end",
        ),
        (
            "UPDATE channel_assignments SET iteration_id = (SELECT id FROM iterations WHERE version IS NULL)
                WHERE channel_id IN (SELECT id FROM channels WHERE name = 'production')",
            "channel production of bucket web-server of project default, fingerprint release-4",
            "complete iterations",
        ),
        ("UPDATE channels SET managed = 0 WHERE name = 'latest'", BUCKET, "just once"),
        (
            "UPDATE channel_assignments SET iteration_id = (SELECT id FROM iterations WHERE version = 1)
                WHERE channel_id IN (SELECT id FROM channels WHERE name = 'latest')",
            "bucket web-server of project default, fingerprint release-3",
            "newer than the one that channel latest points at",
        ),
        (
            "UPDATE channel_assignments SET iteration_id = (SELECT id FROM iterations WHERE deleted_at IS NOT NULL)
                WHERE channel_id IN (SELECT id FROM channels WHERE name = 'production')",
            "channel production of bucket web-server of project default",
            "no channel points at a deleted iteration",
        ),
        (
            "UPDATE builds SET status = 'unconfirmed' WHERE asked_fingerprint = 'release-3'",
            "bucket web-server of project default, fingerprint release-3",
            "has a build that was done",
        ),
        (
            "UPDATE builds SET confirmed_at = NULL WHERE asked_fingerprint = 'release-4'",
            "bucket web-server of project default, build east of run",
            "was confirmed",
        ),
        (
            "UPDATE builds SET component_type = 'north' WHERE superseded_by IS NOT NULL",
            "bucket web-server of project default, build ",
            "made way for one of the same component type",
        ),
        (
            "UPDATE iterations SET revoke_at = 7 WHERE fingerprint = 'release-2'",
            "bucket web-server of project default, fingerprint release-2",
            "a reason that is written down",
        ),
        (
            "UPDATE iterations SET revoke_at = NULL WHERE fingerprint = 'release-1'",
            "bucket web-server of project default, fingerprint release-1",
            "none is forgotten",
        ),
        (&format!("UPDATE revocations SET project_id = {OTHER}"), BUCKET, "of the same project"),
        (&format!("UPDATE artifacts SET project_id = {OTHER}"), BUCKET, "of the same project"),
        (&format!("UPDATE parents SET project_id = {OTHER}"), BUCKET, "of the same project"),
        (
            &format!("UPDATE principals SET project_id = {OTHER}"),
            "a role of principal owner of project other",
            "of one project",
        ),
        ("UPDATE projects SET organization_id = 'gone' WHERE name = 'other'", "project other", "an organization"),
        (
            "UPDATE iterations SET deleted_at = 7 WHERE fingerprint = 'release-4'",
            "bucket web-server of project default, SBOM ",
            "nothing is kept of what deleted iterations",
        ),
        (
            &format!("UPDATE enforced_blocks SET project_id = {OTHER}"),
            "enforced block harden on bucket web-server of project default",
            "linked by a version of its own",
        ),
    ] {
        let ran = broken::<E>(sql);
        assert!(ran.lines().any(|line| line.starts_with(place) && line.contains(rule)), "{sql}\n{ran}");
    }
}

fn each_trigger_that_is_missing_is_named<E: Engine>() {
    let registry = E::filled();
    let triggers = registry.triggers();
    assert!(triggers.len() >= 7, "{triggers:?}");
    for (gone, (name, table)) in (1..).zip(&triggers) {
        registry.drop_trigger(name, table);
        let ran = registry.check("").exits(1).says(&format!("breaks its rules in {gone} place"));
        assert!(ran.stdout.contains(&format!("trigger {name} of table {table}: not so: ")), "{}", ran.text);
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_trigger_that_is_switched_off_is_missing() {
    let registry = Postgres::filled();
    registry.database.execute("ALTER TABLE artifacts DISABLE TRIGGER artifacts_do_not_change");
    registry.check("").exits(1).says("trigger artifacts_do_not_change of table artifacts");
    registry.database.execute("ALTER TABLE artifacts ENABLE TRIGGER artifacts_do_not_change");
    registry.check("").exits(0);
}

fn a_build_that_a_complete_iteration_expects_and_lacks_is_named<E: Engine>() {
    const RULE: &str = "a complete iteration has all builds that it expects";
    const RELEASE_2: &str = "bucket web-server of project default, fingerprint release-2, without ";
    for (sql, missing) in [
        (r#"UPDATE builds SET expected = '["east","north","west"]' WHERE asked_fingerprint = 'release-2'"#, "north:"),
        (
            "UPDATE builds SET status = 'unconfirmed' WHERE asked_fingerprint = 'release-2' AND component_type = 'west'",
            "west:",
        ),
        (
            "UPDATE builds SET status = 'destroyed', confirmed_at = NULL
                WHERE asked_fingerprint = 'release-2' AND component_type = 'east'",
            "east:",
        ),
    ] {
        breaks_only::<E>(sql, &format!("{RELEASE_2}{missing}"), RULE);
    }
    breaks_only::<E>(
        "UPDATE iterations SET partial_reason = NULL WHERE fingerprint = 'release-3'",
        "bucket web-server of project default, fingerprint release-3, without west",
        RULE,
    );
}

fn an_iteration_that_was_completed_without_a_build_lacks_nothing<E: Engine>() {
    let registry = E::filled();
    registry.corrupt("UPDATE builds SET status = 'destroyed', destroyed_at = 7 WHERE asked_fingerprint = 'release-2'");
    registry.corrupt("UPDATE iterations SET partial_reason = 'west is broken' WHERE fingerprint = 'release-1'");
    registry.corrupt(
        "UPDATE builds SET status = 'unconfirmed' WHERE asked_fingerprint = 'release-1' AND component_type = 'west'",
    );
    registry.check("").exits(0);
}

fn a_value_that_cannot_be_read_is_named_and_not_shown<E: Engine>() {
    const JSON: &str = "what is kept as JSON can be read";
    for (table, column, value, rule) in [
        ("buckets", "labels", "{hidden", JSON),
        ("builds", "labels", r#"["hidden"]"#, JSON),
        ("builds", "metadata", "hidden", JSON),
        ("builds", "expected", "{}", JSON),
        ("builds", "expected", r#"[""]"#, JSON),
        ("builds", "channels", r#"["no channel/hidden"]"#, JSON),
        ("artifacts", "labels", "", JSON),
        ("identity_rules", "conditions", r#"[{"claim":"hidden"}]"#, JSON),
        ("signing_keys", "secret", "", "a key that signs tokens is whole"),
        ("signing_keys", "secret", "aGlkZGVu", "a key that signs tokens is whole"),
        ("principal_secrets", "hash", "abcd", "the hash of a secret is whole"),
        ("principal_secrets", "hash", &"hidden".repeat(12), "the hash of a secret is whole"),
    ] {
        let registry = E::filled();
        registry.corrupt(&format!("UPDATE {table} SET {column} = '{value}' WHERE id = (SELECT MIN(id) FROM {table})"));
        let ran = registry.check("").exits(1).says("in 1 place;").does_not_say("hidden").does_not_say("aGlkZGVu");
        let line = ran.stdout.lines().next().unwrap();
        let (place, said) = line.split_once(": not so: ").unwrap();
        assert!(place.starts_with(&format!("{table} ")) && place.ends_with(&format!(", column {column}")), "{line}");
        assert_eq!(said, rule);
    }
}

fn what_refers_to_nothing_is_named<E: Engine>() {
    const RULE: &str = "what is referred to is there";
    for (sql, place) in [
        ("DELETE FROM principals", "role_bindings "),
        ("UPDATE builds SET superseded_by = 'gone' WHERE superseded_by IS NOT NULL", "builds "),
        ("UPDATE artifacts SET build_id = 'gone'", "artifacts "),
        ("UPDATE files SET build_id = 'gone' WHERE build_id = (SELECT MIN(build_id) FROM files)", "files gone, 0, "),
        ("UPDATE channel_assignments SET iteration_id = 'gone' WHERE position = 1", "channel_assignments "),
        ("DELETE FROM buckets", "iterations "),
    ] {
        let ran = broken::<E>(sql);
        let is_named = ran.lines().any(|line| line.starts_with(place) && line.contains(RULE));
        assert!(is_named && ran.contains(", column "), "{sql}\n{ran}");
    }
}

fn a_project_is_named_only_where_there_are_several<E: Engine>() {
    let registry = E::filled();
    registry.corrupt("DELETE FROM projects WHERE name = 'other'");
    registry.corrupt("UPDATE buckets SET seq = 9");
    let ran = registry.check("").exits(1).says("in 1 place;");
    assert!(ran.stdout.starts_with("bucket web-server: not so: the version numbers"), "{}", ran.text);
}

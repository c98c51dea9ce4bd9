use super::engines::{Engine, Postgres, on_both_engines};

on_both_engines! {
    a_registry_keeps_all_rules,
    each_rule_that_is_broken_is_named_with_the_place,
    each_trigger_that_is_missing_is_named,
    each_trigger_that_only_has_its_name_is_named,
    of_several_reasons_the_one_that_counts_is_in_force,
    what_does_not_descend_is_not_inherited,
    latest_keeps_to_what_is_not_revoked_yet,
    a_build_belongs_to_the_bucket_of_its_iteration,
    the_clocks_of_two_servers_may_differ_a_little,
    a_build_that_a_complete_iteration_expects_and_lacks_is_named,
    an_iteration_that_was_completed_without_a_build_lacks_nothing,
    a_value_that_cannot_be_read_is_named_and_not_shown,
    what_refers_to_nothing_is_named,
    numbers_that_were_given_twice_are_a_gap,
    rows_that_share_what_is_unique_are_named,
    a_project_is_named_only_where_there_are_several,
}

/// What the registry of these tests has its bucket in.
const BUCKET: &str = "bucket web-server of project default";

const RELEASE_1: &str = "bucket web-server of project default, fingerprint release-1";
const RELEASE_2: &str = "bucket web-server of project default, fingerprint release-2";

const COMES_FROM: &str = "how the one that it comes from is revoked";

/// Has all builds of the registry made from its first iteration, which is revoked.
const CHILDREN_OF_RELEASE_1: &str =
    "UPDATE parents SET iteration_id = (SELECT id FROM iterations WHERE fingerprint = 'release-1')";

/// A statement by which an iteration inherits what `release-1` is revoked for, with these for its message and for whether
/// it descends.
fn inherited(heir: &str, message: &str, descends: &str) -> String {
    format!(
        "INSERT INTO revocations
         SELECT r.project_id, i.id, r.cause_id, r.revoke_at, {message}, r.author, {descends}, r.rolls_back, r.made_at
         FROM revocations r JOIN iterations c ON c.id = r.cause_id AND c.fingerprint = 'release-1'
         JOIN iterations i ON i.fingerprint = '{heir}' WHERE r.iteration_id = r.cause_id"
    )
}

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
            "newer than the one that it points at",
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
            "the reason that counts of those that are written down",
        ),
        (
            "UPDATE iterations SET revoke_at = NULL WHERE fingerprint = 'release-1'",
            "bucket web-server of project default, fingerprint release-1",
            "none is forgotten",
        ),
        (
            "UPDATE iterations SET revocation_message = 'other' WHERE revoke_at IS NOT NULL",
            RELEASE_1,
            "the reason that counts",
        ),
        (
            "UPDATE iterations SET revocation_author = 'bob' WHERE revoke_at IS NOT NULL",
            RELEASE_1,
            "the reason that counts",
        ),
        (
            "UPDATE iterations SET revocation_rolls_back = 0 WHERE revoke_at IS NOT NULL",
            RELEASE_1,
            "the reason that counts",
        ),
        ("UPDATE iterations SET revoked_through = id WHERE revoke_at IS NOT NULL", RELEASE_1, "the reason that counts"),
        (
            "UPDATE revocations SET made_at = 7, cause_id = (SELECT id FROM iterations WHERE version = 2)",
            RELEASE_1,
            COMES_FROM,
        ),
        (&inherited("release-2", "'other'", "1"), RELEASE_2, COMES_FROM),
        (&inherited("release-2", "message", "0"), RELEASE_2, COMES_FROM),
        (CHILDREN_OF_RELEASE_1, RELEASE_2, "inherits that, where it descends"),
        (
            CHILDREN_OF_RELEASE_1,
            "bucket web-server of project default, fingerprint release-3",
            "inherits that, where it descends",
        ),
        ("UPDATE artifacts SET created_at = created_at + 300001", RELEASE_2, "takes no images"),
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

fn each_trigger_that_only_has_its_name_is_named<E: Engine>() {
    let registry = E::filled();
    for (hollow, (name, table)) in (1..).zip(&registry.triggers()) {
        registry.hollow_trigger(name, table);
        let ran = registry.check("").exits(1).says(&format!("breaks its rules in {hollow} place"));
        let place = format!("trigger {name} of table {table}, which does something else: not so: ");
        assert!(ran.stdout.contains(&place), "{}", ran.text);
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_trigger_whose_function_does_nothing_is_named() {
    let hollow = |name: &str| {
        format!("CREATE OR REPLACE FUNCTION {name} () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
    };
    for (sql, names) in [
        (hollow("refuse"), &["artifacts_do_not_change", "assignments_are_append_only", "sboms_do_not_change"][..]),
        (hollow("refuse_to_leave_complete_iterations"), &["complete_iterations_keep_their_builds"][..]),
        (
            "CREATE OR REPLACE TRIGGER artifacts_do_not_change BEFORE UPDATE ON artifacts
                FOR EACH ROW WHEN (false) EXECUTE FUNCTION refuse ('artifacts do not change')"
                .to_owned(),
            &["artifacts_do_not_change"][..],
        ),
        (
            "CREATE OR REPLACE TRIGGER artifacts_do_not_change BEFORE UPDATE OF id ON artifacts
                FOR EACH ROW EXECUTE FUNCTION refuse ('artifacts do not change')"
                .to_owned(),
            &["artifacts_do_not_change"][..],
        ),
    ] {
        let registry = Postgres::filled();
        registry.database.execute(&sql);
        let ran = registry.check("").exits(1);
        for name in names {
            assert!(ran.stdout.contains(&format!("trigger {name} of table ")), "{}", ran.text);
        }
        assert!(ran.stdout.lines().all(|line| line.contains(", which does something else: not so: ")), "{}", ran.text);
    }
}

fn of_several_reasons_the_one_that_counts_is_in_force<E: Engine>() {
    let registry = E::filled();
    let revoked_like = |heir: &str, cause: &str| {
        format!(
            "UPDATE iterations SET (revoke_at, revocation_message, revocation_author, revocation_rolls_back, revoked_through)
                = (SELECT r.revoke_at, r.message, r.author, r.rolls_back, NULLIF(r.cause_id, iterations.id)
                    FROM revocations r JOIN iterations c ON c.id = r.cause_id
                    WHERE r.iteration_id = r.cause_id AND c.fingerprint = '{cause}')
             WHERE fingerprint = '{heir}'"
        )
    };
    registry.corrupt(
        "INSERT INTO revocations SELECT project_id, (SELECT id FROM iterations WHERE fingerprint = 'release-2'),
            (SELECT id FROM iterations WHERE fingerprint = 'release-2'), revoke_at - 1, 'earlier', author, 1, 0, made_at
         FROM revocations",
    );
    registry.corrupt(&revoked_like("release-2", "release-2"));
    registry.corrupt(
        "INSERT INTO revocations SELECT r.project_id, i.id, r.cause_id, r.revoke_at, r.message, r.author, r.descends,
            r.rolls_back, r.made_at FROM revocations r JOIN iterations i ON i.fingerprint = 'release-3'",
    );
    registry.corrupt(&revoked_like("release-3", "release-2"));
    registry.check("").exits(0);
    // Its own counts before an earlier one that it inherits.
    registry.corrupt(&inherited("release-2", "message", "1"));
    registry.corrupt("UPDATE revocations SET revoke_at = revoke_at - 5 WHERE message <> 'earlier'");
    registry.corrupt(&revoked_like("release-1", "release-1"));
    registry.corrupt(&revoked_like("release-3", "release-1"));
    registry.check("").exits(0);
    for (heir, cause) in [("release-2", "release-1"), ("release-3", "release-2")] {
        registry.corrupt(&revoked_like(heir, cause));
        let ran = registry.check("").exits(1);
        let place = format!("{BUCKET}, fingerprint {heir}: not so: an iteration is revoked for the reason that counts");
        assert!(ran.stdout.contains(&place), "{}", ran.text);
    }
    registry.check("").says("in 2 places;");
}

fn what_does_not_descend_is_not_inherited<E: Engine>() {
    let spared = E::filled();
    spared.corrupt("UPDATE revocations SET descends = 0");
    spared.corrupt(CHILDREN_OF_RELEASE_1);
    spared.check("").exits(0);
    let complete_before = E::filled();
    complete_before.corrupt("UPDATE iterations SET completed_at = completed_at - 1 WHERE version IN (2, 3)");
    complete_before.corrupt(CHILDREN_OF_RELEASE_1);
    complete_before.check("").exits(0);
}

fn latest_keeps_to_what_is_not_revoked_yet<E: Engine>() {
    const RULE: &str = "newer than the one that it points at";
    for (later, is_named) in [(0, false), (1, true)] {
        let registry = E::filled();
        registry.corrupt(&format!("UPDATE iterations SET revoke_at = completed_at + {later} WHERE version = 3"));
        registry.corrupt(
            "UPDATE channel_assignments SET iteration_id = (SELECT id FROM iterations WHERE version = 2)
                WHERE channel_id IN (SELECT id FROM channels WHERE name = 'latest')",
        );
        let ran = registry.check("").exits(1);
        let line = format!("{BUCKET}, fingerprint release-3: not so: no complete iteration that was in force");
        let found = ran.stdout.lines().any(|found| found.starts_with(&line) && found.contains(RULE));
        assert_eq!(found, is_named, "{later}: {}", ran.text);
    }
}

fn a_build_belongs_to_the_bucket_of_its_iteration<E: Engine>() {
    let registry = E::filled();
    registry.corrupt(
        "INSERT INTO buckets (id, project_id, name, description, labels, seq, created_at, updated_at)
         SELECT 'elsewhere', project_id, 'elsewhere', '', '{}', 0, 7, 7 FROM buckets WHERE name = 'web-server'",
    );
    registry.corrupt("UPDATE builds SET bucket_id = 'elsewhere' WHERE asked_fingerprint = 'release-2'");
    let ran = registry.check("").exits(1);
    let place = "bucket elsewhere of project default, build ";
    let rule = "a build belongs to the bucket of its iteration";
    let named = ran.stdout.lines().filter(|line| line.starts_with(place) && line.ends_with(rule));
    assert_eq!(named.count(), 2, "{}", ran.text);
}

fn the_clocks_of_two_servers_may_differ_a_little<E: Engine>() {
    let registry = E::filled();
    registry.corrupt("UPDATE artifacts SET created_at = created_at + 60000");
    registry.check("").exits(0);
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

fn numbers_that_were_given_twice_are_a_gap<E: Engine>() {
    for (table, sql, place) in [
        ("iterations", "UPDATE iterations SET version = 1 WHERE version = 2", BUCKET),
        (
            "channel_assignments",
            "UPDATE channel_assignments SET position = 1 WHERE position = 2 AND channel_id IN
                (SELECT id FROM channels WHERE name = 'latest')",
            "channel latest of bucket web-server of project default",
        ),
    ] {
        let registry = E::filled();
        registry.let_rows_be_the_same(table);
        registry.check("").exits(0);
        registry.corrupt(sql);
        let ran = registry.check("").exits(1);
        let is_gap =
            |line: &str| line.starts_with(place) && (line.contains("have no gap") || line.contains("has no gap"));
        assert!(ran.stdout.lines().any(is_gap), "{}", ran.text);
    }
}

fn rows_that_share_what_is_unique_are_named<E: Engine>() {
    const EAST_OF_RELEASE_1: &str = "component_type = 'east' AND asked_fingerprint = 'release-1'";
    for (table, sql, same, places) in [
        ("iterations", "UPDATE iterations SET version = 1 WHERE version = 2", "bucket_id, version", 2),
        (
            "builds",
            &format!("UPDATE builds SET run_uuid = 'again' WHERE {EAST_OF_RELEASE_1}"),
            "bucket_id, asked_fingerprint, component_type, run_uuid",
            2,
        ),
        (
            "builds",
            "UPDATE builds SET status = 'done', superseded_by = NULL WHERE superseded_by IS NOT NULL",
            "iteration_id, component_type",
            2,
        ),
        (
            "channel_assignments",
            "UPDATE channel_assignments SET position = 1 WHERE channel_id IN
                (SELECT id FROM channels WHERE name = 'latest')",
            "channel_id, position",
            1,
        ),
        ("principals", "INSERT INTO principals SELECT * FROM principals", "client_id", 1),
        (
            "role_bindings",
            "INSERT INTO role_bindings SELECT * FROM role_bindings",
            "principal_id, COALESCE(project_id, ''), COALESCE(bucket_id, '')",
            1,
        ),
    ] {
        let registry = E::filled();
        registry.let_rows_be_the_same(table);
        registry.corrupt(sql);
        let ran = registry.check("").exits(1);
        let ending = format!(", the same {same}: not so: no two rows share what is unique");
        let named = ran.stdout.lines().filter(|line| line.starts_with(&format!("{table} ")) && line.ends_with(&ending));
        assert_eq!(named.count(), places, "{sql}\n{}", ran.text);
    }
}

fn a_project_is_named_only_where_there_are_several<E: Engine>() {
    let registry = E::filled();
    registry.corrupt("DELETE FROM projects WHERE name = 'other'");
    registry.corrupt("UPDATE buckets SET seq = 9");
    let ran = registry.check("").exits(1).says("in 1 place;");
    assert!(ran.stdout.starts_with("bucket web-server: not so: the version numbers"), "{}", ran.text);
}

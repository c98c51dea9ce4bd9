use std::sync::LazyLock;

use super::{Findings, revoked};
use crate::registry::RegistryError;
use crate::registry::database::tables::{TABLES, Table};
use crate::registry::store::{Key, Reference, Tx, keys, references};

/// Buckets and principals in words: with their project where there are several.
pub(super) const NAMED: &str = "
    WITH named_projects AS (
        SELECT p.id, CASE WHEN (SELECT COUNT(*) FROM projects) > 1 THEN ' of project ' || p.name ELSE '' END AS suffix
        FROM projects p
    ), named_buckets AS (
        SELECT b.id, b.project_id, b.seq, 'bucket ' || b.name || COALESCE(p.suffix, '') AS place
        FROM buckets b LEFT JOIN named_projects p ON p.id = b.project_id
    ), named_principals AS (
        SELECT c.id, c.organization_id, c.project_id, 'principal ' || c.name || COALESCE(p.suffix, '') AS place
        FROM principals c LEFT JOIN named_projects p ON p.id = c.project_id
    )";

/// What must never be found: a rule, and a statement that answers with the places where it does not hold.
const RULES: &[(&str, &str)] = &[
    (
        "the version numbers of a bucket have no gap, and its newest number is the last one given",
        "SELECT k.place FROM named_buckets k LEFT JOIN iterations i ON i.bucket_id = k.id
         GROUP BY k.id, k.place, k.seq
         HAVING COUNT(DISTINCT i.version) <> k.seq OR COALESCE(MAX(i.version), 0) <> k.seq
             OR COALESCE(MIN(i.version), 1) <> 1",
    ),
    (
        "the history of a channel has no gap, and the channel is at its end",
        "SELECT 'channel ' || c.name || ' of ' || k.place FROM channels c JOIN named_buckets k ON k.id = c.bucket_id
         LEFT JOIN channel_assignments a ON a.channel_id = c.id GROUP BY c.id, c.name, c.head, k.place
         HAVING COUNT(DISTINCT a.position) <> c.head OR COALESCE(MAX(a.position), 0) <> c.head
             OR COALESCE(MIN(a.position), 1) <> 1",
    ),
    (
        "a channel points at complete iterations of its own bucket only",
        "SELECT 'channel ' || c.name || ' of ' || k.place || ', fingerprint ' || i.fingerprint
         FROM channel_assignments a JOIN channels c ON c.id = a.channel_id JOIN named_buckets k ON k.id = c.bucket_id
         JOIN iterations i ON i.id = a.iteration_id WHERE i.bucket_id <> c.bucket_id OR i.version IS NULL",
    ),
    (
        "each bucket has the channel that the registry moves itself, just once",
        "SELECT k.place FROM named_buckets k LEFT JOIN channels c ON c.bucket_id = k.id AND c.managed = 1
         GROUP BY k.id, k.place HAVING COUNT(c.id) <> 1",
    ),
    (
        "no complete iteration that was in force when channel latest moved is newer than the one that it points at",
        "SELECT k.place || ', fingerprint ' || i.fingerprint
         FROM channels c JOIN named_buckets k ON k.id = c.bucket_id
         LEFT JOIN channel_assignments a ON a.channel_id = c.id AND a.position = c.head
         LEFT JOIN iterations h ON h.id = a.iteration_id
         JOIN iterations i ON i.bucket_id = c.bucket_id AND i.version IS NOT NULL AND i.deleted_at IS NULL
             AND (i.revoke_at IS NULL OR (i.revoke_at > i.completed_at AND i.revoke_at > COALESCE(a.assigned_at, 0)))
         WHERE c.managed = 1 AND c.deleted_at IS NULL
             AND (h.id IS NULL OR (i.recorded_at, i.version) > (h.recorded_at, h.version))",
    ),
    (
        "no channel points at a deleted iteration",
        "SELECT 'channel ' || c.name || ' of ' || k.place FROM channels c JOIN named_buckets k ON k.id = c.bucket_id
         JOIN channel_assignments a ON a.channel_id = c.id AND a.position = c.head
         JOIN iterations i ON i.id = a.iteration_id AND i.deleted_at IS NOT NULL
         WHERE c.deleted_at IS NULL",
    ),
    (
        "a complete iteration has a build that was done",
        "SELECT k.place || ', fingerprint ' || i.fingerprint
         FROM iterations i JOIN named_buckets k ON k.id = i.bucket_id
         WHERE i.version IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM builds b WHERE b.iteration_id = i.id AND b.status IN ('done', 'destroyed'))",
    ),
    // The clocks of two servers may differ by minutes.
    (
        "a complete iteration takes no images",
        "SELECT k.place || ', fingerprint ' || i.fingerprint || ', artifact ' || a.id
         FROM artifacts a JOIN builds b ON b.id = a.build_id JOIN iterations i ON i.id = b.iteration_id
         JOIN named_buckets k ON k.id = i.bucket_id WHERE a.created_at > i.completed_at + 300000",
    ),
    (
        "a build that is done was confirmed",
        "SELECT k.place || ', build ' || b.component_type || ' of run ' || b.run_uuid
         FROM builds b JOIN named_buckets k ON k.id = b.bucket_id WHERE b.status = 'done' AND b.confirmed_at IS NULL",
    ),
    (
        "a build belongs to the bucket of its iteration",
        "SELECT k.place || ', build ' || b.id FROM builds b JOIN iterations i ON i.id = b.iteration_id
         JOIN named_buckets k ON k.id = b.bucket_id WHERE b.bucket_id <> i.bucket_id",
    ),
    (
        "a build made way for one of the same component type in the same bucket",
        "SELECT k.place || ', build ' || b.id FROM builds b JOIN builds s ON s.id = b.superseded_by
         JOIN named_buckets k ON k.id = b.bucket_id
         WHERE s.bucket_id <> b.bucket_id OR s.component_type <> b.component_type",
    ),
    (
        "what belongs together is of the same project",
        "SELECT k.place || ', iteration ' || i.id FROM iterations i JOIN named_buckets k ON k.id = i.bucket_id
             WHERE i.project_id <> k.project_id
         UNION ALL SELECT k.place || ', revocation of iteration ' || i.id
             FROM revocations r JOIN iterations i ON i.id = r.iteration_id JOIN iterations c ON c.id = r.cause_id
             JOIN named_buckets k ON k.id = i.bucket_id WHERE r.project_id <> i.project_id OR r.project_id <> c.project_id
         UNION ALL SELECT k.place || ', build ' || b.id FROM builds b JOIN named_buckets k ON k.id = b.bucket_id
             WHERE b.project_id <> k.project_id
         UNION ALL SELECT k.place || ', artifact ' || a.id FROM artifacts a JOIN builds b ON b.id = a.build_id
             JOIN named_buckets k ON k.id = b.bucket_id WHERE a.project_id <> b.project_id
         UNION ALL SELECT k.place || ', file ' || f.name || ' of build ' || b.id
             FROM files f JOIN builds b ON b.id = f.build_id
             JOIN named_buckets k ON k.id = b.bucket_id WHERE f.project_id <> b.project_id
         UNION ALL SELECT k.place || ', parent of build ' || b.id FROM parents p JOIN builds b ON b.id = p.build_id
             JOIN named_buckets k ON k.id = b.bucket_id WHERE p.project_id <> b.project_id
         UNION ALL SELECT 'channel ' || c.name || ' of ' || k.place
             FROM channels c JOIN named_buckets k ON k.id = c.bucket_id WHERE c.project_id <> k.project_id
         UNION ALL SELECT 'history of channel ' || c.name || ' of ' || k.place
             FROM channel_assignments a JOIN channels c ON c.id = a.channel_id
             JOIN named_buckets k ON k.id = c.bucket_id WHERE a.project_id <> c.project_id",
    ),
    (
        "an enforced block is linked by a version of its own to buckets of its project that are there",
        "SELECT 'enforced block ' || e.name || ' on ' || k.place FROM enforced_links l
         JOIN enforced_blocks e ON e.id = l.block_id JOIN enforced_versions v ON v.id = l.version_id
         JOIN named_buckets k ON k.id = l.bucket_id JOIN buckets b ON b.id = l.bucket_id
         WHERE v.block_id <> l.block_id OR b.project_id <> e.project_id OR b.deleted_at IS NOT NULL",
    ),
    (
        "nothing is kept of what deleted iterations are made of",
        "SELECT k.place || ', SBOM ' || s.id FROM sboms s JOIN builds b ON b.id = s.build_id
         JOIN iterations i ON i.id = b.iteration_id JOIN named_buckets k ON k.id = b.bucket_id
         WHERE i.deleted_at IS NOT NULL",
    ),
    (
        "a project belongs to an organization",
        "SELECT 'project ' || p.name FROM projects p LEFT JOIN organizations o ON o.id = p.organization_id
         WHERE o.id IS NULL",
    ),
    (
        "a principal and its roles are of one organization, and of one project where the principal is",
        "SELECT p.place FROM named_principals p JOIN projects r ON r.id = p.project_id
             WHERE r.organization_id <> p.organization_id
         UNION ALL SELECT 'a role of ' || p.place FROM role_bindings b JOIN named_principals p ON p.id = b.principal_id
             WHERE b.organization_id <> p.organization_id
                 OR (p.project_id IS NOT NULL AND (b.project_id IS NULL OR b.project_id <> p.project_id))
         UNION ALL SELECT 'a role of ' || p.place || ' in ' || k.place
             FROM role_bindings b JOIN named_principals p ON p.id = b.principal_id
             JOIN named_buckets k ON k.id = b.bucket_id WHERE b.project_id <> k.project_id",
    ),
];

/// Foreign keys do not see what is written while they are switched off.
const REFERENCES: &str = "what is referred to is there";

/// A schema that was restored by other means may lack what should keep it so.
const UNIQUE: &str = "no two rows share what is unique";

static STATEMENTS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let (references, keys) = (references(), keys());
    let of_tables = TABLES.iter().flat_map(|table| {
        let references = references.iter().filter(|reference| reference.table == table.name);
        let keys = keys.iter().filter(|key| key.table == table.name);
        let orphans = references.map(|reference| (REFERENCES, orphans(table, reference)));
        orphans.chain(keys.map(|key| (UNIQUE, duplicates(table, key))))
    });
    RULES.iter().chain(revoked::RULES).map(|(rule, sql)| (*rule, format!("{NAMED} {sql}"))).chain(of_tables).collect()
});

/// Answers with the rows that refer to nothing.
fn orphans(table: &Table, Reference { column, target, .. }: &Reference) -> String {
    let (name, key) = (table.name, table.key.join(" || ', ' || "));
    format!(
        "SELECT '{name} ' || {key} || ', column {column}' FROM {name} t
         WHERE t.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {target} r WHERE r.id = t.{column})"
    )
}

/// Answers with the rows that share a key, of which null is never the same as null.
fn duplicates(table: &Table, Key { columns, condition, .. }: &Key) -> String {
    let (name, row, named) = (table.name, table.key.join(" || ', ' || "), columns.replace('\'', "''"));
    let condition = condition.as_deref().unwrap_or("1 = 1");
    format!(
        "SELECT DISTINCT '{name} ' || {row} || ', the same {named}' FROM {name} WHERE {condition} AND ({columns}) IN
             (SELECT {columns} FROM {name} WHERE {condition} GROUP BY {columns} HAVING COUNT(*) > 1)"
    )
}

/// Runs every statement.
pub(super) async fn check<T: Tx>(tx: &mut T, findings: &mut Findings<'_>) -> Result<(), RegistryError> {
    for (rule, sql) in &*STATEMENTS {
        findings.begin(rule);
        for mut row in tx.rows(sql, &[]).await? {
            findings.add(rule, row.text()?);
        }
    }
    Ok(())
}

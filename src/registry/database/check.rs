use crate::registry::RegistryError;
use crate::registry::store::{AnyStore, Op, Store as _, Tx};

/// A rule that does not hold, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: &'static str,
    /// Where it does not hold.
    pub place: String,
}

/// What must never be found: a rule, and a statement that answers with the places where it does not hold.
const RULES: &[(&str, &str)] = &[
    (
        "the version numbers of a bucket have no gap, and its newest number is the last one given",
        "SELECT 'bucket ' || k.name FROM buckets k LEFT JOIN iterations i ON i.bucket_id = k.id
         GROUP BY k.id, k.name, k.seq
         HAVING COUNT(i.version) <> k.seq OR COALESCE(MAX(i.version), 0) <> k.seq OR COALESCE(MIN(i.version), 1) <> 1",
    ),
    (
        "the history of a channel has no gap, and the channel is at its end",
        "SELECT 'channel ' || c.name || ' of bucket ' || k.name FROM channels c JOIN buckets k ON k.id = c.bucket_id
         LEFT JOIN channel_assignments a ON a.channel_id = c.id GROUP BY c.id, c.name, c.head, k.name
         HAVING COUNT(a.position) <> c.head OR COALESCE(MAX(a.position), 0) <> c.head
             OR COALESCE(MIN(a.position), 1) <> 1",
    ),
    (
        "a channel points at complete iterations of its own bucket only",
        "SELECT 'channel ' || c.name || ' of bucket ' || k.name || ', fingerprint ' || i.fingerprint
         FROM channel_assignments a JOIN channels c ON c.id = a.channel_id JOIN buckets k ON k.id = c.bucket_id
         JOIN iterations i ON i.id = a.iteration_id WHERE i.bucket_id <> c.bucket_id OR i.version IS NULL",
    ),
    (
        "each bucket has the channel that the registry moves itself, just once",
        "SELECT 'bucket ' || k.name FROM buckets k LEFT JOIN channels c ON c.bucket_id = k.id AND c.managed = 1
         GROUP BY k.id, k.name HAVING COUNT(c.id) <> 1",
    ),
    (
        "no complete iteration that was never revoked is newer than the one that channel latest points at",
        "SELECT 'bucket ' || k.name || ', fingerprint ' || i.fingerprint
         FROM channels c JOIN buckets k ON k.id = c.bucket_id
         JOIN iterations i ON i.bucket_id = c.bucket_id AND i.version IS NOT NULL AND i.revoke_at IS NULL
         LEFT JOIN channel_assignments a ON a.channel_id = c.id AND a.position = c.head
         LEFT JOIN iterations h ON h.id = a.iteration_id
         WHERE c.managed = 1 AND (h.id IS NULL OR (i.recorded_at, i.version) > (h.recorded_at, h.version))",
    ),
    (
        "a complete iteration has a build that was done",
        "SELECT 'bucket ' || k.name || ', fingerprint ' || i.fingerprint
         FROM iterations i JOIN buckets k ON k.id = i.bucket_id
         WHERE i.version IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM builds b WHERE b.iteration_id = i.id AND b.status IN ('done', 'destroyed'))",
    ),
    (
        "an iteration has a build",
        "SELECT 'bucket ' || k.name || ', fingerprint ' || i.fingerprint
         FROM iterations i JOIN buckets k ON k.id = i.bucket_id
         WHERE NOT EXISTS (SELECT 1 FROM builds b WHERE b.iteration_id = i.id)",
    ),
    (
        "a build that is done was confirmed",
        "SELECT 'bucket ' || k.name || ', build ' || b.component_type || ' of run ' || b.run_uuid
         FROM builds b JOIN buckets k ON k.id = b.bucket_id WHERE b.status = 'done' AND b.confirmed_at IS NULL",
    ),
    (
        "a build belongs to the bucket of its iteration",
        "SELECT 'build ' || b.id FROM builds b JOIN iterations i ON i.id = b.iteration_id
         WHERE b.bucket_id <> i.bucket_id",
    ),
    (
        "a build made way for one of the same component type in the same bucket",
        "SELECT 'build ' || b.id FROM builds b JOIN builds s ON s.id = b.superseded_by
         WHERE s.bucket_id <> b.bucket_id OR s.component_type <> b.component_type",
    ),
    (
        "what belongs together is of the same project",
        "SELECT 'iteration ' || i.id FROM iterations i JOIN buckets k ON k.id = i.bucket_id
             WHERE i.project_id <> k.project_id
         UNION ALL SELECT 'build ' || b.id FROM builds b JOIN buckets k ON k.id = b.bucket_id
             WHERE b.project_id <> k.project_id
         UNION ALL SELECT 'artifact ' || a.id FROM artifacts a JOIN builds b ON b.id = a.build_id
             WHERE a.project_id <> b.project_id
         UNION ALL SELECT 'file ' || f.name || ' of build ' || b.id FROM files f JOIN builds b ON b.id = f.build_id
             WHERE f.project_id <> b.project_id
         UNION ALL SELECT 'parent of build ' || b.id FROM parents p JOIN builds b ON b.id = p.build_id
             WHERE p.project_id <> b.project_id
         UNION ALL SELECT 'channel ' || c.id FROM channels c JOIN buckets k ON k.id = c.bucket_id
             WHERE c.project_id <> k.project_id
         UNION ALL SELECT 'history of channel ' || c.id FROM channel_assignments a JOIN channels c ON c.id = a.channel_id
             WHERE a.project_id <> c.project_id",
    ),
    (
        "a project belongs to an organization",
        "SELECT 'project ' || p.name FROM projects p LEFT JOIN organizations o ON o.id = p.organization_id
         WHERE o.id IS NULL",
    ),
    (
        "a principal and its roles are of one organization, and of one project where the principal is",
        "SELECT 'principal ' || p.name FROM principals p JOIN projects r ON r.id = p.project_id
             WHERE r.organization_id <> p.organization_id
         UNION ALL SELECT 'a role of principal ' || p.name FROM role_bindings b JOIN principals p ON p.id = b.principal_id
             WHERE b.organization_id <> p.organization_id
                 OR (p.project_id IS NOT NULL AND (b.project_id IS NULL OR b.project_id <> p.project_id))
         UNION ALL SELECT 'a role of principal ' || p.name || ' in bucket ' || k.name
             FROM role_bindings b JOIN principals p ON p.id = b.principal_id JOIN buckets k ON k.id = b.bucket_id
             WHERE b.project_id <> k.project_id",
    ),
];

/// Holds a database against the rules of the registry, and a SQLite file against those of SQLite, in one snapshot.
///
/// # Errors
/// [`RegistryError::Store`] where it cannot be read.
pub async fn check(store: &AnyStore) -> Result<Vec<Violation>, RegistryError> {
    store.execute(Check { is_sqlite: matches!(store, AnyStore::Sqlite(_)) }).await
}

struct Check {
    is_sqlite: bool,
}

impl Op for Check {
    type Out = Vec<Violation>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let mut violations = Vec::new();
        // PostgreSQL holds its own all the time.
        if self.is_sqlite {
            for mut row in tx.rows("PRAGMA integrity_check", &[]).await? {
                let place = row.text()?;
                if place != "ok" {
                    violations.push(Violation { rule: "the file is whole", place });
                }
            }
            for mut row in tx.rows("PRAGMA foreign_key_check", &[]).await? {
                violations
                    .push(Violation { rule: "what is referred to is there", place: format!("table {}", row.text()?) });
            }
        }
        for (rule, sql) in RULES {
            for mut row in tx.rows(sql, &[]).await? {
                violations.push(Violation { rule, place: row.text()? });
            }
        }
        Ok(violations)
    }
}

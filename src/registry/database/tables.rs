use std::sync::LazyLock;

/// A table, and how its rows are read in pages and written again.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What its rows are ordered by; no two have the same.
    key: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [&'static str],
    /// Those that can be set only when everything else is there; all of them may be null.
    pub settled_last: &'static [&'static str],
}

/// All tables, each after those that it refers to.
pub const TABLES: &[Table] = &[
    table("organizations", &["id"], &["id", "name", "created_at"]),
    table("projects", &["id"], &["id", "organization_id", "name", "created_at"]),
    table(
        "buckets",
        &["id"],
        &[
            "id",
            "project_id",
            "name",
            "description",
            "labels",
            "described_at",
            "labelled_at",
            "seq",
            "created_at",
            "updated_at",
        ],
    ),
    // A complete iteration takes no builds, so that its number comes last.
    Table {
        name: "iterations",
        key: &["id"],
        columns: &["id", "project_id", "bucket_id", "fingerprint", "created_at", "recorded_at"],
        settled_last: &["version", "completed_at", "partial_reason", "revoke_at", "revocation_message"],
    },
    // A build may have made way for one that comes after it here.
    Table {
        name: "builds",
        key: &["id"],
        columns: &[
            "id",
            "project_id",
            "bucket_id",
            "iteration_id",
            "asked_fingerprint",
            "fresh_fingerprint",
            "component_type",
            "run_uuid",
            "status",
            "platform",
            "labels",
            "source_external_identifier",
            "metadata",
            "expected",
            "channels",
            "started_at",
            "recorded_at",
            "received_at",
            "confirmed_at",
            "destroyed_at",
        ],
        settled_last: &["superseded_by"],
    },
    table(
        "artifacts",
        &["id"],
        &[
            "id",
            "project_id",
            "build_id",
            "platform",
            "region",
            "external_identifier",
            "source_external_identifier",
            "labels",
            "created_at",
        ],
    ),
    table("files", &["build_id", "position"], &["project_id", "build_id", "position", "name", "size", "sha256"]),
    table(
        "parents",
        &["build_id", "position"],
        &[
            "project_id",
            "build_id",
            "position",
            "bucket",
            "fingerprint",
            "iteration_id",
            "version",
            "channel",
            "external_identifier",
        ],
    ),
    table(
        "channels",
        &["id"],
        &["id", "project_id", "bucket_id", "name", "managed", "head", "created_at", "updated_at"],
    ),
    table(
        "channel_assignments",
        &["channel_id", "position"],
        &["project_id", "channel_id", "position", "iteration_id", "author", "assigned_at", "effective_at"],
    ),
    table("principals", &["id"], &["id", "client_id", "organization_id", "project_id", "name", "created_at"]),
    table("principal_secrets", &["id"], &["id", "principal_id", "hash", "created_at", "last_used_at", "expires_at"]),
    table(
        "role_bindings",
        &["principal_id", "COALESCE(project_id, '')", "COALESCE(bucket_id, '')"],
        &["organization_id", "project_id", "bucket_id", "principal_id", "role", "given_by", "given_at"],
    ),
    table("identity_rules", &["id"], &["id", "principal_id", "issuer", "audience", "conditions", "created_at"]),
    table("signing_keys", &["id"], &["id", "secret", "created_at"]),
];

const fn table(name: &'static str, key: &'static [&'static str], columns: &'static [&'static str]) -> Table {
    Table { name, key, columns, settled_last: &[] }
}

/// Rows of a page.
pub(super) const PAGE: usize = 500;

/// A pass over a table: which columns are read, and what writes them.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) table: &'static str,
    /// The columns that are handed over; the cells of the key come behind them.
    pub(super) width: usize,
    pub(super) first_page: String,
    pub(super) next_page: String,
    pub(super) write: String,
}

/// All passes, in the order in which they are made.
pub(super) fn passes() -> &'static [Pass] {
    static PASSES: LazyLock<Vec<Pass>> = LazyLock::new(|| {
        let settled = TABLES.iter().rev().filter(|table| !table.settled_last.is_empty());
        TABLES.iter().map(Pass::inserting).chain(settled.map(Pass::settling)).collect()
    });
    &PASSES
}

impl Pass {
    fn inserting(table: &Table) -> Self {
        let write = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            table.name,
            table.columns.join(", "),
            parameters(1, table.columns.len())
        );
        Self::over(table, table.columns, "", write)
    }

    /// Sets the columns that are settled last, in the rows where there is anything to set.
    fn settling(table: &Table) -> Self {
        let columns: Vec<&str> = table.settled_last.iter().chain(table.key).copied().collect();
        let set: Vec<String> =
            (1..).zip(table.settled_last).map(|(nth, column)| format!("{column} = ${nth}")).collect();
        let first_key = table.settled_last.len() + 1;
        let is_row: Vec<String> = (first_key..).zip(table.key).map(|(nth, key)| format!("{key} = ${nth}")).collect();
        let write = format!("UPDATE {} SET {} WHERE {}", table.name, set.join(", "), is_row.join(" AND "));
        let is_set: Vec<String> = table.settled_last.iter().map(|column| format!("{column} IS NOT NULL")).collect();
        Self::over(table, &columns, &is_set.join(" OR "), write)
    }

    fn over(table: &Table, columns: &[&str], condition: &str, write: String) -> Self {
        let (name, key) = (table.name, table.key.join(", "));
        let select = format!("SELECT {}, {key} FROM {name}", columns.join(", "));
        let order = format!("ORDER BY {key} LIMIT {PAGE}");
        let condition = if condition.is_empty() { "1 = 1" } else { condition };
        Self {
            table: name,
            width: columns.len(),
            first_page: format!("{select} WHERE ({condition}) {order}"),
            next_page: format!(
                "{select} WHERE ({condition}) AND ({key}) > ({}) {order}",
                parameters(1, table.key.len())
            ),
            write,
        }
    }
}

fn parameters(first: usize, count: usize) -> String {
    let parameters: Vec<String> = (first..first + count).map(|nth| format!("${nth}")).collect();
    parameters.join(", ")
}

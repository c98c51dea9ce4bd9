use std::sync::LazyLock;

use super::pages::{PAGE, Pages, parameters};

/// A table, and how its rows are read in pages and written again.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What its rows are ordered by; no two have the same.
    pub(super) key: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [&'static str],
    /// Those that can be set only when everything else is there; all of them may be null.
    pub settled_last: &'static [&'static str],
    /// How many rows are in memory at once.
    rows_per_page: usize,
}

/// All tables, each after those that it refers to.
pub const TABLES: &[Table] = &[
    table("organizations", &["id"], &["id", "name", "created_at"]),
    table("projects", &["id"], &["id", "organization_id", "name", "created_at"]),
    table(
        "registries",
        &["project_id"],
        &[
            "project_id",
            "tier",
            "deactivated_at",
            "deactivated_by",
            "deleted_at",
            "run_task_id",
            "run_task_key",
            "on_untracked_image",
            "created_at",
            "updated_at",
        ],
    ),
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
            "deleted_at",
            "deleted_by",
        ],
    ),
    // A complete iteration takes no builds, so that its number comes last.
    Table {
        name: "iterations",
        key: &["id"],
        columns: &[
            "id",
            "project_id",
            "bucket_id",
            "fingerprint",
            "created_at",
            "recorded_at",
            "author",
            "template_type",
            "deleted_at",
            "deleted_by",
        ],
        settled_last: &[
            "version",
            "completed_at",
            "partial_reason",
            "revoke_at",
            "revocation_message",
            "revocation_author",
            "revoked_through",
            "revocation_rolls_back",
        ],
        rows_per_page: PAGE,
    },
    table(
        "revocations",
        &["iteration_id", "cause_id"],
        &[
            "project_id",
            "iteration_id",
            "cause_id",
            "revoke_at",
            "message",
            "author",
            "descends",
            "rolls_back",
            "made_at",
        ],
    ),
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
            "beat_at",
            "reported",
            "updated_at",
        ],
        settled_last: &["superseded_by"],
        rows_per_page: PAGE,
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
    table(
        "awaited_assignments",
        &["iteration_id", "channel"],
        &["project_id", "iteration_id", "channel", "author", "asked_at"],
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
            "channel_id",
        ],
    ),
    table(
        "channels",
        &["id"],
        &[
            "id",
            "project_id",
            "bucket_id",
            "name",
            "managed",
            "head",
            "created_at",
            "updated_at",
            "author",
            "restricted",
            "deleted_at",
            "deleted_by",
        ],
    ),
    table(
        "channel_assignments",
        &["channel_id", "position"],
        &["project_id", "channel_id", "position", "iteration_id", "author", "assigned_at", "effective_at"],
    ),
    table("enforced_blocks", &["id"], &["id", "project_id", "name", "labels", "seq", "created_at", "updated_at"]),
    Table {
        rows_per_page: 20,
        ..table(
            "enforced_versions",
            &["id"],
            &[
                "id",
                "block_id",
                "position",
                "name",
                "content",
                "template_type",
                "description",
                "created_at",
                "updated_at",
            ],
        )
    },
    table("enforced_links", &["id"], &["id", "block_id", "version_id", "bucket_id", "author", "created_at"]),
    // One of these may have megabytes.
    Table {
        rows_per_page: 1,
        ..table(
            "sboms",
            &["id"],
            &["id", "build_id", "run_uuid", "name", "format", "content", "size", "author", "created_at"],
        )
    },
    table("packages", &["sbom_id", "position"], &["sbom_id", "position", "name", "version", "purl"]),
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
    Table { name, key, columns, settled_last: &[], rows_per_page: PAGE }
}

/// A pass over a table: which columns are read, and what writes them.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) table: &'static str,
    /// Whether it brings rows, rather than settling those that are there.
    pub(super) inserts: bool,
    pub(super) pages: Pages,
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
        Self { inserts: true, ..Self::over(table, table.columns, "1 = 1", write) }
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
        let pages = Pages::of_rows(table.rows_per_page, columns, table.name, condition, table.key);
        Self { table: table.name, inserts: false, pages, write }
    }
}

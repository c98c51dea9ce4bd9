use uuid::Uuid;

use super::{Fault, StoreError};

/// The steps of the schema, oldest first. Append only: a step that was released never changes, and what it does must
/// suit the release before it.
///
/// Each step is written for both engines, in files of the same name.
pub(super) const SQLITE: &[&str] = &[
    include_str!("migrations/sqlite/0001_registry.sql"),
    include_str!("migrations/sqlite/0002_accounts.sql"),
    include_str!("migrations/sqlite/0003_lifecycle.sql"),
    include_str!("migrations/sqlite/0004_revocations.sql"),
    include_str!("migrations/sqlite/0005_deletions.sql"),
    include_str!("migrations/sqlite/0006_ancestry.sql"),
    include_str!("migrations/sqlite/0007_registries.sql"),
    include_str!("migrations/sqlite/0008_enforced_blocks.sql"),
    include_str!("migrations/sqlite/0009_sboms.sql"),
];

/// The same steps for PostgreSQL.
pub(super) const POSTGRES: &[&str] = &[
    include_str!("migrations/postgres/0001_registry.sql"),
    include_str!("migrations/postgres/0002_accounts.sql"),
    include_str!("migrations/postgres/0003_lifecycle.sql"),
    include_str!("migrations/postgres/0004_revocations.sql"),
    include_str!("migrations/postgres/0005_deletions.sql"),
    include_str!("migrations/postgres/0006_ancestry.sql"),
    include_str!("migrations/postgres/0007_registries.sql"),
    include_str!("migrations/postgres/0008_enforced_blocks.sql"),
    include_str!("migrations/postgres/0009_sboms.sql"),
];

/// Which version of the schema a registry had when it was opened, and which it has since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// How many steps were behind it; none where it was created.
    pub from: i64,
    /// How many steps are behind it.
    pub to: i64,
}

impl Migrated {
    pub(super) fn from(found: i64, steps: &[&str]) -> Self {
        Self { from: found, to: count(steps) }
    }
}

/// Whether a registry that has `found` steps behind it has all of `steps`.
pub(super) fn is_current(found: i64, steps: &[&str]) -> Result<bool, StoreError> {
    check_known(found, steps)?;
    Ok(found == count(steps))
}

/// Refuses a schema that has steps behind it which this version does not know.
pub(super) fn check_known(found: i64, steps: &[&str]) -> Result<(), StoreError> {
    let known = count(steps);
    if found > known { Err(StoreError::new(Fault::Newer { found, known })) } else { Ok(()) }
}

fn count(steps: &[&str]) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}

/// The project that is made along with a registry.
pub(super) struct FirstProject {
    pub(super) id: String,
    pub(super) organization_id: String,
}

impl FirstProject {
    pub(super) fn new() -> Self {
        Self { id: Uuid::new_v4().to_string(), organization_id: Uuid::new_v4().to_string() }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn both_engines_have_the_same_steps() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/registry/store/migrations");
        let names = |engine: &str| {
            let files = fs::read_dir(folder.join(engine)).unwrap();
            let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        assert_eq!(names("sqlite"), names("postgres"));
        for (engine, steps) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let files: Vec<_> =
                names(engine).iter().map(|name| fs::read_to_string(folder.join(engine).join(name)).unwrap()).collect();
            assert_eq!(files, steps, "each file of {engine} is a step, in the order of their names");
        }
    }
}

use std::collections::BTreeSet;
use std::mem;
use std::sync::LazyLock;

use super::Findings;
use super::rules::NAMED;
use crate::model::ComponentType;
use crate::registry::database::pages::Pages;
use crate::registry::store::{Row, StoreError, Tx, values};
use crate::registry::{RegistryError, json};

const RULE: &str = "a complete iteration has all builds that it expects, unless it was completed without";

/// The builds of iterations that were completed by their last build.
static BUILDS: LazyLock<Pages> = LazyLock::new(|| {
    // What was destroyed since was done when its iteration became complete.
    let was_done = "CASE WHEN b.status = 'done' OR (b.status = 'destroyed' AND b.confirmed_at IS NOT NULL)
        THEN 1 ELSE 0 END";
    Pages::of(
        &["b.iteration_id", "b.component_type", was_done, "b.expected"],
        "builds b JOIN iterations i ON i.id = b.iteration_id",
        "i.version IS NOT NULL AND i.partial_reason IS NULL",
        &["b.iteration_id", "b.id"],
    )
});

static PLACE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{NAMED} SELECT k.place || ', fingerprint ' || i.fingerprint
         FROM iterations i JOIN named_buckets k ON k.id = i.bucket_id WHERE i.id = $1"
    )
});

/// What the builds of one iteration expect, and what of it was done.
#[derive(Default)]
struct Needs {
    iteration_id: String,
    expected: BTreeSet<ComponentType>,
    done: BTreeSet<ComponentType>,
}

/// Looks at one iteration after the other, as [`Progress`](crate::registry::completion::Progress) does at one of them.
pub(super) async fn check<T: Tx>(tx: &mut T, findings: &mut Findings<'_>) -> Result<(), RegistryError> {
    findings.begin(RULE);
    let mut needs = Needs::default();
    let mut rows = 0;
    let mut cursor = BUILDS.start();
    while let Some(page) = cursor.next(tx).await? {
        rows += page.len();
        for mut build in page.into_iter().map(Row::new) {
            let iteration_id = build.text()?;
            if iteration_id != needs.iteration_id {
                let before = mem::replace(&mut needs, Needs { iteration_id, ..Needs::default() });
                before.judge(tx, findings).await?;
            }
            needs.add(build)?;
        }
        findings.go_on(RULE, rows);
    }
    needs.judge(tx, findings).await
}

impl Needs {
    fn add(&mut self, mut build: Row) -> Result<(), StoreError> {
        let (component_type, was_done, expected) = (build.text()?, build.integer()?, build.text()?);
        if was_done == 1 {
            self.done.extend(ComponentType::parse(component_type));
        }
        // What cannot be read breaks a rule of its own.
        let expected = json::read_names(&expected).unwrap_or_default();
        self.expected.extend(expected.into_iter().filter_map(|name| ComponentType::parse(name).ok()));
        Ok(())
    }

    async fn judge<T: Tx>(self, tx: &mut T, findings: &mut Findings<'_>) -> Result<(), RegistryError> {
        let missing: Vec<&str> = self.expected.difference(&self.done).map(ComponentType::as_str).collect();
        if !missing.is_empty() {
            for mut row in tx.rows(&PLACE, values![&self.iteration_id]).await? {
                findings.add(RULE, format!("{}, without {}", row.text()?, missing.join(", ")));
            }
        }
        Ok(())
    }
}

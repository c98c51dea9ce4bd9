mod completeness;
mod engine;
mod kept;
mod revoked;
mod rules;

use std::sync::Arc;

use super::copy::Progress;
use crate::registry::RegistryError;
use crate::registry::store::{AnyStore, Catalog, Op, Store as _, Tx};

/// A rule that does not hold, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: &'static str,
    /// Where it does not hold.
    pub place: String,
}

/// Holds a database against the rules of the registry and of its schema, and a SQLite file against those of SQLite, in
/// one snapshot.
///
/// `progress` is told of each rule, and of how many rows were read for it where they are read one by one.
///
/// # Errors
/// [`RegistryError::Store`] where it cannot be read.
pub async fn check(store: &AnyStore, progress: Arc<Progress>) -> Result<Vec<Violation>, RegistryError> {
    store.execute(Check { catalog: store.catalog(), progress }).await
}

struct Check {
    catalog: &'static Catalog,
    progress: Arc<Progress>,
}

impl Op for Check {
    type Out = Vec<Violation>;
    const WRITES: bool = false;
    const TAKES_LONG: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let mut findings = Findings { violations: Vec::new(), progress: &*self.progress };
        engine::check(tx, self.catalog, &mut findings).await?;
        rules::check(tx, &mut findings).await?;
        completeness::check(tx, &mut findings).await?;
        kept::check(tx, &mut findings).await?;
        Ok(findings.violations)
    }
}

/// What was found so far, and who is told how far it is.
struct Findings<'p> {
    violations: Vec<Violation>,
    progress: &'p Progress,
}

impl Findings<'_> {
    fn begin(&self, rule: &'static str) {
        self.go_on(rule, 0);
    }

    fn go_on(&self, rule: &'static str, rows: usize) {
        (self.progress)(rule, rows);
    }

    fn add(&mut self, rule: &'static str, place: String) {
        self.violations.push(Violation { rule, place });
    }
}

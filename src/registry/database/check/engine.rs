use super::Findings;
use crate::registry::RegistryError;
use crate::registry::store::{Catalog, Tx};

const WHOLE: &str = "the file is whole";
const GUARDED: &str = "the triggers of the schema guard what must not change";

/// What the engine says of itself, and of the schema's triggers.
pub(super) async fn check<T: Tx>(
    tx: &mut T,
    catalog: &Catalog,
    findings: &mut Findings<'_>,
) -> Result<(), RegistryError> {
    if let Some(sql) = catalog.integrity {
        findings.begin(WHOLE);
        for mut row in tx.rows(sql, &[]).await? {
            let place = row.text()?;
            if place != "ok" {
                findings.add(WHOLE, place);
            }
        }
    }
    findings.begin(GUARDED);
    let mut standing = Vec::new();
    for mut row in tx.rows(catalog.triggers, &[]).await? {
        standing.push((row.text()?, row.text()?));
    }
    for trigger in catalog.declared_triggers() {
        if !standing.iter().any(|(name, table)| name == trigger.name && table == trigger.table) {
            findings.add(GUARDED, format!("trigger {} of table {}", trigger.name, trigger.table));
        }
    }
    Ok(())
}

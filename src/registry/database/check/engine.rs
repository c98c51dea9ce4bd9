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
        standing.push(catalog.guard([row.text()?, row.text()?, row.text()?, row.text()?]));
    }
    for declared in catalog.declared_triggers() {
        let place = format!("trigger {} of table {}", declared.name, declared.table);
        match standing.iter().find(|trigger| trigger.is_named_like(&declared)) {
            None => findings.add(GUARDED, place),
            Some(trigger) if !trigger.does_like(&declared) => {
                findings.add(GUARDED, format!("{place}, which does something else"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

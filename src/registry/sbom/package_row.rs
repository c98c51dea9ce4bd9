use std::sync::LazyLock;

use crate::model::NewPackage;
use crate::registry::RegistryError;
use crate::registry::store::{Tx, Value};

/// Packages that one statement writes: documents have thousands.
const BATCH: usize = 200;

static ONE: LazyLock<String> = LazyLock::new(|| statement(1));
static MANY: LazyLock<String> = LazyLock::new(|| statement(BATCH));

/// A statement that writes so many rows.
fn statement(rows: usize) -> String {
    let row = |nth: usize| {
        let parameters: Vec<String> = (nth * 5 + 1..=nth * 5 + 5).map(|number| format!("${number}")).collect();
        format!("({})", parameters.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO packages (sbom_id, position, name, version, purl) VALUES {}", rows.join(", "))
}

/// Notes the packages that a document names.
pub(super) async fn insert<T: Tx>(tx: &mut T, sbom_id: &str, packages: &[NewPackage]) -> Result<(), RegistryError> {
    let cells = |(position, package): (i64, &NewPackage)| -> [Value; 5] {
        let NewPackage { name, version, purl } = package;
        [sbom_id.into(), position.into(), name.into(), version.into(), purl.into()]
    };
    let rows: Vec<[Value; 5]> = (1..).zip(packages).map(cells).collect();
    for batch in rows.chunks(BATCH) {
        if batch.len() == BATCH {
            tx.exec(&MANY, &batch.concat()).await?;
        } else {
            for row in batch {
                tx.exec(&ONE, row).await?;
            }
        }
    }
    Ok(())
}

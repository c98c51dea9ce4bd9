use crate::model::{IterationId, Sbom, SbomFormat};
use crate::registry::RegistryError;
use crate::registry::store::{Row, StoreError, Tx, values};

/// The documents of the run that works on a build, or built it, by name.
pub(super) async fn of_build<T: Tx>(tx: &mut T, build_id: &str) -> Result<Vec<Sbom>, RegistryError> {
    let sql = "SELECT s.id, s.name, s.format
        FROM sboms s JOIN builds b ON b.id = s.build_id AND b.run_uuid = s.run_uuid
        WHERE s.build_id = $1 ORDER BY s.name";
    let rows = tx.rows(sql, values![build_id]).await?;
    Ok(rows.into_iter().map(|mut row| read(&mut row)).collect::<Result<_, _>>()?)
}

/// A document from the next columns of a row.
pub(super) fn read(row: &mut Row) -> Result<Sbom, StoreError> {
    Ok(Sbom { id: row.text()?, name: row.text()?, format: row.decoded(read_format)? })
}

/// How a format is kept.
pub(super) fn format(format: SbomFormat) -> &'static str {
    match format {
        SbomFormat::CycloneDx => "cyclonedx",
        SbomFormat::Spdx => "spdx",
    }
}

fn read_format(text: &str) -> Result<SbomFormat, String> {
    match text {
        "cyclonedx" => Ok(SbomFormat::CycloneDx),
        "spdx" => Ok(SbomFormat::Spdx),
        _ => Err(format!("format {text} of an SBOM is not known")),
    }
}

/// Deletes what belongs to runs that no longer work on a build.
pub(super) async fn delete_of_former_runs<T: Tx>(tx: &mut T, build_id: &str) -> Result<(), RegistryError> {
    for sql in [
        "DELETE FROM packages WHERE sbom_id IN (
            SELECT s.id FROM sboms s JOIN builds b ON b.id = s.build_id WHERE b.id = $1 AND s.run_uuid <> b.run_uuid)",
        "DELETE FROM sboms WHERE build_id = $1 AND run_uuid <> (SELECT b.run_uuid FROM builds b WHERE b.id = $1)",
    ] {
        tx.exec(sql, values![build_id]).await?;
    }
    Ok(())
}

/// Deletes the documents of a build that is deleted.
pub(in crate::registry) async fn delete_of_build<T: Tx>(tx: &mut T, build_id: &str) -> Result<(), RegistryError> {
    for sql in [
        "DELETE FROM packages WHERE sbom_id IN (SELECT id FROM sboms WHERE build_id = $1)",
        "DELETE FROM sboms WHERE build_id = $1",
    ] {
        tx.exec(sql, values![build_id]).await?;
    }
    Ok(())
}

/// Deletes the documents of an iteration that is deleted: its row stays, but these are large, and nobody can ask for them.
pub(in crate::registry) async fn delete_of_iteration<T: Tx>(tx: &mut T, id: &IterationId) -> Result<(), RegistryError> {
    for sql in [
        "DELETE FROM packages WHERE sbom_id IN (
            SELECT s.id FROM sboms s JOIN builds b ON b.id = s.build_id WHERE b.iteration_id = $1)",
        "DELETE FROM sboms WHERE build_id IN (SELECT id FROM builds WHERE iteration_id = $1)",
    ] {
        tx.exec(sql, values![id]).await?;
    }
    Ok(())
}

/// Deletes the documents of a bucket that is deleted.
pub(in crate::registry) async fn delete_of_bucket<T: Tx>(tx: &mut T, bucket_id: &str) -> Result<(), RegistryError> {
    for sql in [
        "DELETE FROM packages WHERE sbom_id IN (
            SELECT s.id FROM sboms s JOIN builds b ON b.id = s.build_id WHERE b.bucket_id = $1)",
        "DELETE FROM sboms WHERE build_id IN (SELECT id FROM builds WHERE bucket_id = $1)",
    ] {
        tx.exec(sql, values![bucket_id]).await?;
    }
    Ok(())
}

use super::RegistryError;
use super::build_row::BuildRow;
use super::iteration_row::IterationRow;
use super::store::{Tx, values};
use crate::model::{BuildStatus, ComponentType, RunUuid, Warning};

/// Confirms a build in its incomplete iteration; answers what it is from now on.
///
/// Of several confirmed records of the same build, the newest is `done` and the others are `superseded`. An unconfirmed
/// record supersedes nothing: nobody knows whether its image exists.
pub(super) async fn take_place<T: Tx>(
    tx: &mut T,
    iteration: &IterationRow,
    component_type: &ComponentType,
    build: &BuildRow,
) -> Result<BuildStatus, RegistryError> {
    let sql = "SELECT id, recorded_at FROM builds WHERE iteration_id = $1 AND component_type = $2 AND status = 'done'";
    if let Some(mut holder) = tx.rows(sql, values![&iteration.id, component_type]).await?.pop() {
        let (id, recorded_at) = (holder.text()?, holder.time()?);
        if recorded_at > build.recorded_at {
            tx.exec("UPDATE builds SET status = 'superseded' WHERE id = $1", values![&build.id]).await?;
            return Ok(BuildStatus::Superseded);
        }
        let sql = "UPDATE builds SET status = 'superseded', superseded_by = $2 WHERE id = $1";
        tx.exec(sql, values![&id, &build.id]).await?;
    }
    tx.exec("UPDATE builds SET status = 'done' WHERE id = $1", values![&build.id]).await?;
    Ok(BuildStatus::Done)
}

/// Gives the place of a build that was destroyed back to the newest record that had made way: its image is still there.
pub(super) async fn give_back<T: Tx>(
    tx: &mut T,
    iteration: &IterationRow,
    component_type: &ComponentType,
) -> Result<(), RegistryError> {
    let sql = "SELECT id FROM builds
        WHERE iteration_id = $1 AND component_type = $2 AND status = 'superseded' AND confirmed_at IS NOT NULL
        ORDER BY recorded_at DESC, id DESC LIMIT 1";
    if let Some(mut row) = tx.rows(sql, values![&iteration.id, component_type]).await?.pop() {
        let sql = "UPDATE builds SET status = 'done', superseded_by = NULL WHERE id = $1";
        tx.exec(sql, values![row.text()?]).await?;
    }
    Ok(())
}

/// What to tell about the builds that made way for `build`.
pub(super) async fn warnings<T: Tx>(tx: &mut T, build: &BuildRow) -> Result<Vec<Warning>, RegistryError> {
    let sql = "SELECT id, component_type, run_uuid FROM builds WHERE superseded_by = $1 ORDER BY id";
    let mut warnings = Vec::new();
    for mut row in tx.rows(sql, values![&build.id]).await? {
        let (id, component_type) = (row.text()?, row.parsed(ComponentType::parse)?);
        let run_uuid = row.parsed(RunUuid::parse)?;
        let sql = "SELECT external_identifier FROM artifacts WHERE build_id = $1 ORDER BY region, external_identifier";
        let rows = tx.rows(sql, values![&id]).await?;
        let external_identifiers = rows.into_iter().map(|mut row| row.text()).collect::<Result<_, _>>()?;
        warnings.push(Warning::Superseded { component_type, run_uuid, external_identifiers });
    }
    Ok(warnings)
}

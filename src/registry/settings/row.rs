use ulid::Ulid;
use uuid::Uuid;

use crate::access::Permission;
use crate::model::{Deactivation, OnUntrackedImage, ProjectId, RegistrySettings, Tier, Timestamp};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};

/// What is set for the registry of the caller's project.
pub(in crate::registry) struct ReadSettings {
    pub(in crate::registry) scope: Scope,
}

impl Op for ReadSettings {
    type Out = RegistrySettings;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let (settings, _) = require(tx, &self.scope).await?;
        Ok(settings)
    }
}

/// The settings of the caller's project as they are kept, unless the registry was deleted; whether there is a row of them.
pub(super) async fn require<T: Tx>(tx: &mut T, scope: &Scope) -> Result<(RegistrySettings, bool), RegistryError> {
    let Scope { project_id, caller, .. } = scope;
    match find(tx, scope).await? {
        Some(Found { settings, has_row, is_deleted: false }) => Ok((settings, has_row)),
        Some(_) => Err(RegistryError::NotFound {
            what: format!("the registry of project {project_id}"),
            way_out: format!("it was deleted; create it again: registry create --project {project_id}"),
        }),
        None => {
            Err(RegistryError::no_project(caller.project_id.as_ref().map_or(project_id.as_str(), ProjectId::as_str)))
        }
    }
}

/// A registry, deleted or not.
pub(super) struct Found {
    pub(super) settings: RegistrySettings,
    pub(super) has_row: bool,
    pub(super) is_deleted: bool,
}

/// The registry of the caller's project, if they may know of that.
pub(super) async fn find<T: Tx>(tx: &mut T, scope: &Scope) -> Result<Option<Found>, RegistryError> {
    let project = scope.caller.project_id.as_ref();
    if project.is_some_and(|project| !scope.caller.may_see_project(project)) {
        return Ok(None);
    }
    let sql = "SELECT p.id, p.created_at, r.deleted_at, r.created_at, r.updated_at, r.tier, r.on_untracked_image,
            r.deactivated_at, r.deactivated_by
        FROM projects p LEFT JOIN registries r ON r.project_id = p.id WHERE p.id = $1";
    let rows = tx.rows(sql, values![&scope.project_id]).await?;
    Ok(rows.into_iter().next().map(read).transpose()?)
}

fn read(mut row: Row) -> Result<Found, StoreError> {
    let project_id = row.parsed(ProjectId::parse)?;
    let (project_created_at, is_deleted) = (row.time()?, row.optional_time()?.is_some());
    let (created_at, updated_at) = (row.optional_time()?, row.optional_time()?);
    let (tier, on_untracked_image) = (row.optional_text()?, row.optional_text()?);
    let deactivation = match (row.optional_time()?, row.optional_text()?) {
        (Some(at), by) => Some(Deactivation { at, by: by.unwrap_or_default() }),
        (None, _) => None,
    };
    let id = Uuid::parse_str(project_id.as_str()).map(|id| Ulid(id.as_u128()).to_string()).unwrap_or_default();
    let settings = RegistrySettings {
        id,
        project_id,
        // The database takes no other words.
        tier: if tier.as_deref() == Some("plus") { Tier::Plus } else { Tier::Standard },
        deactivation,
        on_untracked_image: match on_untracked_image.as_deref() {
            Some("fail") => OnUntrackedImage::Fail,
            _ => OnUntrackedImage::Warn,
        },
        created_at: created_at.unwrap_or(project_created_at),
        updated_at: updated_at.unwrap_or(project_created_at),
    };
    Ok(Found { settings, has_row: created_at.is_some(), is_deleted })
}

/// Writes settings, in the place of those that are kept.
pub(super) async fn write<T: Tx>(tx: &mut T, settings: &RegistrySettings, now: Timestamp) -> Result<(), RegistryError> {
    let RegistrySettings { project_id, tier, deactivation, on_untracked_image, created_at, .. } = settings;
    let sql =
        "INSERT INTO registries (project_id, tier, on_untracked_image, deactivated_at, deactivated_by, created_at,
            updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (project_id) DO UPDATE SET tier = excluded.tier, on_untracked_image = excluded.on_untracked_image,
            deactivated_at = excluded.deactivated_at, deactivated_by = excluded.deactivated_by,
            created_at = excluded.created_at, updated_at = excluded.updated_at, deleted_at = NULL";
    let values = values![
        project_id,
        tier.to_string(),
        on_untracked_image.to_string(),
        deactivation.as_ref().map(|deactivation| deactivation.at),
        deactivation.as_ref().map(|deactivation| &deactivation.by),
        *created_at,
        now,
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Whether the caller may set something for the whole registry.
pub(super) fn require_manager(scope: &Scope) -> Result<(), RegistryError> {
    Ok(scope.caller.require(Permission::ManageBuckets, None)?)
}

/// Refuses to work in a registry that is out of use.
pub(in crate::registry) async fn require_active<T: Tx>(tx: &mut T, scope: &Scope) -> Result<(), RegistryError> {
    let sql = "SELECT deactivated_at, deactivated_by FROM registries WHERE project_id = $1
        AND (deactivated_at IS NOT NULL OR deleted_at IS NOT NULL)";
    let Some(mut row) = tx.rows(sql, values![&scope.project_id]).await?.pop() else { return Ok(()) };
    let (at, by) = (row.optional_time()?.unwrap_or_default(), row.optional_text()?.unwrap_or_default());
    Err(RegistryError::Refused(format!(
        "the registry of project {} was deactivated at {} by {by}; all that it has is kept; activate it to go on: registry \
         activate",
        scope.project_id,
        at.to_rfc3339()
    )))
}

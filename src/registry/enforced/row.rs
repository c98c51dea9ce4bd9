use crate::access::Permission;
use crate::model::{
    EnforcedBlock, EnforcedBlockName, EnforcedVersion, EnforcedVersionName, NewEnforcedVersion, TemplateType,
};
use crate::registry::scope::Scope;
use crate::registry::settings::require_active;
use crate::registry::store::{Row, StoreError, Tx, values};
use crate::registry::{RegistryError, json, limits};

macro_rules! select_block {
    ($rest:literal) => {
        concat!("SELECT id, name, labels, created_at, updated_at FROM enforced_blocks WHERE project_id = $1 ", $rest)
    };
}

macro_rules! select_version {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.block_id, v.name, v.content, v.template_type, v.description, v.created_at, v.updated_at
             FROM enforced_versions v ",
            $rest
        )
    };
}
pub(super) use select_version;

/// Asks for the right to read enforced blocks.
pub(super) fn require_reader(scope: &Scope) -> Result<(), RegistryError> {
    require_known_project(scope)?;
    Ok(scope.caller.require(Permission::ReadBucket, None)?)
}

/// Asks for the right to change enforced blocks, in a registry that is in use.
pub(super) async fn require_writer<T: Tx>(tx: &mut T, scope: &Scope) -> Result<(), RegistryError> {
    require_known_project(scope)?;
    scope.caller.require(Permission::ManageBuckets, None)?;
    require_active(tx, scope).await
}

fn require_known_project(scope: &Scope) -> Result<(), RegistryError> {
    match &scope.caller.project_id {
        Some(project) if !scope.caller.may_see_project(project) => Err(RegistryError::no_project(project)),
        _ => Ok(()),
    }
}

/// The blocks of the project by name.
pub(super) async fn all<T: Tx>(tx: &mut T, scope: &Scope) -> Result<Vec<EnforcedBlock>, RegistryError> {
    let rows = tx.rows(select_block!("ORDER BY name"), values![&scope.project_id]).await?;
    Ok(rows.into_iter().map(read_block).collect::<Result<_, _>>()?)
}

/// The block with this id.
pub(super) async fn require<T: Tx>(tx: &mut T, scope: &Scope, id: &str) -> Result<EnforcedBlock, RegistryError> {
    match tx.rows(select_block!("AND id = $2"), values![&scope.project_id, id]).await?.pop() {
        Some(row) => Ok(read_block(row)?),
        None => Err(no_block(id)),
    }
}

/// The block with this id, held for writing: those who write in one block do so one after the other.
pub(super) async fn hold<T: Tx>(tx: &mut T, scope: &Scope, id: &str) -> Result<EnforcedBlock, RegistryError> {
    let sql = "UPDATE enforced_blocks SET updated_at = $3 WHERE project_id = $1 AND id = $2";
    tx.exec(sql, values![&scope.project_id, id, scope.now]).await?;
    require(tx, scope, id).await
}

/// A version of a block.
pub(super) async fn require_version<T: Tx>(
    tx: &mut T,
    block: &EnforcedBlock,
    id: &str,
) -> Result<EnforcedVersion, RegistryError> {
    let sql = select_version!("WHERE v.block_id = $1 AND v.id = $2");
    match tx.rows(sql, values![&block.id, id]).await?.pop() {
        Some(row) => Ok(read_version(row)?),
        None => Err(RegistryError::NotFound {
            what: format!("version {:?} of enforced block {}", shown(id), block.name),
            way_out: "list its versions to see which there are".to_owned(),
        }),
    }
}

/// Adds a version to a block that is held.
pub(super) async fn insert_version<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    block: &EnforcedBlock,
    version: &NewEnforcedVersion,
) -> Result<String, RegistryError> {
    let NewEnforcedVersion { name, content, template_type, description } = version;
    let id = scope.new_id();
    let sql = "UPDATE enforced_blocks SET seq = seq + 1 WHERE id = $1";
    tx.exec(sql, values![&block.id]).await?;
    let sql = "INSERT INTO enforced_versions
            (id, block_id, position, name, content, template_type, description, created_at, updated_at)
        SELECT $2, id, seq, $3, $4, $5, $6, $7, $7 FROM enforced_blocks WHERE id = $1";
    let template_type = template_type.map(json::template_type);
    let values = values![&block.id, &id, name.as_str(), content, template_type, description, scope.now];
    tx.exec(sql, values).await?;
    Ok(id)
}

pub(super) fn read_block(mut row: Row) -> Result<EnforcedBlock, StoreError> {
    Ok(EnforcedBlock {
        id: row.text()?,
        name: row.parsed(EnforcedBlockName::parse)?,
        labels: row.decoded(json::read_labels)?,
        created_at: row.time()?,
        updated_at: row.time()?,
    })
}

pub(super) fn read_version(mut row: Row) -> Result<EnforcedVersion, StoreError> {
    read_next_version(&mut row)
}

/// A version from the next columns of a row.
pub(super) fn read_next_version(row: &mut Row) -> Result<EnforcedVersion, StoreError> {
    Ok(EnforcedVersion {
        id: row.text()?,
        block_id: row.text()?,
        name: row.parsed(EnforcedVersionName::parse)?,
        content: row.text()?,
        template_type: row.optional_parsed::<TemplateType, _>(|text| json::read_template_type(&text))?,
        description: row.text()?,
        created_at: row.time()?,
        updated_at: row.time()?,
    })
}

/// Refuses a version that exceeds a limit, or says nothing.
pub(super) fn check_version(version: &NewEnforcedVersion) -> Result<(), RegistryError> {
    if version.content.trim().is_empty() {
        let message = "the content of an enforced block is empty; it must have a provisioner at least";
        return Err(RegistryError::Refused(message.to_owned()));
    }
    limits::check_enforced_content(&version.content)?;
    limits::check_enforced_description(&version.description)
}

fn no_block(id: &str) -> RegistryError {
    RegistryError::NotFound {
        what: format!("enforced block {:?}", shown(id)),
        way_out: "list the enforced blocks to see which there are".to_owned(),
    }
}

/// As much of an id that somebody sent as an answer repeats.
fn shown(id: &str) -> String {
    id.chars().take(64).collect()
}

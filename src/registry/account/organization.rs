use crate::access::Permission;
use crate::model::{Organization, OrganizationId, ProjectName};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Fault, Op, StoreError, Tx, values};

/// The organization of whoever asks.
pub(super) async fn own<T: Tx>(tx: &mut T, scope: &Scope) -> Result<OrganizationId, RegistryError> {
    if let Some(id) = &scope.caller.organization_id {
        return Ok(id.clone());
    }
    let sql = "SELECT organization_id FROM projects WHERE id = $1";
    match tx.rows(sql, values![&scope.project_id]).await?.pop() {
        Some(mut row) => Ok(row.parsed(OrganizationId::parse)?),
        None => Err(gone(&scope.project_id)),
    }
}

/// The organization of whoever asks, held for writing.
pub(super) async fn hold<T: Tx>(tx: &mut T, scope: &Scope) -> Result<OrganizationId, RegistryError> {
    let id = own(tx, scope).await?;
    // Changes nothing, but lets others wait, and see what this operation commits.
    if tx.exec("UPDATE organizations SET name = name WHERE id = $1", values![&id]).await? == 1 {
        return Ok(id);
    }
    Err(gone(id.as_str()))
}

fn gone(id: &str) -> RegistryError {
    StoreError::new(Fault::Corrupt(format!("the organization of {id} is gone"))).into()
}

/// The organization of whoever asks.
pub(super) struct OwnOrganization {
    pub(super) scope: Scope,
}

impl Op for OwnOrganization {
    type Out = Organization;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Organization, RegistryError> {
        let id = own(tx, &self.scope).await?;
        read(tx, &id).await
    }
}

/// Gives the organization another name.
pub(super) struct RenameOrganization {
    pub(super) scope: Scope,
    pub(super) name: ProjectName,
}

impl Op for RenameOrganization {
    type Out = Organization;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Organization, RegistryError> {
        let Self { scope, name } = self;
        scope.caller.require(Permission::ManageOrganization, None)?;
        let id = hold(tx, scope).await?;
        tx.exec("UPDATE organizations SET name = $2 WHERE id = $1", values![&id, name]).await?;
        read(tx, &id).await
    }
}

async fn read<T: Tx>(tx: &mut T, id: &OrganizationId) -> Result<Organization, RegistryError> {
    let sql = "SELECT name, created_at FROM organizations WHERE id = $1";
    let Some(mut row) = tx.rows(sql, values![id]).await?.pop() else { return Err(gone(id.as_str())) };
    Ok(Organization { id: id.clone(), name: row.parsed(ProjectName::parse)?, created_at: row.time()? })
}

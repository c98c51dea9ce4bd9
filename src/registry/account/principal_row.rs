use std::collections::BTreeMap;

use crate::model::{OrganizationId, Principal, PrincipalId, PrincipalName, PrincipalSecret, ProjectId};
use crate::registry::RegistryError;
use crate::registry::store::{Row, StoreError, Tx, Value, values};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, client_id, name, organization_id, project_id, created_at FROM principals ", $rest)
    };
}

/// A principal of the organization.
pub(super) async fn find<T: Tx>(
    tx: &mut T,
    organization: &OrganizationId,
    id: &PrincipalId,
) -> Result<Option<Principal>, RegistryError> {
    one(tx, select!("WHERE organization_id = $1 AND id = $2"), values![organization, id]).await
}

/// A principal of any organization.
pub(super) async fn by_id<T: Tx>(tx: &mut T, id: &PrincipalId) -> Result<Option<Principal>, RegistryError> {
    one(tx, select!("WHERE id = $1"), values![id]).await
}

/// The principal with these credentials.
pub(super) async fn by_client_id<T: Tx>(tx: &mut T, client_id: &str) -> Result<Option<Principal>, RegistryError> {
    one(tx, select!("WHERE client_id = $1"), values![client_id]).await
}

async fn one<T: Tx>(tx: &mut T, sql: &'static str, values: &[Value]) -> Result<Option<Principal>, RegistryError> {
    let Some(row) = tx.rows(sql, values).await?.pop() else { return Ok(None) };
    let mut principal = read(row)?;
    let sql = "SELECT principal_id, id, created_at, last_used_at, expires_at FROM principal_secrets
        WHERE principal_id = $1 ORDER BY created_at, id";
    for row in tx.rows(sql, values![&principal.id]).await? {
        principal.secrets.push(read_secret(row)?.1);
    }
    Ok(Some(principal))
}

/// The principals of an organization by name.
pub(super) async fn all<T: Tx>(tx: &mut T, organization: &OrganizationId) -> Result<Vec<Principal>, RegistryError> {
    let sql = "SELECT s.principal_id, s.id, s.created_at, s.last_used_at, s.expires_at
        FROM principal_secrets s JOIN principals p ON p.id = s.principal_id
        WHERE p.organization_id = $1 ORDER BY s.created_at, s.id";
    let mut secrets: BTreeMap<String, Vec<PrincipalSecret>> = BTreeMap::new();
    for row in tx.rows(sql, values![organization]).await? {
        let (principal, secret) = read_secret(row)?;
        secrets.entry(principal).or_default().push(secret);
    }
    let sql = select!("WHERE organization_id = $1 ORDER BY name, id");
    let mut principals = Vec::new();
    for row in tx.rows(sql, values![organization]).await? {
        let mut principal = read(row)?;
        principal.secrets = secrets.remove(principal.id.as_str()).unwrap_or_default();
        principals.push(principal);
    }
    Ok(principals)
}

fn read(mut row: Row) -> Result<Principal, StoreError> {
    Ok(Principal {
        id: row.parsed(PrincipalId::parse)?,
        client_id: row.text()?,
        name: row.parsed(PrincipalName::parse)?,
        organization_id: row.parsed(OrganizationId::parse)?,
        project_id: row.optional_parsed(ProjectId::parse)?,
        created_at: row.time()?,
        secrets: Vec::new(),
    })
}

fn read_secret(mut row: Row) -> Result<(String, PrincipalSecret), StoreError> {
    let principal = row.text()?;
    let secret = PrincipalSecret {
        id: row.text()?,
        created_at: row.time()?,
        last_used_at: row.optional_time()?,
        expires_at: row.optional_time()?,
    };
    Ok((principal, secret))
}

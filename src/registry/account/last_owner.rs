use crate::model::{OrganizationId, PrincipalId};
use crate::registry::RegistryError;
use crate::registry::store::{Tx, values};

/// Refuses what would leave the organization without an owner, where `principal` is the only one.
///
/// Only owners who can prove who they are count: with a secret, or by an identity rule.
pub(super) async fn refuse_if<T: Tx>(
    tx: &mut T,
    organization: &OrganizationId,
    principal: &PrincipalId,
) -> Result<(), RegistryError> {
    if !is_owner(tx, organization, principal).await? {
        return Ok(());
    }
    let sql = "SELECT COUNT(*) FROM role_bindings r
        WHERE r.organization_id = $1 AND r.project_id IS NULL AND r.role = 'owner' AND r.principal_id <> $2
            AND (EXISTS (SELECT 1 FROM principal_secrets s
                    WHERE s.principal_id = r.principal_id AND s.expires_at IS NULL)
                OR EXISTS (SELECT 1 FROM identity_rules i WHERE i.principal_id = r.principal_id))";
    let others = tx.rows(sql, values![organization, principal]).await?.pop().map_or(Ok(0), |mut row| row.integer())?;
    if others > 0 {
        return Ok(());
    }
    Err(RegistryError::Refused(
        "nobody else could manage the organization then; make another principal its owner first, with a secret that \
         does not expire or with an identity rule"
            .to_owned(),
    ))
}

/// The same, where it is one of the principal's proofs that goes: unless another one is left.
pub(super) async fn refuse_without_proof<T: Tx>(
    tx: &mut T,
    organization: &OrganizationId,
    principal: &PrincipalId,
) -> Result<(), RegistryError> {
    for sql in [
        "SELECT id FROM principal_secrets WHERE principal_id = $1 AND expires_at IS NULL",
        "SELECT id FROM identity_rules WHERE principal_id = $1",
    ] {
        if !tx.rows(sql, values![principal]).await?.is_empty() {
            return Ok(());
        }
    }
    refuse_if(tx, organization, principal).await
}

async fn is_owner<T: Tx>(
    tx: &mut T,
    organization: &OrganizationId,
    principal: &PrincipalId,
) -> Result<bool, RegistryError> {
    let sql = "SELECT role FROM role_bindings
        WHERE organization_id = $1 AND project_id IS NULL AND role = 'owner' AND principal_id = $2";
    Ok(!tx.rows(sql, values![organization, principal]).await?.is_empty())
}

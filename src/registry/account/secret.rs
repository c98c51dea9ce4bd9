use super::authority::require_over;
use super::{last_owner, limits, organization};
use crate::access::SecretHash;
use crate::model::{OrganizationId, Principal, PrincipalId, PrincipalSecret, Timestamp};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Tx, values};

/// Gives a principal a secret; answers the principal with it, and the id of the secret.
pub(super) struct NewSecret {
    pub(super) scope: Scope,
    pub(super) principal: PrincipalId,
    pub(super) hash: SecretHash,
    pub(super) expires_at: Option<Timestamp>,
}

impl Op for NewSecret {
    type Out = (Principal, String);
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, principal, hash, expires_at } = self;
        if expires_at.is_some_and(|moment| moment <= scope.now) {
            return Err(RegistryError::Refused("the secret would have expired already; name a later time".to_owned()));
        }
        let organization = organization::hold(tx, scope).await?;
        let (_, mut found) = require_over(tx, scope, &organization, principal).await?;
        // What has expired makes room.
        let sql = "DELETE FROM principal_secrets WHERE principal_id = $1 AND expires_at <= $2";
        tx.exec(sql, values![principal, scope.now]).await?;
        found.secrets.retain(|secret| secret.expires_at.is_none_or(|moment| moment > scope.now));
        limits::check(
            limits::MAX_SECRETS,
            i64::try_from(found.secrets.len()).unwrap_or(i64::MAX),
            &format!("secrets of {}", found.name),
        )?;
        let id = insert(tx, scope, &mut found, (hash, *expires_at)).await?;
        Ok((found, id))
    }
}

/// Gives a principal a secret; answers its id.
pub(super) async fn insert<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    principal: &mut Principal,
    (hash, expires_at): (&SecretHash, Option<Timestamp>),
) -> Result<String, RegistryError> {
    let id = scope.new_id();
    let sql =
        "INSERT INTO principal_secrets (id, principal_id, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    tx.exec(sql, values![&id, &principal.id, hash.to_hex(), scope.now, expires_at]).await?;
    principal.secrets.push(PrincipalSecret { id: id.clone(), created_at: scope.now, last_used_at: None, expires_at });
    Ok(id)
}

/// Deletes a secret, which is not taken any more from then on.
pub(super) struct DeleteSecret {
    pub(super) scope: Scope,
    pub(super) principal: PrincipalId,
    pub(super) secret_id: String,
}

impl Op for DeleteSecret {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, principal, secret_id } = self;
        let organization = organization::hold(tx, scope).await?;
        let (_, found) = require_over(tx, scope, &organization, principal).await?;
        let sql = "DELETE FROM principal_secrets WHERE principal_id = $1 AND id = $2";
        if tx.exec(sql, values![principal, secret_id]).await? == 0 {
            let ids: Vec<&str> = found.secrets.iter().map(|secret| secret.id.as_str()).collect();
            return Err(RegistryError::NotFound {
                what: format!("secret {secret_id} of {}", found.name),
                way_out: if ids.is_empty() { "it has none".to_owned() } else { format!("it has: {}", ids.join(", ")) },
            });
        }
        last_owner::refuse_without_proof(tx, &organization, principal).await
    }
}

/// The hashes of a principal's secrets that are still taken, with their ids and when they were last used.
pub(super) async fn hashes<T: Tx>(
    tx: &mut T,
    principal: &PrincipalId,
    now: Timestamp,
) -> Result<Vec<(String, String, Option<Timestamp>)>, RegistryError> {
    let sql = "SELECT id, hash, last_used_at FROM principal_secrets
        WHERE principal_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    let mut hashes = Vec::new();
    for mut row in tx.rows(sql, values![principal, now]).await? {
        hashes.push((row.text()?, row.text()?, row.optional_time()?));
    }
    Ok(hashes)
}

/// Whether an organization has an owner.
pub(super) async fn has_owner<T: Tx>(tx: &mut T, organization: &OrganizationId) -> Result<bool, RegistryError> {
    let sql = "SELECT principal_id FROM role_bindings
        WHERE organization_id = $1 AND project_id IS NULL AND role = 'owner' LIMIT 1";
    Ok(!tx.rows(sql, values![organization]).await?.is_empty())
}

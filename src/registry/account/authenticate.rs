use super::{principal_row, secret};
use crate::access::{ClientId, ClientSecret, SecretHash};
use crate::model::{Principal, PrincipalSecret, Timestamp};
use crate::registry::RegistryError;
use crate::registry::store::{Fault, Op, StoreError, Tx, values};

/// Who presents these credentials; `None` where they are wrong.
pub(super) struct Authenticate {
    pub(super) client_id: ClientId,
    pub(super) client_secret: ClientSecret,
    pub(super) now: Timestamp,
}

/// Who presented credentials, and which secret it was.
pub(super) struct Authenticated {
    pub(super) principal: Principal,
    pub(super) secret_id: String,
    pub(super) last_used_at: Option<Timestamp>,
}

impl Op for Authenticate {
    type Out = Option<Authenticated>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { client_id, client_secret, now } = self;
        let Some(principal) = principal_row::by_client_id(tx, client_id.as_str()).await? else {
            // As much work as for a client that is there.
            SecretHash::NOBODY.verify(client_secret);
            return Ok(None);
        };
        let mut found = None;
        for (secret_id, hash, last_used_at) in secret::hashes(tx, &principal.id, *now).await? {
            let hash = SecretHash::from_hex(&hash)
                .ok_or_else(|| StoreError::new(Fault::Corrupt(format!("secret {secret_id} has no hash"))))?;
            if hash.verify(client_secret) {
                found = Some((secret_id, last_used_at));
            }
        }
        Ok(found.map(|(secret_id, last_used_at)| Authenticated { principal, secret_id, last_used_at }))
    }
}

/// Notes in which hour a secret was last used.
pub(super) struct NoteUse {
    pub(super) secret_id: String,
    pub(super) hour: Timestamp,
}

impl NoteUse {
    /// What is to be noted, if anything is.
    pub(super) fn of(authenticated: &mut Authenticated, now: Timestamp) -> Option<Self> {
        const HOUR_MS: i64 = 60 * 60 * 1000;
        let hour = Timestamp(now.0.div_euclid(HOUR_MS) * HOUR_MS);
        if authenticated.last_used_at.is_some_and(|last| last >= hour) {
            return None;
        }
        let is_it = |secret: &&mut PrincipalSecret| secret.id == authenticated.secret_id;
        if let Some(secret) = authenticated.principal.secrets.iter_mut().find(is_it) {
            secret.last_used_at = Some(hour);
        }
        Some(Self { secret_id: authenticated.secret_id.clone(), hour })
    }
}

impl Op for NoteUse {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let sql = "UPDATE principal_secrets SET last_used_at = $2
            WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
        tx.exec(sql, values![&self.secret_id, self.hour]).await?;
        Ok(())
    }
}

use super::organization;
use crate::access::token::{KeySet, SigningKey};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::store::{Fault, Op, Row, StoreError, Tx, values};

/// The keys that sign and check tokens.
pub(super) struct SigningKeys;

impl Op for SigningKeys {
    type Out = KeySet;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<KeySet, RegistryError> {
        all(tx).await
    }
}

/// Adds a key if it is time for one, and drops those whose tokens have all expired.
pub(super) struct RotateSigningKeys {
    pub(super) scope: Scope,
    pub(super) key: SigningKey,
}

impl Op for RotateSigningKeys {
    type Out = KeySet;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<KeySet, RegistryError> {
        let Self { scope, key } = self;
        organization::hold(tx, scope).await?;
        let keys = all(tx).await?;
        if keys.wants_new_key(scope.now) {
            let sql = "INSERT INTO signing_keys (id, secret, created_at) VALUES ($1, $2, $3)";
            tx.exec(sql, values![&key.id, key.expose(), key.created_at]).await?;
        }
        for id in keys.expired(scope.now) {
            tx.exec("DELETE FROM signing_keys WHERE id = $1", values![id]).await?;
        }
        all(tx).await
    }
}

async fn all<T: Tx>(tx: &mut T) -> Result<KeySet, RegistryError> {
    let rows = tx.rows("SELECT id, created_at, secret FROM signing_keys", values![]).await?;
    Ok(KeySet::new(rows.into_iter().map(read).collect::<Result<_, _>>()?))
}

fn read(mut row: Row) -> Result<SigningKey, StoreError> {
    let (id, created_at, secret) = (row.text()?, row.time()?, row.text()?);
    let unreadable = format!("signing key {id} cannot be read");
    SigningKey::from_kept(id, created_at, &secret).ok_or_else(|| StoreError::new(Fault::Corrupt(unreadable)))
}

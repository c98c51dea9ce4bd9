use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use crate::access::token::KeySet;
use crate::model::Timestamp;
use crate::registry::store::Store;
use crate::registry::{RegistryError, Service};

/// How long keys are used before they are read again: a new one is due once in weeks.
const FRESH_MS: i64 = 10 * 60 * 1000;

/// How often keys are read because a token names one that is not known.
const BETWEEN_READS_MS: i64 = 1000;

/// The keys that all servers of a database sign tokens with, as they were last read.
#[derive(Default)]
pub(in crate::api) struct SigningKeys {
    kept: RwLock<Option<Kept>>,
    /// Held while reading: many calls cause one read.
    turn: Mutex<()>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<KeySet>,
    read_at: Timestamp,
}

impl Kept {
    fn is_younger_than(&self, limit: i64, now: Timestamp) -> bool {
        (0..limit).contains(&now.0.saturating_sub(self.read_at.0))
    }
}

impl SigningKeys {
    /// The keys, read within the last ten minutes.
    pub(in crate::api) async fn current<S: Store>(
        &self,
        service: &Service<S>,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, RegistryError> {
        self.younger_than(FRESH_MS, service, now).await
    }

    /// The keys, for a token that is signed with one that [`SigningKeys::current`] does not have.
    pub(in crate::api) async fn newer<S: Store>(
        &self,
        service: &Service<S>,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, RegistryError> {
        self.younger_than(BETWEEN_READS_MS, service, now).await
    }

    async fn younger_than<S: Store>(
        &self,
        limit: i64,
        service: &Service<S>,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, RegistryError> {
        if let Some(kept) = self.kept().filter(|kept| kept.is_younger_than(limit, now)) {
            return Ok(kept.keys);
        }
        let _turn = self.turn.lock().await;
        if let Some(kept) = self.kept().filter(|kept| kept.is_younger_than(limit, now)) {
            return Ok(kept.keys);
        }
        let keys = Arc::new(service.signing_keys().await?);
        let kept = Kept { keys: Arc::clone(&keys), read_at: now };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(keys)
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

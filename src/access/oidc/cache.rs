use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures::lock::Mutex as AsyncMutex;

use super::discovery::jwks_url;
use super::{InvalidDiscovery, InvalidJwks, Issuer, Jwks, MAX_DISCOVERY_BYTES, MAX_JWKS_BYTES, Unverified};
use crate::model::{Clock, Timestamp};

const MINUTE_MS: i64 = 60 * 1000;

/// For how long keys are kept at least, whatever the issuer says: it is not to be asked for every token.
const KEPT_AT_LEAST_MS: i64 = 5 * MINUTE_MS;

/// For how long keys are kept at most: what an issuer took back is not trusted for longer. Within this time, keys are
/// also used that could not be fetched anew.
const KEPT_AT_MOST_MS: i64 = 24 * 60 * MINUTE_MS;

/// For how long keys are kept where the issuer does not say.
const KEPT_BY_DEFAULT_MS: i64 = 60 * MINUTE_MS;

/// How long to wait before asking again for a key that was not there: anyone can send a token with an unknown key.
const BETWEEN_FETCHES_MS: i64 = MINUTE_MS;

/// How long to wait before asking again an issuer that never answered.
const BETWEEN_FAILURES_MS: i64 = 10 * 1000;

/// For how many issuers keys are kept.
const MAX_ISSUERS: usize = 128;

/// What an address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The body.
    pub body: Vec<u8>,
    /// The `max-age` of its `Cache-Control`, in seconds; 0 for `no-cache` and `no-store`; `None` where it says nothing.
    pub max_age: Option<u32>,
}

/// Why the keys of an issuer could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It does not answer, or not with 200 and a body of the size that was allowed.
    #[error("the keys of {issuer} cannot be fetched: {cause}")]
    Unreachable {
        /// Who was asked.
        issuer: Issuer,
        /// What happened.
        cause: String,
    },
    /// It answers nonsense about itself.
    #[error(transparent)]
    Discovery(#[from] InvalidDiscovery),
    /// It answers nonsense about its keys.
    #[error("{issuer}: {cause}")]
    Keys {
        /// Who was asked.
        issuer: Issuer,
        /// What is wrong.
        cause: InvalidJwks,
    },
}

/// Gets what issuers publish.
pub trait KeyFetcher: Send + Sync {
    /// The body at `url`, of `limit` bytes at most; follows no redirect away from HTTPS, and gives up after seconds.
    ///
    /// # Errors
    /// What went wrong, in words.
    fn fetch(&self, url: &str, limit: usize) -> impl Future<Output = Result<Fetched, String>> + Send;
}

/// The keys of issuers, fetched when they are needed and kept for a while.
pub struct KeyCache<F> {
    fetcher: F,
    clock: Arc<dyn Clock>,
    issuers: Mutex<HashMap<Issuer, Arc<Slot>>>,
}

/// What is known of one issuer.
#[derive(Default)]
struct Slot {
    /// Held while fetching: many tokens cause one fetch, for which those wait whose keys are not there.
    turn: AsyncMutex<()>,
    known: Mutex<Known>,
}

#[derive(Clone, Default)]
struct Known {
    keys: Option<Kept>,
    asked_at: Option<Timestamp>,
    failure: Option<FetchError>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<Jwks>,
    fetched_at: Timestamp,
    fresh_for: i64,
}

impl<F: KeyFetcher> KeyCache<F> {
    /// An empty cache.
    pub fn new(fetcher: F, clock: Arc<dyn Clock>) -> Self {
        Self { fetcher, clock, issuers: Mutex::default() }
    }

    /// The keys of `issuer`, with the one that `token` is signed with, if the issuer has it.
    ///
    /// Ask for issuers of rules only.
    ///
    /// # Errors
    /// [`FetchError`], where there are none that may still be used.
    pub async fn keys(&self, issuer: &Issuer, token: &Unverified) -> Result<Arc<Jwks>, FetchError> {
        debug_assert!(issuer.issued(token), "the keys of {issuer} do not verify tokens of {}", token.issuer);
        let slot = self.slot(issuer);
        if let Some(answer) = slot.answer(self.clock.now(), token) {
            return answer;
        }
        let _turn = slot.turn.lock().await;
        // Somebody else may have fetched them meanwhile.
        let now = self.clock.now();
        if let Some(answer) = slot.answer(now, token) {
            return answer;
        }
        slot.known().asked_at = Some(now);
        match self.fetch(issuer).await {
            Ok((keys, max_age)) => {
                let keys = Arc::new(keys);
                let kept = max_age.map_or(KEPT_BY_DEFAULT_MS, |seconds| i64::from(seconds) * 1000);
                let fresh_for = kept.clamp(KEPT_AT_LEAST_MS, KEPT_AT_MOST_MS);
                let mut known = slot.known();
                known.keys = Some(Kept { keys: Arc::clone(&keys), fetched_at: now, fresh_for });
                known.failure = None;
                Ok(keys)
            }
            Err(error) => {
                let mut known = slot.known();
                known.failure = Some(error.clone());
                known.usable(now).ok_or(error)
            }
        }
    }

    async fn fetch(&self, issuer: &Issuer) -> Result<(Jwks, Option<u32>), FetchError> {
        let unreachable = |cause| FetchError::Unreachable { issuer: issuer.clone(), cause };
        let document = self.fetcher.fetch(&issuer.discovery_url(), MAX_DISCOVERY_BYTES).await.map_err(unreachable)?;
        let url = jwks_url(issuer, &document.body)?;
        let set = self.fetcher.fetch(&url, MAX_JWKS_BYTES).await.map_err(unreachable)?;
        let keys = Jwks::parse(&set.body).map_err(|cause| FetchError::Keys { issuer: issuer.clone(), cause })?;
        Ok((keys, set.max_age))
    }

    fn slot(&self, issuer: &Issuer) -> Arc<Slot> {
        let mut issuers = self.issuers.lock().unwrap_or_else(PoisonError::into_inner);
        if !issuers.contains_key(issuer) && issuers.len() >= MAX_ISSUERS {
            let oldest = issuers.iter().min_by_key(|(_, slot)| slot.known().asked_at).map(|(issuer, _)| issuer.clone());
            oldest.and_then(|oldest| issuers.remove(&oldest));
        }
        Arc::clone(issuers.entry(issuer.clone()).or_default())
    }
}

impl Slot {
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What can be answered without asking the issuer; `None` where it is to be asked.
    fn answer(&self, now: Timestamp, token: &Unverified) -> Option<Result<Arc<Jwks>, FetchError>> {
        let known = self.known();
        let usable = known.usable(now);
        let fresh = known.keys.as_ref().filter(|kept| kept.age(now).is_some_and(|age| age < kept.fresh_for));
        if let Some(kept) = fresh.filter(|kept| token.is_signed_with_one_of(&kept.keys)) {
            return Some(Ok(Arc::clone(&kept.keys)));
        }
        let pause = if usable.is_some() { BETWEEN_FETCHES_MS } else { BETWEEN_FAILURES_MS };
        let elapsed = known.asked_at.map(|asked_at| now.0.saturating_sub(asked_at.0));
        if !elapsed.is_some_and(|elapsed| (0..pause).contains(&elapsed)) {
            return None;
        }
        match (usable, &known.failure) {
            (Some(keys), _) => Some(Ok(keys)),
            (None, Some(failure)) => Some(Err(failure.clone())),
            // It was asked, and has not answered yet.
            (None, None) => None,
        }
    }
}

impl Known {
    /// The keys, as long as they are not too old, fresh or not.
    fn usable(&self, now: Timestamp) -> Option<Arc<Jwks>> {
        let kept = self.keys.as_ref()?;
        kept.age(now).filter(|age| *age < KEPT_AT_MOST_MS).map(|_| Arc::clone(&kept.keys))
    }
}

impl Kept {
    /// `None` where the clock was set back to before they were fetched: they are then fetched anew.
    fn age(&self, now: Timestamp) -> Option<i64> {
        Some(now.0.saturating_sub(self.fetched_at.0)).filter(|age| *age >= 0)
    }
}

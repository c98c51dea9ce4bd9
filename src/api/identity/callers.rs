use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use crate::access::Caller;
use crate::model::{PrincipalId, ProjectId, Timestamp};

/// How long a caller's rights are taken for granted: what another server changed is seen after that time at the latest.
pub(super) const FRESH_MS: i64 = 5000;

/// Callers that are remembered.
const MOST: usize = 4096;

/// Who is calling, and in which project, where they name one.
type Key = (PrincipalId, Option<ProjectId>);

/// Callers as they were found in the last seconds.
#[derive(Default)]
pub(super) struct Callers(RwLock<HashMap<Key, (Caller, Timestamp)>>);

impl Callers {
    /// The caller, if they were found in the last [`FRESH_MS`].
    pub(super) fn get(&self, key: &Key, now: Timestamp) -> Option<Caller> {
        let callers = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (caller, found_at) = callers.get(key)?;
        is_fresh(*found_at, now).then(|| caller.clone())
    }

    /// Remembers a caller.
    pub(super) fn put(&self, key: Key, caller: Caller, now: Timestamp) {
        let mut callers = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= MOST {
            callers.retain(|_, (_, found_at)| is_fresh(*found_at, now));
        }
        if callers.len() < MOST {
            callers.insert(key, (caller, now));
        }
    }
}

fn is_fresh(found_at: Timestamp, now: Timestamp) -> bool {
    (0..FRESH_MS).contains(&now.0.saturating_sub(found_at.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> Key {
        (PrincipalId::parse(format!("{number:026}")).unwrap(), None)
    }

    #[test]
    fn a_caller_is_remembered_for_five_seconds() {
        let callers = Callers::default();
        callers.put(key(1), Caller::local("ada"), Timestamp(0));
        assert!(callers.get(&key(1), Timestamp(FRESH_MS - 1)).is_some());
        assert!(callers.get(&key(1), Timestamp(FRESH_MS)).is_none());
        assert!(callers.get(&key(1), Timestamp(-1)).is_none(), "a clock that was set back makes nobody last");
        assert!(callers.get(&key(2), Timestamp(0)).is_none());
    }

    #[test]
    fn however_many_call_the_memory_is_bounded_and_the_new_find_room_later() {
        let callers = Callers::default();
        for number in 0..=MOST {
            callers.put(key(number), Caller::local("ada"), Timestamp(0));
        }
        assert!(callers.get(&key(MOST), Timestamp(0)).is_none());
        callers.put(key(MOST), Caller::local("ada"), Timestamp(FRESH_MS));
        assert!(callers.get(&key(MOST), Timestamp(FRESH_MS)).is_some());
        assert_eq!(callers.0.read().unwrap().len(), 1);
    }
}

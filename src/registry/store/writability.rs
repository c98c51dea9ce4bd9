use std::sync::{Mutex, PoisonError};

use super::StoreError;
use crate::registry::RegistryError;

/// Whether a store could be written when that was last tried.
#[derive(Debug, Default)]
pub(super) struct Writability(Mutex<Option<StoreError>>);

impl Writability {
    /// Notes how an operation that writes ended. One that a rule refused, or that found nobody to speak to, has not tried to.
    pub(super) fn note<T>(&self, result: &Result<T, RegistryError>) {
        let obstacle = match result {
            Ok(_) => None,
            Err(RegistryError::Store(error)) if error.forbids_writing() => Some(error.clone()),
            Err(_) => return,
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = obstacle;
    }

    /// What was in the way of the last operation that tried to write.
    pub(super) fn obstacle(&self) -> Option<StoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

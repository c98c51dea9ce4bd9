use std::collections::BTreeSet;

use super::json;
use super::store::{Row, StoreError};
use crate::model::ComponentType;

/// The builds that the records of an iteration expect.
#[derive(Default)]
pub(super) struct Expected {
    names: BTreeSet<ComponentType>,
    /// What was read already: all records of a template expect the same, so that it is taken apart once.
    read: BTreeSet<String>,
}

impl Expected {
    /// Adds what the next column of a build says.
    pub(super) fn add(&mut self, row: &mut Row) -> Result<(), StoreError> {
        let Self { names, read } = self;
        row.decoded(|text| {
            if read.contains(text) {
                return Ok(());
            }
            for name in json::read_names(text).map_err(|error| error.to_string())? {
                names.insert(ComponentType::parse(name).map_err(|error| error.to_string())?);
            }
            read.insert(text.to_owned());
            Ok::<(), String>(())
        })
    }

    /// Their component types.
    pub(super) fn names(&self) -> &BTreeSet<ComponentType> {
        &self.names
    }
}

use std::vec::IntoIter;

use super::{Fault, StoreError};
use crate::model::{
    BucketName, ChannelName, ComponentType, Fingerprint, IterationId, OrganizationId, PrincipalId, PrincipalName,
    ProjectId, ProjectName, Role, RunUuid, Timestamp,
};

/// A value that a statement is given or a column holds: ids are text, times and truths are integers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// SQL's null.
    Null,
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Bytes that only this program can read.
    Bytes(Vec<u8>),
}

impl Value {
    /// The bytes that it takes in memory, about.
    pub(super) fn size(&self) -> usize {
        let owned = match self {
            Self::Null | Self::Integer(_) => 0,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        };
        size_of::<Self>() + owned
    }
}

/// The array of [`Value`]s that a statement is given, from anything that becomes one.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::registry::store::Value::from($value)),*] };
}
pub(in crate::registry) use values;

macro_rules! from {
    ($($type:ty: |$value:ident| $into:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $into
            }
        })*
    };
}

from! {
    i64: |value| Self::Integer(value);
    u32: |value| Self::Integer(value.into());
    bool: |value| Self::Integer(value.into());
    Timestamp: |value| Self::Integer(value.0);
    &str: |value| Self::Text(value.to_owned());
    String: |value| Self::Text(value);
    &String: |value| Self::Text(value.clone());
    &BucketName: |value| Self::Text(value.as_str().to_owned());
    &ChannelName: |value| Self::Text(value.as_str().to_owned());
    &ComponentType: |value| Self::Text(value.as_str().to_owned());
    &Fingerprint: |value| Self::Text(value.as_str().to_owned());
    &IterationId: |value| Self::Text(value.as_str().to_owned());
    &RunUuid: |value| Self::Text(value.as_str().to_owned());
    &OrganizationId: |value| Self::Text(value.as_str().to_owned());
    &ProjectId: |value| Self::Text(value.as_str().to_owned());
    &ProjectName: |value| Self::Text(value.as_str().to_owned());
    &PrincipalId: |value| Self::Text(value.as_str().to_owned());
    &PrincipalName: |value| Self::Text(value.as_str().to_owned());
    &[u8]: |value| Self::Bytes(value.to_owned());
    Role: |value| Self::Text(value.as_str().to_owned());
}

impl<T> From<Option<T>> for Value
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// A row of an answer, read from its first column to its last.
#[derive(Clone, Debug)]
pub struct Row(IntoIter<Value>);

impl Row {
    pub(in crate::registry) fn new(cells: Vec<Value>) -> Self {
        Self(cells.into_iter())
    }

    /// The bytes that its columns take in memory, about.
    pub(super) fn size(&self) -> usize {
        self.0.as_slice().iter().map(Value::size).sum()
    }

    /// All columns that are left.
    pub(in crate::registry) fn into_cells(self) -> Vec<Value> {
        self.0.collect()
    }

    /// Whether no column is left.
    pub(in crate::registry) fn is_over(&self) -> bool {
        self.0.as_slice().is_empty()
    }

    /// Whether the next column is null; it stays the next one.
    pub(in crate::registry) fn is_null(&self) -> bool {
        matches!(self.0.as_slice(), [Value::Null, ..])
    }

    /// Leaves out the next columns.
    pub(in crate::registry) fn skip(&mut self, columns: usize) {
        self.0.by_ref().take(columns).for_each(drop);
    }

    /// The next column, a text.
    pub(in crate::registry) fn text(&mut self) -> Result<String, StoreError> {
        self.optional_text()?.ok_or_else(|| unreadable("a text is missing"))
    }

    /// The next column, a text or null.
    pub(in crate::registry) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.0.next() {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            other => Err(unreadable(&format!("a text was expected, not {other:?}"))),
        }
    }

    /// The next column, bytes.
    pub(in crate::registry) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        match self.0.next() {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            other => Err(unreadable(&format!("bytes were expected, not {other:?}"))),
        }
    }

    /// The next column, a number.
    pub(in crate::registry) fn integer(&mut self) -> Result<i64, StoreError> {
        self.optional_integer()?.ok_or_else(|| unreadable("a number is missing"))
    }

    /// The next column, a number or null.
    pub(in crate::registry) fn optional_integer(&mut self) -> Result<Option<i64>, StoreError> {
        match self.0.next() {
            Some(Value::Integer(number)) => Ok(Some(number)),
            Some(Value::Null) => Ok(None),
            other => Err(unreadable(&format!("a number was expected, not {other:?}"))),
        }
    }

    /// The next column, a point in time.
    pub(in crate::registry) fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.integer().map(Timestamp)
    }

    /// The next column, a point in time or null.
    pub(in crate::registry) fn optional_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.optional_integer()?.map(Timestamp))
    }

    /// The next column, a count or a version number.
    pub(in crate::registry) fn number(&mut self) -> Result<u32, StoreError> {
        self.optional_number()?.ok_or_else(|| unreadable("a number is missing"))
    }

    /// The next column, a count or a version number, or null.
    pub(in crate::registry) fn optional_number(&mut self) -> Result<Option<u32>, StoreError> {
        let to_u32 = |number| u32::try_from(number).map_err(|_| unreadable(&format!("{number} is out of range")));
        self.optional_integer()?.map(to_u32).transpose()
    }

    /// The next column, a text that `parse` understands.
    pub(in crate::registry) fn parsed<T, E: ToString>(
        &mut self,
        parse: impl FnOnce(String) -> Result<T, E>,
    ) -> Result<T, StoreError> {
        parse(self.text()?).map_err(|error| unreadable(&error.to_string()))
    }

    /// The next column, a text that `decode` understands.
    pub(in crate::registry) fn decoded<T, E: ToString>(
        &mut self,
        decode: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, StoreError> {
        decode(&self.text()?).map_err(|error| unreadable(&error.to_string()))
    }

    /// The next column, null or a text that `parse` understands.
    pub(in crate::registry) fn optional_parsed<T, E: ToString>(
        &mut self,
        parse: impl FnOnce(String) -> Result<T, E>,
    ) -> Result<Option<T>, StoreError> {
        self.optional_text()?.map(parse).transpose().map_err(|error| unreadable(&error.to_string()))
    }
}

fn unreadable(cause: &str) -> StoreError {
    StoreError::new(Fault::Corrupt(cause.to_owned()))
}

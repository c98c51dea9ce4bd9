use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Place;
use super::ty::{Type, TypeAt};
use super::value::OfType;
use crate::plugin::Value;

/// A value that is not read yet, because its type comes after it.
pub(super) struct Unread<'de> {
    ty: Type,
    value: &'de RawValue,
}

impl Unread<'_> {
    /// Reads the value, now that its type is known.
    pub(super) fn read(self, place: Place<'_>) -> Result<Value, serde_json::Error> {
        OfType { ty: &self.ty, place }.deserialize(&mut serde_json::Deserializer::from_str(self.value.get()))
    }
}

/// Reads `{"value":…,"type":…}`.
#[derive(Clone, Copy)]
pub(super) struct Wrapped<'n>(pub(super) Place<'n>);

impl<'de> DeserializeSeed<'de> for Wrapped<'_> {
    type Value = Unread<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Unread<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wrapped<'_> {
    type Value = Unread<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value with its type")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<Unread<'de>, A::Error> {
        let (mut ty, mut value) = (None, None);
        while let Some(part) = parts.next_key::<String>()? {
            match part.as_str() {
                "type" => ty = Some(parts.next_value_seed(TypeAt(self.0))?),
                "value" => value = Some(parts.next_value()?),
                _ => return Err(A::Error::custom("expected \"value\" and \"type\", found another key")),
            }
        }
        match (ty, value) {
            (Some(ty), Some(value)) => Ok(Unread { ty, value }),
            (None, _) => Err(A::Error::custom("a value without its type")),
            (_, None) => Err(A::Error::custom("a type without its value")),
        }
    }
}

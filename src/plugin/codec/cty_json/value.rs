use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Place;
use super::ty::Type;
use super::wrapped::Wrapped;
use crate::plugin::Value;

/// Reads a value of a type.
#[derive(Clone, Copy)]
pub(super) struct OfType<'t, 'n> {
    pub(super) ty: &'t Type,
    pub(super) place: Place<'n>,
}

impl<'de> DeserializeSeed<'de> for OfType<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let place = self.place.enter()?;
        match self.ty {
            // A number has to be seen as it is written, before its digits are lost in a float.
            Type::Number => number(<&RawValue>::deserialize(deserializer)?.get()),
            _ => deserializer.deserialize_any(OfType { place, ..self }),
        }
    }
}

fn number<E: Error>(written: &str) -> Result<Value, E> {
    if written == "null" {
        return Ok(Value::Nil);
    }
    if !written.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return Err(E::custom("expected a number"));
    }
    if let Ok(number) = written.parse() {
        return Ok(Value::Int(number));
    }
    match written.parse::<f64>() {
        Ok(number) if number.to_string() == written => Ok(Value::Float(number)),
        _ => Ok(Value::Text(written.to_owned())),
    }
}

impl<'t, 'n> OfType<'t, 'n> {
    fn inner<'i>(self, ty: &'i Type) -> OfType<'i, 'n> {
        OfType { ty, place: self.place }
    }

    /// Says what was expected and what is there, without quoting it: it may be a secret.
    fn mismatch<T, E: Error>(self, found: &str) -> Result<T, E> {
        Err(E::custom(format_args!("expected {}, found {found}", self.ty.name())))
    }
}

impl<'de> Visitor<'de> for OfType<'_, '_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.ty.name())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        match self.ty {
            Type::Bool => Ok(Value::Bool(truth)),
            _ => self.mismatch("a bool"),
        }
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Value, E> {
        self.mismatch("a number")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Value, E> {
        self.mismatch("a number")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        self.mismatch("a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        match self.ty {
            Type::String => Ok(Value::Text(text.to_owned())),
            _ => self.mismatch("a string"),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        match self.ty {
            Type::List(element) => {
                while let Some(value) = elements.next_element_seed(self.inner(element))? {
                    values.push(value);
                }
            }
            Type::Tuple(types) => {
                for ty in types {
                    match elements.next_element_seed(self.inner(ty))? {
                        Some(value) => values.push(value),
                        None => return Err(A::Error::custom("a tuple with fewer elements than its type")),
                    }
                }
                if elements.next_element::<IgnoredAny>()?.is_some() {
                    return Err(A::Error::custom("a tuple with more elements than its type"));
                }
            }
            _ => return self.mismatch("an array"),
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let mut values = BTreeMap::new();
        match self.ty {
            Type::Map(element) => {
                while let Some(key) = pairs.next_key()? {
                    values.insert(key, pairs.next_value_seed(self.inner(element))?);
                }
            }
            Type::Object(attributes) => {
                while let Some(name) = pairs.next_key::<String>()? {
                    let Some(ty) = attributes.get(&name) else {
                        return Err(A::Error::custom("an object with an attribute that its type lacks"));
                    };
                    values.insert(name, pairs.next_value_seed(self.inner(ty))?);
                }
                for absent in attributes.keys().filter(|name| !values.contains_key(*name)).collect::<Vec<_>>() {
                    values.insert(absent.clone(), Value::Nil);
                }
            }
            Type::Dynamic => {
                return Wrapped(self.place).visit_map(pairs)?.read(self.place).map_err(A::Error::custom);
            }
            _ => return self.mismatch("an object"),
        }
        Ok(Value::Map(values))
    }
}

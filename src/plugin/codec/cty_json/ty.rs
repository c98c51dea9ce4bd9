use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Place;

/// A type, as far as decoding needs it: sets are lists.
#[derive(Debug, PartialEq)]
pub(super) enum Type {
    String,
    Bool,
    Number,
    Dynamic,
    List(Box<Self>),
    Map(Box<Self>),
    Tuple(Vec<Self>),
    Object(BTreeMap<String, Self>),
}

impl Type {
    /// What it is called in errors.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Bool => "a bool",
            Self::Number => "a number",
            Self::Dynamic => "a value with its type",
            Self::List(_) => "a list or set",
            Self::Map(_) => "a map",
            Self::Tuple(_) => "a tuple",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads a type.
#[derive(Clone, Copy)]
pub(super) struct TypeAt<'n>(pub(super) Place<'n>);

impl<'de> DeserializeSeed<'de> for TypeAt<'_> {
    type Value = Type;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Type, D::Error> {
        deserializer.deserialize_any(TypeAt(self.0.enter()?))
    }
}

impl<'de> Visitor<'de> for TypeAt<'_> {
    type Value = Type;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a type")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Type, E> {
        match name {
            "string" => Ok(Type::String),
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(E::custom("an unknown type")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Type, A::Error> {
        let kind: String = required(parts.next_element()?)?;
        let ty = match kind.as_str() {
            "list" | "set" => Type::List(Box::new(required(parts.next_element_seed(self)?)?)),
            "map" => Type::Map(Box::new(required(parts.next_element_seed(self)?)?)),
            "tuple" => Type::Tuple(required(parts.next_element_seed(Types(self))?)?),
            "object" => {
                let attributes = required(parts.next_element_seed(Attributes(self))?)?;
                // The names of the attributes that may be left out: a value has them all.
                parts.next_element::<IgnoredAny>()?;
                Type::Object(attributes)
            }
            _ => return Err(A::Error::custom("an unknown kind of type")),
        };
        match parts.next_element::<IgnoredAny>()? {
            None => Ok(ty),
            Some(_) => Err(A::Error::custom("a type with too many parts")),
        }
    }
}

fn required<T, E: Error>(part: Option<T>) -> Result<T, E> {
    part.ok_or_else(|| E::custom("a type that lacks a part"))
}

/// Reads the types of a tuple's elements.
struct Types<'n>(TypeAt<'n>);

impl<'de> DeserializeSeed<'de> for Types<'_> {
    type Value = Vec<Type>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Type>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Types<'_> {
    type Value = Vec<Type>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the types of a tuple")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<Type>, A::Error> {
        let mut types = Vec::new();
        while let Some(ty) = elements.next_element_seed(self.0)? {
            types.push(ty);
        }
        Ok(types)
    }
}

/// Reads the names and types of an object's attributes.
struct Attributes<'n>(TypeAt<'n>);

impl<'de> DeserializeSeed<'de> for Attributes<'_> {
    type Value = BTreeMap<String, Type>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<BTreeMap<String, Type>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Attributes<'_> {
    type Value = BTreeMap<String, Type>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the types of an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut attributes: A) -> Result<BTreeMap<String, Type>, A::Error> {
        let mut types = BTreeMap::new();
        while let Some(name) = attributes.next_key()? {
            types.insert(name, attributes.next_value_seed(self.0)?);
        }
        Ok(types)
    }
}

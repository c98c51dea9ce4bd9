//! Configurations as cty JSON, in both modes: the byte strings in the `Configs` of every `Configure`.
//!
//! # Layout
//!
//! Packer writes with the type "dynamic", so a value comes wrapped together with its type, the value first:
//!
//! ```text
//! {"value":{"bucket_name":"web","labels":{"team":"a"},"port":22},
//!  "type":["object",{"bucket_name":"string","labels":["map","string"],"port":"number"}]}
//! ```
//!
//! | type | value | becomes |
//! |---|---|---|
//! | any | `null` | [`Value::Nil`] |
//! | `"string"`, `"bool"` | string, bool | [`Value::Text`], [`Value::Bool`] |
//! | `"number"` | digits, never with an exponent, as many as it takes | [`Value::Int`] where it fits; [`Value::Float`] where that keeps every digit; else [`Value::Text`] |
//! | `["list",T]`, `["set",T]`, `["tuple",[T,…]]` | array | [`Value::List`] |
//! | `["map",T]`, `["object",{name:T,…}]`, `["object",{…},[optional names]]` | object | [`Value::Map`]; attributes that are absent are nil |
//! | `"dynamic"` | wrapped again | its value |
//!
//! A null of no known type is a bare `null`, unwrapped. Unknown values do not exist in this notation: before the real ones
//! are there, Packer sends placeholders such as `"<unknown>"`, which are text like any other here.

mod ty;
mod value;
mod wrapped;

use std::cell::Cell;

use serde::de::{DeserializeSeed as _, Error};

use crate::plugin::Value;
use wrapped::Wrapped;

/// The longest document that is read, in bytes.
const MAX_LENGTH: usize = 16 << 20;
/// How deep values and types may nest; Packer's own configurations stay below ten.
const MAX_DEPTH: u32 = 64;
/// How many values and types a document may hold, in all.
const MAX_NODES: u32 = 1 << 18;

/// What is wrong with a configuration that Packer sent; never quotes it, because it may hold secrets.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CtyJsonError {
    /// It is too long to be read.
    #[error("a configuration of {length} bytes is too long: at most {MAX_LENGTH} are read")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// It is not an object, as all that carries its type is, nor null.
    #[error("a configuration is not cty JSON wrapped with its type")]
    NotWrapped,
    /// It is not cty JSON, or nests too deep, or holds too many values.
    #[error("a configuration cannot be read as cty JSON: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// Decodes a value that is wrapped with its type.
///
/// # Errors
///
/// If the document is longer, deeper or fuller than the limits above, is not cty JSON, or its value is not of its type.
pub(crate) fn decode(bytes: &[u8]) -> Result<Value, CtyJsonError> {
    if bytes.len() > MAX_LENGTH {
        return Err(CtyJsonError::TooLong { length: bytes.len() });
    }
    match bytes.trim_ascii() {
        b"null" => return Ok(Value::Nil),
        [b'{', ..] => {}
        _ => return Err(CtyJsonError::NotWrapped),
    }
    let nodes_left = Cell::new(MAX_NODES);
    let mut document = serde_json::Deserializer::from_slice(bytes);
    let place = Place { depth: 0, nodes_left: &nodes_left };
    let unread = Wrapped(place).deserialize(&mut document)?;
    document.end()?;
    Ok(unread.read(place)?)
}

/// Where in a document the decoder is, as the limits see it.
#[derive(Clone, Copy)]
struct Place<'n> {
    depth: u32,
    nodes_left: &'n Cell<u32>,
}

impl Place<'_> {
    /// The place one level deeper; counts what is there.
    fn enter<E: Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("more than {MAX_DEPTH} levels deep")));
        }
        let Some(left) = self.nodes_left.get().checked_sub(1) else {
            return Err(E::custom(format_args!("more than {MAX_NODES} values and types")));
        };
        self.nodes_left.set(left);
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

#[cfg(test)]
mod tests;

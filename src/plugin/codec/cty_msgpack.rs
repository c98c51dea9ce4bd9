//! Typed values as msgpack: what a data source's `Execute` answers under `--protobuf`.
//!
//! # Where the bytes go
//!
//! `Datasource.Execute` answers `ExecuteResponse`: `Value` (msgpack `bin`: these bytes, a msgpack document within the
//! msgpack of the call) and `Error` (nil, or a `BasicError` map with `Message`). Packer decodes `Value` **before** it
//! looks at `Error`, so an answer that fails still needs a value that decodes; the SDK sends a null for it. The SDK also
//! returns the error from the call itself, whose text Packer then shows and whose `Value` it never reads: for an endpoint
//! that is the simpler way. Without `--protobuf`, `Value` carries [`gob`](super::gob).
//!
//! # Layout
//!
//! Packer reads with the type "dynamic", so the value is wrapped together with its type, once, at the root:
//!
//! | part | msgpack |
//! |---|---|
//! | wrapper | array of 2: the type, the value |
//! | type | `bin`: the type in cty's JSON notation, for example `["object",{"id":"string"}]` |
//! | null | nil |
//! | string, bool | str, bool |
//! | whole number | the smallest int that holds it, unsigned unless negative |
//! | list of strings | array |
//! | map of strings, object | map with str keys, in order of key |
//!
//! The SDK's encoder writes the same bytes for the same value.

use std::collections::BTreeMap;

use rmpv::Value as Msgpack;
use serde_json::{Value as Json, json};

use crate::plugin::{CtyType, CtyValue};

/// Encodes a value, wrapped with its type, as Packer reads it under `--protobuf`.
pub(crate) fn encode(value: &CtyValue) -> Vec<u8> {
    let ty = type_of(value).to_string().into_bytes();
    let wrapped = Msgpack::Array(vec![Msgpack::Binary(ty), plain(value)]);
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &wrapped).expect("a Vec takes whatever is written to it");
    bytes
}

fn plain(value: &CtyValue) -> Msgpack {
    match value {
        CtyValue::Null(_) => Msgpack::Nil,
        CtyValue::String(text) => text.as_str().into(),
        CtyValue::Bool(truth) => (*truth).into(),
        CtyValue::Number(number) => (*number).into(),
        CtyValue::StringList(items) => Msgpack::Array(items.iter().map(|item| item.as_str().into()).collect()),
        CtyValue::StringMap(map) => pairs(map, |text| text.as_str().into()),
        CtyValue::Object(attributes) => pairs(attributes, plain),
    }
}

fn pairs<V>(map: &BTreeMap<String, V>, value: impl Fn(&V) -> Msgpack) -> Msgpack {
    Msgpack::Map(map.iter().map(|(key, each)| (key.as_str().into(), value(each))).collect())
}

/// The type of a value, in cty's JSON notation.
fn type_of(value: &CtyValue) -> Json {
    match value {
        CtyValue::Null(ty) => notation(ty),
        CtyValue::String(_) => notation(&CtyType::String),
        CtyValue::Bool(_) => notation(&CtyType::Bool),
        CtyValue::Number(_) => notation(&CtyType::Number),
        CtyValue::StringList(_) => json!(["list", notation(&CtyType::String)]),
        CtyValue::StringMap(_) => json!(["map", notation(&CtyType::String)]),
        CtyValue::Object(attributes) => {
            let types: serde_json::Map<_, _> =
                attributes.iter().map(|(name, each)| (name.clone(), type_of(each))).collect();
            json!(["object", types])
        }
    }
}

fn notation(ty: &CtyType) -> Json {
    match ty {
        CtyType::String => json!("string"),
        CtyType::Bool => json!("bool"),
        CtyType::Number => json!("number"),
        CtyType::List(element) => json!(["list", notation(element)]),
        CtyType::Map(element) => json!(["map", notation(element)]),
    }
}

//! A `cty.Type` as gob: an opaque stream of `gobType { Version int, Impl interface }`, with version 0, which goes unsaid.
//!
//! | type | behind `Impl` | contents |
//! |---|---|---|
//! | string, bool, number | `…cty.primitiveType` | struct `{ Kind uint }`: the ASCII code of `S`, `B` or `N` |
//! | list, map | `…cty.typeList`, `…cty.typeMap` | struct `{ ElementTypeT Type }` |
//! | object | `…cty.typeObject` | struct `{ AttrTypes map[string]Type }` |
//!
//! The registered names start with `github.com/zclconf/go-cty/`, in every version of cty that knows gob. `Type` is again
//! an opaque stream.

use std::collections::BTreeMap;

use super::body::Body;
use super::stream::{Definition, Stream, TypeId};
use crate::plugin::{CtyType, CtyValue};

const GOB_TYPE: TypeId = TypeId::defined(0);
const IMPL: TypeId = TypeId::defined(1);
const TYPE: TypeId = TypeId::defined(2);
const ATTR_TYPES: TypeId = TypeId::defined(3);

/// Encodes a type.
pub(super) fn encode(ty: &CtyType) -> Vec<u8> {
    match ty {
        CtyType::String => primitive(b'S'),
        CtyType::Bool => primitive(b'B'),
        CtyType::Number => primitive(b'N'),
        CtyType::List(element) => collection("typeList", element),
        CtyType::Map(element) => collection("typeMap", element),
    }
}

/// Encodes the type of a value.
pub(super) fn encode_type_of(value: &CtyValue) -> Vec<u8> {
    match value {
        CtyValue::Null(ty) => encode(ty),
        CtyValue::String(_) => primitive(b'S'),
        CtyValue::Bool(_) => primitive(b'B'),
        CtyValue::Number(_) => primitive(b'N'),
        CtyValue::StringList(_) => collection("typeList", &CtyType::String),
        CtyValue::StringMap(_) => collection("typeMap", &CtyType::String),
        CtyValue::Object(attributes) => object(attributes),
    }
}

fn primitive(kind: u8) -> Vec<u8> {
    let mut body = Body::default();
    body.field(1).unsigned(kind.into()).end_of_struct();
    gob_type("primitiveType", &[("Kind", TypeId::UINT)], &body)
}

fn collection(name: &str, element: &CtyType) -> Vec<u8> {
    let mut body = Body::default();
    body.field(1).bytes(&encode(element)).end_of_struct();
    gob_type(name, &[("ElementTypeT", TYPE)], &body)
}

fn object(attributes: &BTreeMap<String, CtyValue>) -> Vec<u8> {
    let mut body = Body::default();
    body.field(1).count(attributes.len());
    for (name, value) in attributes {
        body.string(name).bytes(&encode_type_of(value));
    }
    body.end_of_struct();
    gob_type("typeObject", &[("AttrTypes", ATTR_TYPES)], &body)
}

fn gob_type(name: &str, fields: &'static [(&'static str, TypeId)], content: &Body) -> Vec<u8> {
    let mut stream = Stream::default();
    stream
        .define(
            GOB_TYPE,
            "gobType",
            &Definition::Struct { fields: &[("Version", TypeId::INT), ("Impl", TypeId::INTERFACE)] },
        )
        .define(IMPL, name, &Definition::Struct { fields })
        .define(TYPE, "Type", &Definition::GobEncoder)
        .define(ATTR_TYPES, "map[string]cty.Type", &Definition::Map { key: TypeId::STRING, element: TYPE });
    let mut body = Body::default();
    body.field(2).interface(&format!("github.com/zclconf/go-cty/cty.{name}"), IMPL, content).end_of_struct();
    stream.value(GOB_TYPE, body)
}

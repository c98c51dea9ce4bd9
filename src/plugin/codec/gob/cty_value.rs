//! A `cty.Value` as gob: an opaque stream of `gobValue { Version int, Ty Type, V interface }`, with version 0, which goes
//! unsaid.
//!
//! | value | behind `V` | contents |
//! |---|---|---|
//! | null | nil; as a field of `gobValue`, left out | |
//! | string, bool | `string`, `bool` | |
//! | number | `math/big.Float` | opaque: [`float`] |
//! | list | `[]interface {}` | elements as here |
//! | map, object | `map[string]interface {}` | elements as here |
//!
//! Go's decoder takes the text as it is, whereas its msgpack and JSON decoders bring it into Unicode's form NFC: text that
//! is not in that form may compare as unequal in a template in gob mode.

use std::collections::BTreeMap;

use super::body::Body;
use super::stream::{Definition, Stream, TypeId};
use super::{cty_type, float};
use crate::plugin::CtyValue;

/// Encodes a value, as Packer reads the result of a data source in gob mode.
pub(crate) fn encode(value: &CtyValue) -> Vec<u8> {
    const VALUE: TypeId = TypeId::defined(0);
    let mut stream = Stream::default();
    stream.define(VALUE, "Value", &Definition::GobEncoder);
    let mut body = Body::singleton();
    body.bytes(&gob_value(value));
    stream.value(VALUE, body)
}

const GOB_VALUE: TypeId = TypeId::defined(0);
const TYPE: TypeId = TypeId::defined(1);
const FLOAT: TypeId = TypeId::defined(2);
const LIST: TypeId = TypeId::defined(3);
const MAP: TypeId = TypeId::defined(4);

fn gob_value(value: &CtyValue) -> Vec<u8> {
    let mut stream = Stream::default();
    stream
        .define(
            GOB_VALUE,
            "gobValue",
            &Definition::Struct { fields: &[("Version", TypeId::INT), ("Ty", TYPE), ("V", TypeId::INTERFACE)] },
        )
        .define(TYPE, "Type", &Definition::GobEncoder)
        .define(FLOAT, "Float", &Definition::GobEncoder)
        .define(LIST, "[]interface {}", &Definition::Slice { element: TypeId::INTERFACE })
        .define(MAP, "map[string]interface {}", &Definition::Map { key: TypeId::STRING, element: TypeId::INTERFACE });
    let mut body = Body::default();
    body.field(2).bytes(&cty_type::encode_type_of(value));
    if !matches!(value, CtyValue::Null(_)) {
        interface(body.field(1), value);
    }
    body.end_of_struct();
    stream.value(GOB_VALUE, body)
}

fn interface(body: &mut Body, value: &CtyValue) {
    let mut content = Body::singleton();
    match value {
        CtyValue::Null(_) => body.nil_interface(),
        CtyValue::String(text) => string(body, text),
        CtyValue::Bool(truth) => {
            content.unsigned((*truth).into());
            body.interface("bool", TypeId::BOOL, &content)
        }
        CtyValue::Number(number) => {
            content.bytes(&float::encode(*number));
            body.interface("math/big.Float", FLOAT, &content)
        }
        CtyValue::StringList(items) => {
            content.count(items.len());
            for item in items {
                string(&mut content, item);
            }
            body.interface("[]interface {}", LIST, &content)
        }
        CtyValue::StringMap(map) => map_interface(body, map, |content, text| {
            string(content, text);
        }),
        CtyValue::Object(attributes) => map_interface(body, attributes, interface),
    };
}

fn string<'b>(body: &'b mut Body, text: &str) -> &'b mut Body {
    let mut content = Body::singleton();
    content.string(text);
    body.interface("string", TypeId::STRING, &content)
}

fn map_interface<'b, V>(
    body: &'b mut Body,
    map: &BTreeMap<String, V>,
    element: impl Fn(&mut Body, &V),
) -> &'b mut Body {
    let mut content = Body::singleton();
    content.count(map.len());
    for (key, value) in map {
        element(content.string(key), value);
    }
    body.interface("map[string]interface {}", MAP, &content)
}

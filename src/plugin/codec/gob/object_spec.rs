//! An `hcldec.ObjectSpec` as gob: a map from name to `hcldec.Spec`, an interface.
//!
//! ```text
//! ObjectSpec  map[string]interface, each element being a "*hcldec.AttrSpec"
//! AttrSpec    struct { Name string, Type Type, Required bool }
//! Type        opaque: cty_type
//! ```

use super::body::Body;
use super::cty_type;
use super::stream::{Definition, Stream, TypeId};
use crate::plugin::{Attribute, ObjectSpec};

const OBJECT_SPEC: TypeId = TypeId::defined(0);
const ATTR_SPEC: TypeId = TypeId::defined(1);
const TYPE: TypeId = TypeId::defined(2);

/// Encodes a specification, as Packer reads it in gob mode.
pub(crate) fn encode(spec: &ObjectSpec) -> Vec<u8> {
    let mut stream = Stream::default();
    stream
        .define(OBJECT_SPEC, "ObjectSpec", &Definition::Map { key: TypeId::STRING, element: TypeId::INTERFACE })
        .define(
            ATTR_SPEC,
            "AttrSpec",
            &Definition::Struct { fields: &[("Name", TypeId::STRING), ("Type", TYPE), ("Required", TypeId::BOOL)] },
        )
        .define(TYPE, "Type", &Definition::GobEncoder);
    let mut body = Body::singleton();
    body.count(spec.0.len());
    for attribute in &spec.0 {
        body.string(attribute.name).interface("*hcldec.AttrSpec", ATTR_SPEC, &attr_spec(attribute));
    }
    stream.value(OBJECT_SPEC, body)
}

fn attr_spec(Attribute { name, ty, required }: &Attribute) -> Body {
    let mut body = Body::default();
    body.field(1).string(name).field(1).bytes(&cty_type::encode(ty));
    if *required {
        body.field(1).unsigned(1);
    }
    body.end_of_struct();
    body
}

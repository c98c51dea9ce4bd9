//! Specifications as protobuf: what `ConfigSpec` and `OutputSpec` answer under `--protobuf`.
//!
//! # Where the bytes go
//!
//! | call | reply struct | field, msgpack `bin` |
//! |---|---|---|
//! | `PostProcessor.ConfigSpec`, `Datasource.ConfigSpec` | `ConfigSpecResponse` | `ConfigSpec` |
//! | `Datasource.OutputSpec` | `OutputSpecResponse` | `OutputSpec` |
//!
//! Both structs have that one field and no error; Packer panics when the call itself fails or the bytes do not decode.
//! Without `--protobuf` the same fields carry [`gob`](super::gob).
//!
//! # Layout
//!
//! The schema is `rpc/hcl_spec.proto` of packer-plugin-sdk 0.6.10 (proto3). The root is a `Spec`, not the schema's
//! `HCL2Spec`, which nothing uses, and Packer requires it to be an `Object`.
//!
//! | message | field | number | type | here |
//! |---|---|---|---|---|
//! | `Spec` | `object` | 1 | `Object`, one of | at the root |
//! | | `attr` | 2 | `Attr`, one of | in an object |
//! | | `block_value`, `block_list` | 3, 4 | | unused: our options are flat |
//! | `Object` | `attributes` | 1 | `map<string, Spec>` | in order of name |
//! | `Attr` | `name` | 1 | string | equals the map's key |
//! | | `type` | 2 | `CtyType` | |
//! | | `required` | 3 | bool | |
//! | `CtyType` | `primitive` | 1 | `CtyPrimitive`, one of | |
//! | | `list`, `map` | 2, 3 | `CtyList`, `CtyMap`, one of | |
//! | `CtyPrimitive` | `typeString` | 1 | string | `cty.String`, `cty.Bool`, `cty.Number` |
//! | `CtyList`, `CtyMap` | `elementType` | 1 | `CtyType` | |

use std::collections::BTreeMap;

use prost::Message as _;

use crate::plugin::{Attribute, CtyType, ObjectSpec};

/// Encodes a specification as the protobuf message that Packer decodes under `--protobuf`.
pub(crate) fn encode(spec: &ObjectSpec) -> Vec<u8> {
    let attributes =
        spec.0.iter().map(|attribute| (attribute.name.to_owned(), message::Spec::from(attribute))).collect();
    message::Spec { block: Some(message::Block::Object(message::Object { attributes })) }.encode_to_vec()
}

impl From<&Attribute> for message::Spec {
    fn from(Attribute { name, ty, required }: &Attribute) -> Self {
        let attr = message::Attr { name: (*name).to_owned(), r#type: Some(ty.into()), required: *required };
        Self { block: Some(message::Block::Attr(attr)) }
    }
}

impl From<&CtyType> for message::CtyType {
    fn from(ty: &CtyType) -> Self {
        let primitive =
            |name: &str| message::TypeDef::Primitive(message::CtyPrimitive { type_string: name.to_owned() });
        let collection =
            |element: &CtyType| Box::new(message::Collection { element_type: Some(Box::new(element.into())) });
        Self {
            type_def: Some(match ty {
                CtyType::String => primitive("cty.String"),
                CtyType::Bool => primitive("cty.Bool"),
                CtyType::Number => primitive("cty.Number"),
                CtyType::List(element) => message::TypeDef::List(collection(element)),
                CtyType::Map(element) => message::TypeDef::Map(collection(element)),
            }),
        }
    }
}

/// The messages of the table above.
mod message {
    use super::BTreeMap;

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Spec {
        #[prost(oneof = "Block", tags = "1, 2")]
        pub(super) block: Option<Block>,
    }

    #[derive(Clone, PartialEq, prost::Oneof)]
    pub(super) enum Block {
        #[prost(message, tag = "1")]
        Object(Object),
        #[prost(message, tag = "2")]
        Attr(Attr),
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Object {
        #[prost(btree_map = "string, message", tag = "1")]
        pub(super) attributes: BTreeMap<String, Spec>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Attr {
        #[prost(string, tag = "1")]
        pub(super) name: String,
        #[prost(message, optional, tag = "2")]
        pub(super) r#type: Option<CtyType>,
        #[prost(bool, tag = "3")]
        pub(super) required: bool,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct CtyType {
        #[prost(oneof = "TypeDef", tags = "1, 2, 3")]
        pub(super) type_def: Option<TypeDef>,
    }

    #[derive(Clone, PartialEq, prost::Oneof)]
    pub(super) enum TypeDef {
        #[prost(message, tag = "1")]
        Primitive(CtyPrimitive),
        #[prost(message, tag = "2")]
        List(Box<Collection>),
        #[prost(message, tag = "3")]
        Map(Box<Collection>),
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct CtyPrimitive {
        #[prost(string, tag = "1")]
        pub(super) type_string: String,
    }

    /// `CtyList` and `CtyMap`, which are the same on the wire.
    #[derive(Clone, PartialEq, prost::Message)]
    pub(super) struct Collection {
        #[prost(message, optional, boxed, tag = "1")]
        pub(super) element_type: Option<Box<CtyType>>,
    }
}

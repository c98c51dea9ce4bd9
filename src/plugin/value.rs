use std::collections::BTreeMap;

use super::CtyType;

/// A value that came from Packer: an option of a template, or an artifact's state.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Go's nil, or HCL's null.
    Nil,
    /// A bool.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text; bytes that are not UTF-8 are replaced.
    Text(String),
    /// Bytes that are not text, as msgpack marks them.
    Bytes(Vec<u8>),
    /// A list, set or tuple.
    List(Vec<Self>),
    /// A map or object; keys that are not text are given in their usual notation.
    Map(BTreeMap<String, Self>),
}

/// A typed value that goes to Packer: what a data source returns.
#[derive(Clone, Debug, PartialEq)]
pub enum CtyValue {
    /// A null of some type.
    Null(CtyType),
    /// A string.
    String(String),
    /// A bool.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A list of strings.
    StringList(Vec<String>),
    /// A map of strings.
    StringMap(BTreeMap<String, String>),
    /// An object; at the root of every data source's result.
    Object(BTreeMap<String, Self>),
}

//! The messages of a gob stream, and the definitions of types.
//!
//! ```text
//! message     length (unsigned), then either
//!             definition: minus the type's id (signed), a wireType
//!             value:      the type's id (signed), the value, with a 0 before it unless it is a struct
//!
//! wireType    struct in which one field is set; each is a struct whose field 0 is CommonType { Name string, Id signed }
//!               1  SliceT       Elem id
//!               2  StructT      Field slice of { Name string, Id id }
//!               3  MapT         Key id, Elem id
//!               4  GobEncoderT  -
//! ```
//!
//! Ids are the writer's choice from 64 on, and hold for one stream; the smaller ones are Go's own. The decoder matches
//! structs by the names of their fields, leaves fields alone that the writer did not define, and ignores type names.
//! Every type must be defined before the value that uses it, those behind interfaces too.

use super::body::Body;

/// The id of a type within one stream.
#[derive(Clone, Copy)]
pub(super) struct TypeId(pub(super) i64);

impl TypeId {
    pub(super) const BOOL: Self = Self(1);
    pub(super) const INT: Self = Self(2);
    pub(super) const UINT: Self = Self(3);
    pub(super) const STRING: Self = Self(6);
    pub(super) const INTERFACE: Self = Self(8);

    /// The `nth` type that a stream defines.
    pub(super) const fn defined(nth: u8) -> Self {
        Self(64 + nth as i64)
    }
}

/// What a type consists of.
pub(super) enum Definition {
    Slice {
        element: TypeId,
    },
    Struct {
        fields: &'static [(&'static str, TypeId)],
    },
    Map {
        key: TypeId,
        element: TypeId,
    },
    /// Bytes that mean something to the type alone.
    GobEncoder,
}

/// A stream that is being written.
#[derive(Default)]
pub(super) struct Stream(Vec<u8>);

impl Stream {
    /// Defines a type; Go shows the name in errors and uses it for nothing else.
    pub(super) fn define(&mut self, id: TypeId, name: &str, definition: &Definition) -> &mut Self {
        let mut wire = Body::default();
        wire.signed(-id.0);
        let number = match definition {
            Definition::Slice { .. } => 1,
            Definition::Struct { .. } => 2,
            Definition::Map { .. } => 3,
            Definition::GobEncoder => 4,
        };
        wire.field(number + 1);
        wire.field(1).field(1).string(name).field(1).signed(id.0).end_of_struct();
        match definition {
            Definition::Slice { element } => {
                wire.field(1).signed(element.0);
            }
            Definition::Struct { fields } => {
                wire.field(1).count(fields.len());
                for (name, ty) in *fields {
                    wire.field(1).string(name).field(1).signed(ty.0).end_of_struct();
                }
            }
            Definition::Map { key, element } => {
                wire.field(1).signed(key.0).field(1).signed(element.0);
            }
            Definition::GobEncoder => {}
        }
        wire.end_of_struct().end_of_struct();
        self.message(wire)
    }

    /// Ends the stream with its value.
    pub(super) fn value(mut self, id: TypeId, value: Body) -> Vec<u8> {
        let mut message = Body::default();
        message.signed(id.0).raw(value);
        self.message(message);
        self.0
    }

    fn message(&mut self, content: Body) -> &mut Self {
        let mut framed = Body::default();
        framed.bytes(&content.into_bytes());
        self.0.extend(framed.into_bytes());
        self
    }
}

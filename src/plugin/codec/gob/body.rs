//! The inside of a gob value.
//!
//! | Go | bytes |
//! |---|---|
//! | unsigned, length, count | below 128: one byte; else the number of bytes that follow, negated, then the value, big endian, without leading zeros |
//! | signed | unsigned: shifted left by one; if negative, all bits inverted first and the lowest bit set |
//! | bool | unsigned 0 or 1 |
//! | string, `[]byte`, what `GobEncode` returned | length, bytes |
//! | slice | count, elements |
//! | map | count, then key and element in turn |
//! | struct | for each field that is not zero: its distance from the last field written (the first field has number 0, and is at distance 1 from the start), its value; then 0 |
//! | nil interface | an empty string |
//! | other interface | string: the registered name; signed: the type's id; length; the value, with a 0 before it unless it is a struct |

use super::stream::TypeId;

/// A value that is being written.
#[derive(Default)]
pub(super) struct Body(Vec<u8>);

impl Body {
    /// A body that is one value other than a struct: on its own, or behind an interface, a 0 goes before it.
    pub(super) fn singleton() -> Self {
        Self(vec![0])
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn unsigned(&mut self, value: u64) -> &mut Self {
        let bytes = value.to_be_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(7);
        if value >= 128 {
            let following = [0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF];
            self.0.push(following[zeros]);
        }
        self.0.extend_from_slice(&bytes[zeros..]);
        self
    }

    pub(super) fn signed(&mut self, value: i64) -> &mut Self {
        let shifted = value.cast_unsigned() << 1;
        self.unsigned(if value < 0 { !shifted } else { shifted })
    }

    pub(super) fn count(&mut self, count: usize) -> &mut Self {
        self.unsigned(count as u64)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.count(bytes.len());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn string(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// Another value, as it is.
    pub(super) fn raw(&mut self, value: Self) -> &mut Self {
        self.0.extend(value.0);
        self
    }

    /// A value behind a Go interface, given as it would stand on its own.
    pub(super) fn interface(&mut self, registered_name: &str, ty: TypeId, value: &Self) -> &mut Self {
        self.string(registered_name).signed(ty.0).bytes(&value.0)
    }

    pub(super) fn nil_interface(&mut self) -> &mut Self {
        self.string("")
    }

    /// Announces the next field that is not zero, `distance` fields after the last one written in this struct.
    pub(super) fn field(&mut self, distance: u64) -> &mut Self {
        self.unsigned(distance)
    }

    pub(super) fn end_of_struct(&mut self) -> &mut Self {
        self.unsigned(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsigned_numbers_are_as_short_as_gob_wants_them() {
        for (value, bytes) in [
            (0, &[0x00][..]),
            (7, &[0x07]),
            (127, &[0x7F]),
            (128, &[0xFF, 0x80]),
            (256, &[0xFE, 0x01, 0x00]),
            (65_536, &[0xFD, 0x01, 0x00, 0x00]),
            (u64::MAX, &[0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        ] {
            assert_eq!(Body::default().unsigned(value).0, bytes, "{value}");
        }
    }

    #[test]
    fn signed_numbers_keep_their_sign_in_the_lowest_bit() {
        for (value, bytes) in [
            (0, &[0x00][..]),
            (1, &[0x02]),
            (-1, &[0x01]),
            (-64, &[0x7F]),
            (64, &[0xFF, 0x80]),
            (-65, &[0xFF, 0x81]),
            (i64::MIN, &[0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        ] {
            assert_eq!(Body::default().signed(value).0, bytes, "{value}");
        }
    }
}

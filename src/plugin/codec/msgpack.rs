//! MessagePack, as the Go package `ugorji/go/codec` speaks it with `WriteExt`.
//!
//! A value arrives in pieces of any size. [`Scanner`] finds where it ends, without reading a byte twice; only then is it
//! decoded, once. Texts arrive as `str`, or as `bin` where Go had bytes; map keys as either.
//!
//! | first byte | value | what follows |
//! |---|---|---|
//! | `00`–`7f`, `e0`–`ff` | small integer | – |
//! | `80`–`8f`, `de`, `df` | map | count: in the byte, u16, u32; then keys and values in turn |
//! | `90`–`9f`, `dc`, `dd` | array | count: in the byte, u16, u32; then the elements |
//! | `a0`–`bf`, `d9`, `da`, `db` | str | length: in the byte, u8, u16, u32; then the bytes |
//! | `c0`, `c2`, `c3` | nil, false, true | – |
//! | `c4`, `c5`, `c6` | bin | length: u8, u16, u32; then the bytes |
//! | `c7`, `c8`, `c9` | ext | length: u8, u16, u32; a type byte; then the bytes |
//! | `ca`, `cb` | float | 4 or 8 bytes |
//! | `cc`–`cf`, `d0`–`d3` | integer | 1, 2, 4 or 8 bytes |
//! | `d4`–`d8` | ext | a type byte; then 1, 2, 4, 8 or 16 bytes |
//! | `c1` | – | never used: refused |

use std::collections::BTreeMap;

use rmpv::ValueRef;

use crate::plugin::Value;

/// The longest value in bytes. The largest that Packer is known to send are artifact states of some megabytes.
pub(crate) const MAX_BYTES: usize = 128 << 20;
/// How deep arrays and maps may nest.
pub(crate) const MAX_DEPTH: usize = 64;
/// The most values within one value, keys and elements counted: what bounds the memory of a decoded value.
pub(crate) const MAX_VALUES: usize = 1 << 20;

/// Why bytes are not a value that is accepted here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MsgpackError {
    /// The value is longer than the limit.
    #[error("a MessagePack value is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// The value nests deeper than the limit.
    #[error("a MessagePack value nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// The value has more parts than the limit.
    #[error("a MessagePack value has more than {MAX_VALUES} parts")]
    TooMany,
    /// The bytes are not MessagePack.
    #[error("these bytes are not MessagePack: {0}")]
    Malformed(String),
}

/// Finds the end of one value in a buffer that grows.
#[derive(Debug)]
pub(crate) struct Scanner {
    /// How far the buffer has been scanned.
    position: usize,
    /// For each open array or map, how many values it still needs; the outermost entry stands for the value itself.
    open: Vec<usize>,
    values: usize,
}

impl Scanner {
    /// A scanner for the value that starts at the beginning of the buffer.
    pub(crate) fn new() -> Self {
        Self { position: 0, open: vec![1], values: 0 }
    }

    /// Goes on where it stopped; returns the length of the value once `buffer`, which has only grown, holds all of it.
    ///
    /// # Errors
    /// [`MsgpackError`] as soon as the value can be seen to break a limit or the encoding.
    pub(crate) fn end(&mut self, buffer: &[u8]) -> Result<Option<usize>, MsgpackError> {
        while let Some(remaining) = self.open.last_mut() {
            if *remaining == 0 {
                self.open.pop();
                continue;
            }
            let Some(head) = Head::read(&buffer[self.position.min(buffer.len())..])? else {
                return Ok(None);
            };
            let end = self.position.saturating_add(head.bytes);
            if end > MAX_BYTES {
                return Err(MsgpackError::TooLong);
            }
            if end > buffer.len() {
                return Ok(None);
            }
            *remaining -= 1;
            self.position = end;
            self.values += 1;
            if head.children > MAX_VALUES.saturating_sub(self.values) {
                return Err(MsgpackError::TooMany);
            }
            if head.children > 0 {
                if self.open.len() > MAX_DEPTH {
                    return Err(MsgpackError::TooDeep);
                }
                self.open.push(head.children);
            }
        }
        Ok(Some(self.position))
    }
}

/// The beginning of a value: how many bytes it has before its children, and how many children follow.
struct Head {
    bytes: usize,
    children: usize,
}

impl Head {
    fn read(buffer: &[u8]) -> Result<Option<Self>, MsgpackError> {
        let Some(&first) = buffer.first() else { return Ok(None) };
        let number = |bytes: usize| {
            let digits = buffer.get(1..=bytes)?;
            Some(digits.iter().fold(0_usize, |number, digit| (number << 8) | usize::from(*digit)))
        };
        let low = |mask: u8| usize::from(first & mask);
        let leaf = |bytes: usize| Some(Self { bytes, children: 0 });
        // `after` bytes stand between the length and the payload.
        let sized = |width: usize, after: usize| {
            number(width).map(|length| Self { bytes: (1 + width + after).saturating_add(length), children: 0 })
        };
        let parent = |width: usize, per_entry: usize| {
            number(width).map(|count| Self { bytes: 1 + width, children: count.saturating_mul(per_entry) })
        };
        Ok(match first {
            0x00..=0x7f | 0xe0..=0xff | 0xc0 | 0xc2 | 0xc3 => leaf(1),
            0x80..=0x8f => Some(Self { bytes: 1, children: low(0x0f) * 2 }),
            0x90..=0x9f => Some(Self { bytes: 1, children: low(0x0f) }),
            0xa0..=0xbf => leaf(1 + low(0x1f)),
            0xc1 => return Err(MsgpackError::Malformed("0xc1 is never used".to_owned())),
            0xc4 | 0xd9 => sized(1, 0),
            0xc5 | 0xda => sized(2, 0),
            0xc6 | 0xdb => sized(4, 0),
            0xc7 => sized(1, 1),
            0xc8 => sized(2, 1),
            0xc9 => sized(4, 1),
            0xcc | 0xd0 => leaf(2),
            0xcd | 0xd1 => leaf(3),
            0xca | 0xce | 0xd2 => leaf(5),
            0xcb | 0xcf | 0xd3 => leaf(9),
            0xd4 => leaf(3),
            0xd5 => leaf(4),
            0xd6 => leaf(6),
            0xd7 => leaf(10),
            0xd8 => leaf(18),
            0xdc => parent(2, 1),
            0xdd => parent(4, 1),
            0xde => parent(2, 2),
            0xdf => parent(4, 2),
        })
    }
}

/// Decodes the one value that `bytes` are.
///
/// # Errors
/// [`MsgpackError`] when they are not exactly one value within the limits.
pub(crate) fn decode(bytes: &[u8]) -> Result<Value, MsgpackError> {
    match Scanner::new().end(bytes)? {
        Some(end) if end == bytes.len() => {}
        Some(_) => return Err(MsgpackError::Malformed("bytes follow the value".to_owned())),
        None => return Err(MsgpackError::Malformed("the value ends early".to_owned())),
    }
    let mut rest = bytes;
    rmpv::decode::read_value_ref(&mut rest).map(to_value).map_err(|error| MsgpackError::Malformed(error.to_string()))
}

fn to_value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Nil => Value::Nil,
        ValueRef::Boolean(truth) => Value::Bool(truth),
        ValueRef::Integer(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        ValueRef::F32(number) => Value::Float(f64::from(number)),
        ValueRef::F64(number) => Value::Float(number),
        ValueRef::String(text) => Value::Text(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        ValueRef::Binary(bytes) | ValueRef::Ext(_, bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Array(items) => Value::List(items.into_iter().map(to_value).collect()),
        ValueRef::Map(entries) => Value::Map(
            entries.into_iter().map(|(key, value)| (to_key(key), to_value(value))).collect::<BTreeMap<_, _>>(),
        ),
    }
}

fn to_key(key: ValueRef<'_>) -> String {
    match key {
        ValueRef::String(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
        ValueRef::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => other.to_string(),
    }
}

/// Encodes `value` as Go's side writes it: texts as `str`, bytes as `bin`.
pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A Vec takes every byte: writing to it cannot fail.
    let _ = rmpv::encode::write_value(&mut bytes, &to_rmpv(value));
    bytes
}

fn to_rmpv(value: &Value) -> rmpv::Value {
    match value {
        Value::Nil => rmpv::Value::Nil,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Bytes(bytes) => rmpv::Value::Binary(bytes.clone()),
        Value::List(items) => rmpv::Value::Array(items.iter().map(to_rmpv).collect()),
        Value::Map(map) => {
            rmpv::Value::Map(map.iter().map(|(key, value)| (key.as_str().into(), to_rmpv(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Nil),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (-1e9..1e9_f64).prop_map(Value::Float),
            ".{0,40}".prop_map(Value::Text),
            proptest::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        ];
        leaf.prop_recursive(4, 64, 20, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..20).prop_map(Value::List),
                proptest::collection::btree_map(".{0,8}", inner, 0..20).prop_map(Value::Map),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_value_survives_its_encoding(value in values()) {
            prop_assert_eq!(decode(&encode(&value)).unwrap(), value);
        }

        #[test]
        fn the_end_is_found_however_the_bytes_are_cut(value in values(), cut in any::<prop::sample::Index>()) {
            let bytes = encode(&value);
            let cut = cut.index(bytes.len());
            let mut scanner = Scanner::new();
            prop_assert_eq!(scanner.end(&bytes[..cut]).unwrap(), None);
            let mut more = bytes.clone();
            more.extend([0xc1, 0xff]);
            prop_assert_eq!(scanner.end(&more).unwrap(), Some(bytes.len()));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn mutated_values_do_not_make_it_panic(value in values(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
            let mut bytes = encode(&value);
            let at = at.index(bytes.len());
            bytes[at] = to;
            let _ = decode(&bytes);
        }
    }

    #[test]
    fn lengths_beyond_the_limits_are_refused_before_their_bytes_arrive() {
        let end = |bytes: &[u8]| Scanner::new().end(bytes);
        assert_eq!(end(&[0xdb, 0xff, 0xff, 0xff, 0xff]), Err(MsgpackError::TooLong));
        assert_eq!(end(&[0xdd, 0xff, 0xff, 0xff, 0xff]), Err(MsgpackError::TooMany));
        assert_eq!(end(&[0x91; MAX_DEPTH + 2]), Err(MsgpackError::TooDeep));
        assert!(matches!(end(&[0xc1]), Err(MsgpackError::Malformed(_))));
    }

    #[test]
    fn keys_may_be_bytes() {
        assert_eq!(decode(&[0x81, 0xc4, 1, b'a', 1]), Ok(Value::Map([("a".to_owned(), Value::Int(1))].into())));
    }
}

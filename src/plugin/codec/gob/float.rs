//! A whole number as `big.Float` encodes itself.
//!
//! ```text
//!  0       version: 1
//!  1       rounding mode << 5 (0: to nearest, ties to even) | (accuracy + 1) << 3 (accuracy 0: exact)
//!          | form << 1 (0: zero, 1: finite) | sign (1: negative)
//!  2..6    precision in bits, big endian: 64, as Go takes for an integer
//!          and unless zero:
//!  6..10   exponent, big endian, so that the value is mantissa * 2^exponent with 0.5 <= mantissa < 1
//! 10..18   mantissa, big endian, its highest bit set
//! ```

const VERSION: u8 = 1;
const EXACT: u8 = 1 << 3;
const FINITE: u8 = 1 << 1;
const NEGATIVE: u8 = 1;
const PRECISION: u32 = u64::BITS;

/// Encodes a whole number.
pub(super) fn encode(number: i64) -> Vec<u8> {
    let magnitude = number.unsigned_abs();
    let flags = if magnitude == 0 { EXACT } else { EXACT | FINITE };
    let sign = if number < 0 { NEGATIVE } else { 0 };
    let mut bytes = vec![VERSION, flags | sign];
    bytes.extend(PRECISION.to_be_bytes());
    if magnitude != 0 {
        let unused = magnitude.leading_zeros();
        bytes.extend((u64::BITS - unused).to_be_bytes());
        bytes.extend((magnitude << unused).to_be_bytes());
    }
    bytes
}

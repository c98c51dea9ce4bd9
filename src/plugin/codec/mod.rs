//! The encodings of what calls carry, one file each.

pub(crate) mod cty_json;
pub(crate) mod cty_msgpack;
pub(crate) mod gob;
pub(crate) mod hcl_spec;
pub(crate) mod msgpack;

#[cfg(test)]
mod golden;

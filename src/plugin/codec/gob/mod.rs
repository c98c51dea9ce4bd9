//! What Packer reads as Go gob when it does not say `--protobuf`; written here, never read.
//!
//! Packer asks for gob with `PACKER_FORCE_GOB=1`, when any one installed plugin lacks protobuf, and always before 1.12.
//!
//! # Where the bytes go
//!
//! | call | reply struct | field, msgpack `bin` | written by |
//! |---|---|---|---|
//! | `PostProcessor.ConfigSpec`, `Datasource.ConfigSpec` | `ConfigSpecResponse` | `ConfigSpec` | [`encode_object_spec`] |
//! | `Datasource.OutputSpec` | `OutputSpecResponse` | `OutputSpec` | [`encode_object_spec`] |
//! | `Datasource.Execute` | `ExecuteResponse` | `Value`, beside `Error` | [`encode_cty_value`] |
//!
//! `Execute` differs from the protobuf mode in the encoding of `Value` alone: what
//! [`cty_msgpack`](super::cty_msgpack) says of `Error` holds here too. Configurations arrive as JSON in both modes.
//!
//! # Layout
//!
//! A stream is a row of messages: any number of type definitions, then one value of one of these types. [`stream`]
//! draws the messages, [`body`] what is inside a value. What is particular to cty:
//!
//! - A `cty.Type` and a `cty.Value` encode themselves (`GobEncode`): to the stream around them they are opaque bytes,
//!   and these bytes are a complete gob stream of their own ([`cty_type`], [`cty_value`]). A type within a type is
//!   again such bytes.
//! - A value behind a Go interface travels with the name under which its Go type was registered.

mod body;
mod cty_type;
mod cty_value;
mod float;
mod object_spec;
mod stream;

pub(crate) use cty_value::encode as encode_cty_value;
pub(crate) use object_spec::encode as encode_object_spec;

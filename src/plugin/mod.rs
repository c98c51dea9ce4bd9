//! Packer's plugin protocol, and only that: nothing here knows of images or registries.
//!
//! From the socket inwards: [`serve`] answers Packer's command line and opens the socket; `mux` carries many
//! streams over it; `rpc` frames calls on a stream; `codec` holds the encodings of what calls carry; `endpoint`
//! has one file per object that Packer or we offer. [`PostProcessor`] and [`Datasource`] are what a plugin implements.

pub mod codec;

mod spec;
mod value;

pub use spec::{Attribute, CtyType, ObjectSpec};
pub use value::{CtyValue, Value};

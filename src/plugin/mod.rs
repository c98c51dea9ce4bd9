//! Packer's plugin protocol, and only that: nothing here knows of images or registries.
//!
//! A plugin implements [`PostProcessor`] and [`Datasource`] and offers them by a [`Plugin`]. From the socket inwards:
//! `serve` tells Packer where to connect; `mux` carries many streams over the connection; `rpc` frames calls on a
//! stream; `codec` holds the encodings of what calls carry; `endpoint` has one file per object that Packer or we offer;
//! `session` puts them together.
//!
//! The connection has the main thread to itself and never blocks it: Packer pings every 30 s and gives up after 10.
//! Components run on threads of their own.

pub mod codec;

mod component;
mod endpoint;
mod mux;
mod offer;
mod rpc;
mod serve;
mod session;
mod spec;
mod value;

#[cfg(test)]
mod fake_packer;
#[cfg(test)]
mod keepalive;
#[cfg(test)]
mod transcripts;

pub use component::{Cancel, Config, Datasource, PostProcessCall, PostProcessor};
pub use endpoint::{RemoteArtifact, Ui};
pub use offer::{DEFAULT_NAME, Invocation, Plugin};
pub use rpc::RpcError;
pub use serve::{Handshake, ServeError, Transport};
pub use session::SessionError;
pub use spec::{Attribute, CtyType, ObjectSpec};
pub use value::{CtyValue, Value};

//! The registry as it is served: wire types in, one call of the service, wire types out. Rules and SQL are elsewhere.
//!
//! - [`grpc`]: our own API.

pub mod grpc;
mod request_id;

pub use request_id::{RequestId, with_request_id};

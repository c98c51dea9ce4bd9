//! The registry as it is served: wire types in, one call of the service, wire types out. Rules and SQL are elsewhere.
//!
//! - [`identity`]: tokens for those who prove who they are;
//! - [`grpc`]: our own API.

mod authenticator;
pub mod grpc;
pub mod identity;
mod request_id;

pub use authenticator::{AuthenticationError, Authenticator, Credentials};
pub use request_id::{RequestId, with_request_id};

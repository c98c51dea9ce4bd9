//! The registry as it is served: wire types in, one call of the service, wire types out. Rules and SQL are elsewhere.
//!
//! - [`identity`]: tokens for those who prove who they are;
//! - [`grpc`]: our own API;
//! - [`v2023_01_01`], [`v2021_04_30`]: HCP Packer's APIs of these days;
//! - [`platform`]: what clients of HCP need beside it;
//! - [`links`]: downloads without a token;
//! - [`description`]: what the APIs of HCP are like.
//!
//! They do not know of each other. What the APIs of HCP share is in [`rest`].

mod authenticator;
pub mod description;
mod failure;
pub mod grpc;
pub mod identity;
pub mod links;
pub mod platform;
mod request_id;
pub mod rest;
pub mod v2021_04_30;
pub mod v2023_01_01;

pub use authenticator::{AuthenticationError, Authenticator, Credentials};
pub use request_id::{RequestId, with_request_id};

//! The gRPC API, asked in process: client and server as they are, without a socket between them.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod authentication;
mod errors;
mod pages;
mod records;
mod server;
mod watching;

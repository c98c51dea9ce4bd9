//! A registry behind an address: our server, by gRPC.
//!
//! One call of [`Backend`](super::Backend) or [`Accounts`](super::Accounts) is one [`call`]: attempts with a deadline each, within a budget, until there
//! is an answer or no sense in going on. An attempt has a [`connection`], for which a [`token`] may have to be asked
//! first. Nothing of all that is made, read or connected to before the first call.

mod accounts;
mod address;
mod backend;
mod call;
mod connect;
mod connect_error;
mod connection;
mod failure;
mod http;
mod identity;
mod patience;
mod project;
mod retry;
mod tls;
mod token;

pub use backend::GrpcBackend;
pub use patience::Patience;

//! A registry behind an address: our server, by gRPC.
//!
//! One call of [`Backend`](super::Backend), [`Governance`](super::Governance) or [`Accounts`](super::Accounts) is one
//! [`call`]: attempts with a deadline each, within a budget, until there is an answer or no sense in going on. An attempt has a [`connection`], for which a [`token`] may have to be asked
//! first. Nothing of all that is made, read or connected to before the first call.

mod accounts;
pub(super) mod address;
mod backend;
pub(super) mod blocking;
mod call;
pub(super) mod connect;
pub(super) mod connect_error;
mod connection;
pub(super) mod failure;
mod governance;
pub(super) mod http;
mod identity;
mod patience;
mod project;
pub(super) mod retry;
pub(super) mod tls;
pub(super) mod token;

pub use backend::GrpcBackend;
pub use patience::Patience;

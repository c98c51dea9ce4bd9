//! The rules of buckets, iterations, builds and channels, and their store.
//!
//! [`Service`] is the only door. Each of its calls is one operation, which is one transaction with its rules inside:
//! see [`store`]. One file per operation; the files named `*_row` hold the statements that operations share.
//!
//! What holds at every moment: the version numbers of a bucket are dense, unique and set once; a complete iteration
//! does not change, except that builds are marked destroyed and the iteration revoked or deleted; a channel points at complete
//! iterations only; its history is only appended to, and ends with what it points at; `latest` points at the complete
//! iteration with the newest record that is not revoked; the same record again changes nothing.

pub mod account;
mod await_completion;
mod bucket_row;
mod build_content;
mod build_row;
mod channel;
mod channel_row;
mod complete_done;
mod complete_partial;
mod completion;
mod confirm;
mod create_bucket;
mod create_build;
mod create_channel;
mod create_iteration;
pub mod database;
mod delete_bucket;
mod delete_build;
mod delete_channel;
mod delete_iteration;
mod destroy;
mod enforced;
mod error;
mod expected;
mod governance;
mod ingest;
mod iteration_row;
mod json;
pub mod limits;
mod lineage;
mod parent_row;
mod read;
mod restore;
mod revocation_row;
mod revoke;
mod sbom;
mod scope;
mod selection;
mod service;
mod settings;
pub mod store;
mod supersede;
mod update_bucket;
mod update_build;
mod update_channel;

pub use complete_partial::MAX_REASON;
pub use error::RegistryError;
pub use read::{MAX_FOUND, MAX_MOVES, Place};
pub use service::Service;

//! The messages of our own gRPC API, and their conversions from and to the model, for server and client alike.
//!
//! The messages are described in `proto/registry/v1`. What comes in is judged by `TryFrom`: [`Malformed`] names the field
//! at fault. Counts and lengths are bounded by [`MAX_MESSAGE`] here; the registry has the limits of a record.

mod account;
mod ancestry;
mod artifact;
mod bucket;
mod channel;
mod details;
mod governance;
#[cfg(test)]
mod governance_tests;
mod iteration;
mod malformed;
mod metadata;
mod methods;
mod moment;
mod page;
mod receipt;
mod record;
mod sbom;
mod selector;
mod settings;
#[cfg(test)]
mod tests;

pub use account::role;
pub use artifact::resolved;
pub use details::{Details, MAX_DETAILS, RetryInfo, details_of, encode_details};
pub use malformed::{Malformed, required};
pub use metadata::{PROJECT_ID, REQUEST_ID, is_request_id};
pub use methods::method_paths;
pub use moment::{received_optional, sent};
pub use page::{DEFAULT_PAGE, InvalidPageToken, MAX_PAGE, PAGE_BYTES, PageToken, page_size};
pub use settings::tier;

/// Bytes of a message that either side takes: what fits into the file of a record fits into a message.
pub const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// The descriptors of the API, for reflection: an encoded `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/registry_v1_descriptor.bin"));

/// The messages, the client and the server's frame, as generated from `proto/registry/v1`.
#[allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::doc_markdown,
    clippy::use_self,
    reason = "generated; the documentation is in the proto files"
)]
pub mod v1 {
    tonic::include_proto!("registry.v1");
}

//! What is written down, and may be read by another version of this program.

pub mod grpc;
pub mod record_file;

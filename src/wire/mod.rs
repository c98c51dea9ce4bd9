//! What is written down, and may be read by another version of this program.

pub mod grpc;
pub mod hcp;
pub mod hcp_2021;
pub mod hcp_2023;
pub mod hcp_platform;
pub mod record_file;
pub mod sbom;

//! HCP Packer's API of 2023-01-01, as its clients see it over the network.

mod ancestry;
mod buckets;
mod builds;
mod channels;
mod deletion;
mod description;
mod enforced_blocks;
mod errors;
mod labels;
mod links;
mod models;
mod pages;
mod permissions;
pub(crate) mod project;
mod registry;
mod revocation;
pub(crate) mod sboms;
mod schemathesis;
mod versions;

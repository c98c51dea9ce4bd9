//! HCP Packer's API of 2021-04-30, as its clients see it over the network.

mod ancestry;
mod buckets;
mod builds;
mod channels;
mod errors;
mod image;
mod iterations;
mod registry;
mod two_versions;

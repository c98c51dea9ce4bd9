//! HCP Packer's API of 2021-04-30, as JSON: images, iterations, builds, channels, the registry.
//!
//! A bucket is an image here, and its name a slug; an artifact of a build is an image as well. Requests read themselves into
//! nouns of the model; what they leave out, or say with `null`, zero or an empty text, they do not ask for.

mod ancestry;
mod bucket;
mod build;
mod channel;
mod iteration;
mod registry;
mod revoked;
mod selector;

pub use ancestry::{AncestryResponse, BucketAncestry, read_ancestry_type};
pub use bucket::{Bucket, BucketResponse, BucketsResponse, CreateBucketRequest, UpdateBucketRequest};
pub use build::{Build, BuildResponse, BuildsResponse, CreateBuildRequest, UpdateBuildRequest};
pub use channel::{
    Channel, ChannelAssignment, ChannelHistoryResponse, ChannelResponse, ChannelsResponse, CreateChannelRequest,
    UpdateChannelRequest,
};
pub use iteration::{
    CreateIterationRequest, Iteration, IterationResponse, IterationSummary, IterationsResponse, UpdateIterationRequest,
    UpdateIterationResponse,
};
pub use registry::UpdateRegistryRequest;
pub use selector::{read_number, selector};

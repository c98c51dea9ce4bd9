//! HCP Packer's API of 2023-01-01, as JSON: buckets, versions, builds, channels, the registry.
//!
//! An iteration is called a version here. Requests read themselves into nouns of the model; what they leave out, or say
//! with `null` or an empty text, they do not ask for. Answers are made from nouns of the model.

mod ancestry;
mod bucket;
mod build;
mod channel;
mod enforced_block;
mod metadata;
mod package;
pub mod received;
mod registry;
mod revoked;
mod run_task;
mod sbom;
mod search;
pub mod sent;
mod version;

pub use ancestry::{AncestryResponse, BucketAncestry, ancestry_type, read_ancestry_type};
pub use bucket::{Bucket, BucketResponse, BucketsResponse, CreateBucketRequest, UpdateBucketRequest};
pub use build::{Build, BuildResponse, BuildsResponse, CreateBuildRequest, UpdateBuildRequest};
pub use channel::{
    AssignChannelVersionRequest, AssignChannelVersionResponse, Channel, ChannelAssignment, ChannelHistoryResponse,
    ChannelResponse, ChannelsResponse, CreateChannelRequest, UpdateChannelRequest,
};
pub use enforced_block::{
    CreateEnforcedBlockRequest, CreateEnforcedBlockVersionRequest, EnforcedBlock, EnforcedBlockBucket,
    EnforcedBlockDetail, EnforcedBlockDetailsResponse, EnforcedBlockLinkedBucket, EnforcedBlockResponse,
    EnforcedBlockVersion, EnforcedBlockVersionResponse, EnforcedBlocksResponse, LinkedBucketsResponse,
    ManageLinkedBucketsRequest, ManageLinkedBucketsResponse, UpdateEnforcedBlockRequest,
    UpdateEnforcedBlockVersionRequest,
};
pub use package::{Package, PackagesResponse};
pub use registry::UpdateRegistryRequest;
pub use run_task::RunTaskConfig;
pub use sbom::{Sbom, SbomLinkResponse, SbomResponse, SbomsResponse, UploadSbomRequest};
pub use search::{
    ExternalArtifact, SearchByLabelsRequest, SearchByLabelsResponse, SearchExternalArtifactRequest,
    SearchExternalArtifactResponse,
};
pub use version::{
    CreateVersionRequest, UpdateVersionRequest, UpdateVersionResponse, Version, VersionResponse, VersionsResponse,
};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Bucket;
use crate::model::{
    self, BucketName, EnforcedBlockName, EnforcedBlockUpdate, EnforcedLink, EnforcedVersion, EnforcedVersionName,
    Labels, NewEnforcedVersion,
};
use crate::wire::hcp::{Invalid, Location, UpdateMask, read_template_type, said, template_type};

/// A request to create an enforced block with its first version.
#[derive(Debug, Deserialize)]
pub struct CreateEnforcedBlockRequest {
    name: Option<String>,
    labels: Option<Labels>,
    #[serde(flatten)]
    version: CreateEnforcedBlockVersionRequest,
}

/// A request to add a version to an enforced block.
#[derive(Debug, Deserialize)]
pub struct CreateEnforcedBlockVersionRequest {
    version: Option<String>,
    block_content: Option<String>,
    template_type: Option<String>,
    additional_description: Option<String>,
}

/// A request to change an enforced block: what the mask names, or without one, what is there.
#[derive(Debug, Deserialize)]
pub struct UpdateEnforcedBlockRequest {
    name: Option<String>,
    labels: Option<Labels>,
    update_mask: Option<String>,
}

/// A request to describe a version of an enforced block otherwise.
#[derive(Debug, Deserialize)]
pub struct UpdateEnforcedBlockVersionRequest {
    additional_description: Option<String>,
    update_mask: Option<String>,
}

/// A request to link a version of an enforced block to these buckets and to no others.
#[derive(Debug, Deserialize)]
pub struct ManageLinkedBucketsRequest {
    bucket_names: Option<Vec<String>>,
}

/// An enforced block.
#[derive(Debug, Serialize)]
pub struct EnforcedBlock {
    id: String,
    name: String,
    labels: Labels,
    location: Location,
    resource_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_version: Option<EnforcedBlockVersion>,
    created_at: String,
    updated_at: String,
}

/// A version of an enforced block.
#[derive(Debug, Serialize)]
pub struct EnforcedBlockVersion {
    id: String,
    enforced_block_id: String,
    version: String,
    block_content: String,
    template_type: &'static str,
    additional_description: String,
    created_at: String,
    updated_at: String,
}

/// A version of an enforced block together with the block.
#[derive(Debug, Serialize)]
pub struct EnforcedBlockDetail {
    id: String,
    name: String,
    version: EnforcedBlockVersion,
}

/// That a bucket has a version of an enforced block.
#[derive(Debug, Serialize)]
pub struct EnforcedBlockBucket {
    id: String,
    bucket_id: String,
    enforced_block_id: String,
    enforced_block_version_id: String,
    created_at: String,
}

/// The same with the bucket.
#[derive(Debug, Serialize)]
pub struct EnforcedBlockLinkedBucket {
    id: String,
    bucket: Bucket,
    enforced_block_id: String,
    enforced_block_version_id: String,
    created_at: String,
}

/// One enforced block.
#[derive(Debug, Serialize)]
pub struct EnforcedBlockResponse {
    enforced_block: EnforcedBlock,
}

/// Enforced blocks; there is no way to read on in this list, and no need for one.
#[derive(Debug, Serialize)]
pub struct EnforcedBlocksResponse {
    enforced_blocks: Vec<EnforcedBlock>,
}

/// One version.
#[derive(Debug, Serialize)]
pub struct EnforcedBlockVersionResponse {
    enforced_block_version: EnforcedBlockVersion,
}

/// The versions of a block, or what builds of a bucket have to run.
#[derive(Debug, Serialize)]
pub struct EnforcedBlockDetailsResponse {
    enforced_block_detail: Vec<EnforcedBlockDetail>,
}

/// What a version is linked to now.
#[derive(Debug, Serialize)]
pub struct ManageLinkedBucketsResponse {
    enforced_block_buckets: Vec<EnforcedBlockBucket>,
}

/// What a version is linked to, with the buckets.
#[derive(Debug, Serialize)]
pub struct LinkedBucketsResponse {
    linked_buckets: Vec<EnforcedBlockLinkedBucket>,
}

impl CreateEnforcedBlockRequest {
    /// The name, the labels and the first version.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<(EnforcedBlockName, Labels, NewEnforcedVersion), Invalid> {
        let Self { name, labels, version } = self;
        let name = EnforcedBlockName::parse(name.unwrap_or_default()).map_err(Invalid::of("name"))?;
        Ok((name, labels.unwrap_or_default(), version.read()?))
    }
}

impl CreateEnforcedBlockVersionRequest {
    /// The version.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<NewEnforcedVersion, Invalid> {
        let Self { version, block_content, template_type, additional_description } = self;
        let content = said(block_content);
        let content = content.ok_or_else(|| Invalid::new("block_content", "it is missing; send provisioners"))?;
        Ok(NewEnforcedVersion {
            name: EnforcedVersionName::parse(version.unwrap_or_default()).map_err(Invalid::of("version"))?,
            content,
            template_type: read_template_type(template_type)?,
            description: additional_description.unwrap_or_default(),
        })
    }
}

impl UpdateEnforcedBlockRequest {
    /// What shall change.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<EnforcedBlockUpdate, Invalid> {
        let Self { name, labels, update_mask } = self;
        let mask = UpdateMask::read("update_mask", &update_mask.unwrap_or_default(), &["name", "labels"])?;
        let (name, labels) = match &mask {
            Some(mask) => (
                mask.has("name").then(|| name.unwrap_or_default()),
                mask.has("labels").then(|| labels.unwrap_or_default()),
            ),
            None => (said(name), labels),
        };
        let name = name.map(EnforcedBlockName::parse).transpose().map_err(Invalid::of("name"))?;
        Ok(EnforcedBlockUpdate { name, labels })
    }
}

impl UpdateEnforcedBlockVersionRequest {
    /// The description, if it shall change.
    ///
    /// # Errors
    /// [`Invalid`], also for what a version says: that stays.
    pub fn read(self) -> Result<Option<String>, Invalid> {
        let Self { additional_description, update_mask } = self;
        let fields = ["additional_description"];
        Ok(match UpdateMask::read("update_mask", &update_mask.unwrap_or_default(), &fields)? {
            Some(_) => Some(additional_description.unwrap_or_default()),
            None => said(additional_description),
        })
    }
}

impl ManageLinkedBucketsRequest {
    /// All buckets that shall be linked; `None` is no change, as everywhere.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<Option<BTreeSet<BucketName>>, Invalid> {
        let names = self.bucket_names.map(|names| names.into_iter().map(BucketName::parse).collect());
        names.transpose().map_err(Invalid::of("bucket_names"))
    }
}

impl EnforcedBlock {
    /// A block of the place `location`.
    pub fn new(block: &model::EnforcedBlock, latest: Option<&EnforcedVersion>, location: Location) -> Self {
        let model::EnforcedBlock { id, name, labels, created_at, updated_at } = block;
        Self {
            id: id.clone(),
            name: name.to_string(),
            labels: labels.clone(),
            resource_name: format!("packer/project/{}/enforced_block/{id}", location.project_id),
            location,
            latest_version: latest.map(Into::into),
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

impl From<&EnforcedVersion> for EnforcedBlockVersion {
    fn from(version: &EnforcedVersion) -> Self {
        let EnforcedVersion {
            id,
            block_id,
            name,
            content,
            template_type: notation,
            description,
            created_at,
            updated_at,
        } = version;
        Self {
            id: id.clone(),
            enforced_block_id: block_id.clone(),
            version: name.to_string(),
            block_content: content.clone(),
            template_type: template_type(*notation),
            additional_description: description.clone(),
            created_at: created_at.to_rfc3339(),
            updated_at: updated_at.to_rfc3339(),
        }
    }
}

impl EnforcedBlockDetail {
    /// A version of the block with this name.
    pub fn new(name: &EnforcedBlockName, version: &EnforcedVersion) -> Self {
        Self { id: version.block_id.clone(), name: name.to_string(), version: version.into() }
    }
}

impl From<&EnforcedLink> for EnforcedBlockBucket {
    fn from(link: &EnforcedLink) -> Self {
        let EnforcedLink { id, block_id, version_id, bucket_id, bucket: _, created_at } = link;
        Self {
            id: id.clone(),
            bucket_id: bucket_id.clone(),
            enforced_block_id: block_id.clone(),
            enforced_block_version_id: version_id.clone(),
            created_at: created_at.to_rfc3339(),
        }
    }
}

impl EnforcedBlockLinkedBucket {
    /// That `bucket` has what `link` says.
    pub fn new(link: &EnforcedLink, bucket: Bucket) -> Self {
        let EnforcedBlockBucket { id, bucket_id: _, enforced_block_id, enforced_block_version_id, created_at } =
            link.into();
        Self { id, bucket, enforced_block_id, enforced_block_version_id, created_at }
    }
}

impl From<EnforcedBlock> for EnforcedBlockResponse {
    fn from(enforced_block: EnforcedBlock) -> Self {
        Self { enforced_block }
    }
}

impl From<Vec<EnforcedBlock>> for EnforcedBlocksResponse {
    fn from(enforced_blocks: Vec<EnforcedBlock>) -> Self {
        Self { enforced_blocks }
    }
}

impl From<&EnforcedVersion> for EnforcedBlockVersionResponse {
    fn from(version: &EnforcedVersion) -> Self {
        Self { enforced_block_version: version.into() }
    }
}

impl From<Vec<EnforcedBlockDetail>> for EnforcedBlockDetailsResponse {
    fn from(enforced_block_detail: Vec<EnforcedBlockDetail>) -> Self {
        Self { enforced_block_detail }
    }
}

impl From<&[EnforcedLink]> for ManageLinkedBucketsResponse {
    fn from(links: &[EnforcedLink]) -> Self {
        Self { enforced_block_buckets: links.iter().map(Into::into).collect() }
    }
}

impl From<Vec<EnforcedBlockLinkedBucket>> for LinkedBucketsResponse {
    fn from(linked_buckets: Vec<EnforcedBlockLinkedBucket>) -> Self {
        Self { linked_buckets }
    }
}

use super::{BucketName, EnforcedBlockName, EnforcedVersionName, Labels, TemplateType, Timestamp};

/// Provisioners that builds of some buckets have to run, beside those of their templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnforcedBlock {
    /// ULID.
    pub id: String,
    /// Unique in the project.
    pub name: EnforcedBlockName,
    /// Free text under free keys.
    pub labels: Labels,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it, or one of its versions, last changed.
    pub updated_at: Timestamp,
}

/// What an enforced block says, once and for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnforcedVersion {
    /// ULID.
    pub id: String,
    /// The block that it is a version of.
    pub block_id: String,
    /// Unique in the block.
    pub name: EnforcedVersionName,
    /// The provisioners, as Packer reads them.
    pub content: String,
    /// The notation that they are in, if it was said.
    pub template_type: Option<TemplateType>,
    /// What is new; may be empty.
    pub description: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last described otherwise.
    pub updated_at: Timestamp,
}

/// A version of an enforced block that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEnforcedVersion {
    /// Unique in the block.
    pub name: EnforcedVersionName,
    /// The provisioners, as Packer reads them.
    pub content: String,
    /// The notation that they are in, if it is said.
    pub template_type: Option<TemplateType>,
    /// What is new; may be empty.
    pub description: String,
}

/// What is to change of an enforced block; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnforcedBlockUpdate {
    /// Its name.
    pub name: Option<EnforcedBlockName>,
    /// Labels in the place of those that it has.
    pub labels: Option<Labels>,
}

/// That builds of a bucket have to run a version of an enforced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnforcedLink {
    /// ULID.
    pub id: String,
    /// The block.
    pub block_id: String,
    /// Its version.
    pub version_id: String,
    /// The id of the bucket.
    pub bucket_id: String,
    /// The bucket.
    pub bucket: BucketName,
    /// Since when.
    pub created_at: Timestamp,
}

use std::collections::BTreeSet;

use super::create::{CreateEnforcedBlock, CreateEnforcedVersion};
use super::delete::{DeleteEnforcedBlock, DeleteEnforcedVersion};
use super::link::{LinkBuckets, LinkedBuckets};
use super::read::{EnforcedBlocks, EnforcedOnBucket, OneEnforcedBlock};
use super::update::{DescribeEnforcedVersion, UpdateEnforcedBlock};
use crate::access::Caller;
use crate::model::{
    BucketName, EnforcedBlock, EnforcedBlockName, EnforcedBlockUpdate, EnforcedLink, EnforcedVersion, Labels,
    NewEnforcedVersion,
};
use crate::registry::store::Store;
use crate::registry::{RegistryError, Service};

/// Provisioners that builds of some buckets have to run.
impl<S: Store> Service<S> {
    /// Creates an enforced block with its first version, which is linked to no bucket yet.
    ///
    /// # Errors
    /// [`RegistryError::Exists`]; [`RegistryError::Refused`] beyond the [`limits`](crate::registry::limits).
    pub async fn create_enforced_block(
        &self,
        caller: &Caller,
        name: &EnforcedBlockName,
        labels: &Labels,
        version: NewEnforcedVersion,
    ) -> Result<(EnforcedBlock, EnforcedVersion), RegistryError> {
        let (name, labels) = (name.clone(), labels.clone());
        self.store.execute(CreateEnforcedBlock { scope: self.scope(caller)?, name, labels, version }).await
    }

    /// The enforced blocks of the project by name.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn enforced_blocks(&self, caller: &Caller) -> Result<Vec<EnforcedBlock>, RegistryError> {
        self.store.execute(EnforcedBlocks { scope: self.scope(caller)? }).await
    }

    /// An enforced block with its versions, newest first.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn enforced_block(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<(EnforcedBlock, Vec<EnforcedVersion>), RegistryError> {
        self.store.execute(OneEnforcedBlock { scope: self.scope(caller)?, block_id: id.to_owned() }).await
    }

    /// What builds of a bucket have to run, by the names of the blocks.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn enforced_on(
        &self,
        caller: &Caller,
        bucket: &BucketName,
    ) -> Result<Vec<(EnforcedBlockName, EnforcedVersion)>, RegistryError> {
        self.store.execute(EnforcedOnBucket { scope: self.scope(caller)?, bucket: bucket.clone() }).await
    }

    /// Gives an enforced block another name, or other labels.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Exists`] for a name that is taken.
    pub async fn update_enforced_block(
        &self,
        caller: &Caller,
        id: &str,
        update: EnforcedBlockUpdate,
    ) -> Result<EnforcedBlock, RegistryError> {
        self.store.execute(UpdateEnforcedBlock { scope: self.scope(caller)?, block_id: id.to_owned(), update }).await
    }

    /// Deletes an enforced block with its versions.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] while one of them is linked to a bucket.
    pub async fn delete_enforced_block(&self, caller: &Caller, id: &str) -> Result<(), RegistryError> {
        self.store.execute(DeleteEnforcedBlock { scope: self.scope(caller)?, block_id: id.to_owned() }).await
    }

    /// Adds a version to an enforced block. Buckets stay linked to the one that they have.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Exists`] for a name that is taken; [`RegistryError::Refused`] beyond
    /// the [`limits`](crate::registry::limits).
    pub async fn create_enforced_version(
        &self,
        caller: &Caller,
        block_id: &str,
        version: NewEnforcedVersion,
    ) -> Result<EnforcedVersion, RegistryError> {
        let block_id = block_id.to_owned();
        self.store.execute(CreateEnforcedVersion { scope: self.scope(caller)?, block_id, version }).await
    }

    /// Describes a version of an enforced block otherwise; what it says stays. `None` changes nothing.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn describe_enforced_version(
        &self,
        caller: &Caller,
        block_id: &str,
        version_id: &str,
        description: Option<String>,
    ) -> Result<EnforcedVersion, RegistryError> {
        let (block_id, version_id) = (block_id.to_owned(), version_id.to_owned());
        let op = DescribeEnforcedVersion { scope: self.scope(caller)?, block_id, version_id, description };
        self.store.execute(op).await
    }

    /// Deletes a version of an enforced block.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] while it is linked to a bucket.
    pub async fn delete_enforced_version(
        &self,
        caller: &Caller,
        block_id: &str,
        version_id: &str,
    ) -> Result<(), RegistryError> {
        let (block_id, version_id) = (block_id.to_owned(), version_id.to_owned());
        self.store.execute(DeleteEnforcedVersion { scope: self.scope(caller)?, block_id, version_id }).await
    }

    /// Links a version of an enforced block to these buckets and to no others; one that had another version of it has
    /// this one now. `None` changes nothing.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], also for a bucket: then nothing changes.
    pub async fn link_enforced_version(
        &self,
        caller: &Caller,
        block_id: &str,
        version_id: &str,
        buckets: Option<BTreeSet<BucketName>>,
    ) -> Result<Vec<EnforcedLink>, RegistryError> {
        let (block_id, version_id) = (block_id.to_owned(), version_id.to_owned());
        self.store.execute(LinkBuckets { scope: self.scope(caller)?, block_id, version_id, buckets }).await
    }

    /// The buckets that a version of an enforced block is linked to, by name.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn linked_buckets(
        &self,
        caller: &Caller,
        block_id: &str,
        version_id: &str,
    ) -> Result<Vec<EnforcedLink>, RegistryError> {
        let (block_id, version_id) = (block_id.to_owned(), version_id.to_owned());
        self.store.execute(LinkedBuckets { scope: self.scope(caller)?, block_id, version_id }).await
    }
}

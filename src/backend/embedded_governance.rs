use futures::executor::block_on;

use super::embedded::Open;
use super::governance::document;
use super::{BackendError, EmbeddedBackend, Governance};
use crate::model::{
    AncestryQuery, BucketName, BuildSbom, Channel, ChannelName, ChannelUpdate, Iteration, IterationSelector,
    RegistrySettings, RegistryUpdate, Relation, Relative, RevocationOrder, Tier,
};

impl Governance for EmbeddedBackend {
    fn revoke_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        order: &RevocationOrder,
    ) -> Result<Iteration, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.revoke_iteration(&caller, bucket, selector, order.clone())))
    }

    fn restore_iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.restore_iteration(&caller, bucket, selector)))
    }

    fn cancel_revocation(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.cancel_revocation(&caller, bucket, selector)))
    }

    fn delete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        rolls_back: bool,
    ) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.delete_iteration(&caller, bucket, selector, rolls_back)))
    }

    fn delete_bucket(&self, bucket: &BucketName) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.delete_bucket(&caller, bucket)))
    }

    fn create_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        restricted: bool,
        selector: Option<&IterationSelector>,
    ) -> Result<Channel, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.create_channel(&caller, bucket, channel, restricted, selector.cloned())))
    }

    fn update_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        update: &ChannelUpdate,
    ) -> Result<Channel, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.update_channel(&caller, bucket, channel, update.clone())))
    }

    fn delete_channel(&self, bucket: &BucketName, channel: &ChannelName) -> Result<(), BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.delete_channel(&caller, bucket, channel)))
    }

    fn assign_when_complete(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Iteration, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.assign_when_complete(&caller, bucket, channel, selector)))
    }

    fn ancestry(&self, bucket: &BucketName, query: &AncestryQuery) -> Result<Vec<Relation>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.ancestry(&caller, bucket, query)))
    }

    fn descendants(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Vec<Relative>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.descendants(&caller, bucket, selector)))
    }

    fn search(
        &self,
        external_identifier: &str,
        (platform, region): (&str, &str),
    ) -> Result<Vec<Iteration>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.search(&caller, external_identifier, (platform, region))))
    }

    fn sboms(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Vec<BuildSbom>, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.iteration_sboms(&caller, bucket, selector)))
    }

    fn sbom_document(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        BuildSbom { build_id, sbom, .. }: &BuildSbom,
    ) -> Result<Vec<u8>, BackendError> {
        let Open { service, caller } = self.existing()?;
        let kept = self.answer(block_on(service.sbom(&caller, bucket, selector, build_id, &sbom.name)))?;
        document(&sbom.name, &kept.compressed)
    }

    fn registry(&self) -> Result<RegistrySettings, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.registry(&caller)))
    }

    fn create_registry(&self, tier: Tier) -> Result<RegistrySettings, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.create_registry(&caller, tier)))
    }

    fn update_registry(&self, update: &RegistryUpdate) -> Result<RegistrySettings, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.update_registry(&caller, update.clone())))
    }

    fn delete_registry(&self) -> Result<RegistrySettings, BackendError> {
        let Open { service, caller } = self.existing()?;
        self.answer(block_on(service.delete_registry(&caller)))
    }
}

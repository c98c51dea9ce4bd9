use super::backend::GrpcBackend;
use crate::backend::governance::document;
use crate::backend::{BackendError, Governance};
use crate::model::{
    AncestryQuery, BucketName, BuildSbom, Channel, ChannelName, ChannelUpdate, Iteration, IterationSelector,
    RegistrySettings, RegistryUpdate, Relation, Relative, RevocationOrder, Tier,
};
use crate::wire::grpc::v1;

impl Governance for GrpcBackend {
    fn revoke_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        order: &RevocationOrder,
    ) -> Result<Iteration, BackendError> {
        let message = v1::RevokeIterationRequest {
            bucket: bucket.to_string(),
            selector: Some(selector.clone().into()),
            ..order.clone().into()
        };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.revoke_iteration(headers.beside(message.clone())).await
        })?;
        self.read("iteration", answer.iteration)
    }

    fn restore_iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        let message =
            v1::RestoreIterationRequest { bucket: bucket.to_string(), selector: Some(selector.clone().into()) };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.restore_iteration(headers.beside(message.clone())).await
        })?;
        self.read("iteration", answer.iteration)
    }

    fn cancel_revocation(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        let message =
            v1::CancelRevocationRequest { bucket: bucket.to_string(), selector: Some(selector.clone().into()) };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.cancel_revocation(headers.beside(message.clone())).await
        })?;
        self.read("iteration", answer.iteration)
    }

    fn delete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        rolls_back: bool,
    ) -> Result<(), BackendError> {
        let message = v1::DeleteIterationRequest {
            bucket: bucket.to_string(),
            selector: Some(selector.clone().into()),
            rollback_channels: rolls_back,
        };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.delete_iteration(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }

    fn delete_bucket(&self, bucket: &BucketName) -> Result<(), BackendError> {
        let message = v1::DeleteBucketRequest { bucket: bucket.to_string() };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.delete_bucket(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }

    fn create_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        restricted: bool,
        selector: Option<&IterationSelector>,
    ) -> Result<Channel, BackendError> {
        let message = v1::CreateChannelRequest {
            bucket: bucket.to_string(),
            channel: channel.to_string(),
            restricted,
            selector: selector.cloned().map(Into::into),
        };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.create_channel(headers.beside(message.clone())).await
        })?;
        self.read("channel", answer.channel)
    }

    fn update_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        update: &ChannelUpdate,
    ) -> Result<Channel, BackendError> {
        let message = v1::UpdateChannelRequest {
            bucket: bucket.to_string(),
            channel: channel.to_string(),
            ..update.clone().into()
        };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.update_channel(headers.beside(message.clone())).await
        })?;
        self.read("channel", answer.channel)
    }

    fn delete_channel(&self, bucket: &BucketName, channel: &ChannelName) -> Result<(), BackendError> {
        let message = v1::DeleteChannelRequest { bucket: bucket.to_string(), channel: channel.to_string() };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.delete_channel(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }

    fn assign_when_complete(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Iteration, BackendError> {
        let message = v1::AssignWhenCompleteRequest {
            bucket: bucket.to_string(),
            channel: channel.to_string(),
            selector: Some(selector.clone().into()),
        };
        let answer = self.calls.call_governance(self.question(), async |mut stub, headers| {
            stub.assign_when_complete(headers.beside(message.clone())).await
        })?;
        self.read("iteration", answer.iteration)
    }

    fn ancestry(&self, bucket: &BucketName, query: &AncestryQuery) -> Result<Vec<Relation>, BackendError> {
        let message = v1::ListRelationsRequest { bucket: bucket.to_string(), ..query.clone().into() };
        let answer = self.calls.call_governance(self.question(), async |mut stub, headers| {
            stub.list_relations(headers.beside(message.clone())).await
        })?;
        self.read_all(answer.relations)
    }

    fn descendants(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Vec<Relative>, BackendError> {
        let message =
            v1::ListDescendantsRequest { bucket: bucket.to_string(), selector: Some(selector.clone().into()) };
        let answer = self.calls.call_governance(self.question(), async |mut stub, headers| {
            stub.list_descendants(headers.beside(message.clone())).await
        })?;
        self.read_all(answer.descendants)
    }

    fn search(
        &self,
        external_identifier: &str,
        (platform, region): (&str, &str),
    ) -> Result<Vec<Iteration>, BackendError> {
        let message = v1::SearchArtifactsRequest {
            external_identifier: external_identifier.to_owned(),
            platform: platform.to_owned(),
            region: region.to_owned(),
        };
        let answer = self.calls.call_governance(self.question(), async |mut stub, headers| {
            stub.search_artifacts(headers.beside(message.clone())).await
        })?;
        self.read_all(answer.iterations)
    }

    fn sboms(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Vec<BuildSbom>, BackendError> {
        let message = v1::ListSbomsRequest { bucket: bucket.to_string(), selector: Some(selector.clone().into()) };
        let answer = self.calls.call_governance(self.question(), async |mut stub, headers| {
            stub.list_sboms(headers.beside(message.clone())).await
        })?;
        self.read_all(answer.sboms)
    }

    fn sbom_document(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        BuildSbom { build_id, sbom, .. }: &BuildSbom,
    ) -> Result<Vec<u8>, BackendError> {
        let message = v1::GetSbomRequest {
            bucket: bucket.to_string(),
            selector: Some(selector.clone().into()),
            build_id: build_id.clone(),
            name: sbom.name.clone(),
        };
        let answer = self.calls.call_governance(self.question(), async |mut stub, headers| {
            stub.get_sbom(headers.beside(message.clone())).await
        })?;
        document(&sbom.name, &answer.compressed)
    }

    fn registry(&self) -> Result<RegistrySettings, BackendError> {
        let message = v1::GetRegistryRequest {};
        let answer = self.calls.call_governance(self.question(), async |mut stub, headers| {
            stub.get_registry(headers.beside(message)).await
        })?;
        self.read("registry", answer.registry)
    }

    fn create_registry(&self, tier: Tier) -> Result<RegistrySettings, BackendError> {
        let message = v1::CreateRegistryRequest { tier: v1::Tier::from(tier).into() };
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.create_registry(headers.beside(message)).await
        })?;
        self.read("registry", answer.registry)
    }

    fn update_registry(&self, update: &RegistryUpdate) -> Result<RegistrySettings, BackendError> {
        let message = v1::UpdateRegistryRequest::from(update.clone());
        let answer = self.calls.call_governance(self.question(), async |mut stub, headers| {
            stub.update_registry(headers.beside(message)).await
        })?;
        self.read("registry", answer.registry)
    }

    fn delete_registry(&self) -> Result<RegistrySettings, BackendError> {
        let message = v1::DeleteRegistryRequest {};
        let answer = self.calls.call_governance(self.change(), async |mut stub, headers| {
            stub.delete_registry(headers.beside(message)).await
        })?;
        self.read("registry", answer.registry)
    }
}

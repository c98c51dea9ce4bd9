use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::call::Call;
use super::fields::{bucket, channel, selector};
use super::status::malformed;
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::grpc::v1::governance_service_server::GovernanceService;
use crate::wire::grpc::{tier, v1};

/// The methods of governance: each takes its request apart, asks the service once, and sends what it answers.
pub(super) struct GovernanceApi<S> {
    pub(super) service: Arc<Service<S>>,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl<S: Store + 'static> GovernanceService for GovernanceApi<S> {
    async fn revoke_iteration(
        &self,
        request: Request<v1::RevokeIterationRequest>,
    ) -> Answer<v1::RevokeIterationResponse> {
        let mut call = Call::of(request)?;
        let (bucket, selector) = (bucket(&call.message.bucket)?, selector(call.message.selector.take())?);
        let order = std::mem::take(&mut call.message).try_into().map_err(malformed)?;
        let done = self
            .service
            .revoke_iteration(&call.caller, &bucket, &selector, order)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::RevokeIterationResponse { iteration: Some(done.into()) }))
    }

    async fn restore_iteration(
        &self,
        request: Request<v1::RestoreIterationRequest>,
    ) -> Answer<v1::RestoreIterationResponse> {
        let mut call = Call::of(request)?;
        let (bucket, selector) = (bucket(&call.message.bucket)?, selector(call.message.selector.take())?);
        let done = self
            .service
            .restore_iteration(&call.caller, &bucket, &selector)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::RestoreIterationResponse { iteration: Some(done.into()) }))
    }

    async fn cancel_revocation(
        &self,
        request: Request<v1::CancelRevocationRequest>,
    ) -> Answer<v1::CancelRevocationResponse> {
        let mut call = Call::of(request)?;
        let (bucket, selector) = (bucket(&call.message.bucket)?, selector(call.message.selector.take())?);
        let done = self
            .service
            .cancel_revocation(&call.caller, &bucket, &selector)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::CancelRevocationResponse { iteration: Some(done.into()) }))
    }

    async fn delete_iteration(
        &self,
        request: Request<v1::DeleteIterationRequest>,
    ) -> Answer<v1::DeleteIterationResponse> {
        let mut call = Call::of(request)?;
        let (bucket, selector) = (bucket(&call.message.bucket)?, selector(call.message.selector.take())?);
        let rolls_back = call.message.rollback_channels;
        self.service
            .delete_iteration(&call.caller, &bucket, &selector, rolls_back)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeleteIterationResponse {}))
    }

    async fn delete_build(&self, request: Request<v1::DeleteBuildRequest>) -> Answer<v1::DeleteBuildResponse> {
        let mut call = Call::of(request)?;
        let (bucket, selector) = (bucket(&call.message.bucket)?, selector(call.message.selector.take())?);
        self.service
            .delete_build(&call.caller, &bucket, &selector, &call.message.build_id)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeleteBuildResponse {}))
    }

    async fn delete_bucket(&self, request: Request<v1::DeleteBucketRequest>) -> Answer<v1::DeleteBucketResponse> {
        let call = Call::of(request)?;
        let bucket = bucket(&call.message.bucket)?;
        self.service.delete_bucket(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeleteBucketResponse {}))
    }

    async fn create_channel(&self, request: Request<v1::CreateChannelRequest>) -> Answer<v1::CreateChannelResponse> {
        let mut call = Call::of(request)?;
        let (bucket, channel) = (bucket(&call.message.bucket)?, channel(&call.message.channel)?);
        let target = call.message.selector.take().map(TryInto::try_into).transpose().map_err(malformed)?;
        let restricted = call.message.restricted;
        let done = self
            .service
            .create_channel(&call.caller, &bucket, &channel, restricted, target)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::CreateChannelResponse { channel: Some(done.into()) }))
    }

    async fn update_channel(&self, request: Request<v1::UpdateChannelRequest>) -> Answer<v1::UpdateChannelResponse> {
        let mut call = Call::of(request)?;
        let (bucket, channel) = (bucket(&call.message.bucket)?, channel(&call.message.channel)?);
        let update = std::mem::take(&mut call.message).try_into().map_err(malformed)?;
        let done = self
            .service
            .update_channel(&call.caller, &bucket, &channel, update)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::UpdateChannelResponse { channel: Some(done.into()) }))
    }

    async fn delete_channel(&self, request: Request<v1::DeleteChannelRequest>) -> Answer<v1::DeleteChannelResponse> {
        let call = Call::of(request)?;
        let (bucket, channel) = (bucket(&call.message.bucket)?, channel(&call.message.channel)?);
        self.service.delete_channel(&call.caller, &bucket, &channel).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeleteChannelResponse {}))
    }

    async fn assign_when_complete(
        &self,
        request: Request<v1::AssignWhenCompleteRequest>,
    ) -> Answer<v1::AssignWhenCompleteResponse> {
        let mut call = Call::of(request)?;
        let (bucket, channel) = (bucket(&call.message.bucket)?, channel(&call.message.channel)?);
        let selector = selector(call.message.selector.take())?;
        let done = self
            .service
            .assign_when_complete(&call.caller, &bucket, &channel, &selector)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::AssignWhenCompleteResponse { iteration: Some(done.into()) }))
    }

    async fn list_relations(&self, request: Request<v1::ListRelationsRequest>) -> Answer<v1::ListRelationsResponse> {
        let mut call = Call::of(request)?;
        let bucket = bucket(&call.message.bucket)?;
        let query = std::mem::take(&mut call.message).try_into().map_err(malformed)?;
        let done = self.service.ancestry(&call.caller, &bucket, &query).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::ListRelationsResponse { relations: done.into_iter().map(Into::into).collect() }))
    }

    async fn list_descendants(
        &self,
        request: Request<v1::ListDescendantsRequest>,
    ) -> Answer<v1::ListDescendantsResponse> {
        let mut call = Call::of(request)?;
        let (bucket, selector) = (bucket(&call.message.bucket)?, selector(call.message.selector.take())?);
        let done =
            self.service.descendants(&call.caller, &bucket, &selector).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::ListDescendantsResponse { descendants: done.into_iter().map(Into::into).collect() }))
    }

    async fn search_artifacts(
        &self,
        request: Request<v1::SearchArtifactsRequest>,
    ) -> Answer<v1::SearchArtifactsResponse> {
        let call = Call::of(request)?;
        let v1::SearchArtifactsRequest { external_identifier, platform, region } = &call.message;
        let done = self
            .service
            .search(&call.caller, external_identifier, (platform, region))
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::SearchArtifactsResponse { iterations: done.into_iter().map(Into::into).collect() }))
    }

    async fn list_sboms(&self, request: Request<v1::ListSbomsRequest>) -> Answer<v1::ListSbomsResponse> {
        let mut call = Call::of(request)?;
        let (bucket, selector) = (bucket(&call.message.bucket)?, selector(call.message.selector.take())?);
        let done =
            self.service.iteration_sboms(&call.caller, &bucket, &selector).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::ListSbomsResponse { sboms: done.into_iter().map(Into::into).collect() }))
    }

    async fn get_sbom(&self, request: Request<v1::GetSbomRequest>) -> Answer<v1::GetSbomResponse> {
        let mut call = Call::of(request)?;
        let (bucket, selector) = (bucket(&call.message.bucket)?, selector(call.message.selector.take())?);
        let v1::GetSbomRequest { build_id, name, .. } = &call.message;
        let done = self
            .service
            .sbom(&call.caller, &bucket, &selector, build_id, name)
            .await
            .map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::GetSbomResponse { compressed: done.compressed }))
    }

    async fn get_registry(&self, request: Request<v1::GetRegistryRequest>) -> Answer<v1::GetRegistryResponse> {
        let call = Call::of(request)?;
        let done = self.service.registry(&call.caller).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::GetRegistryResponse { registry: Some(done.into()) }))
    }

    async fn create_registry(&self, request: Request<v1::CreateRegistryRequest>) -> Answer<v1::CreateRegistryResponse> {
        let call = Call::of(request)?;
        let tier = tier(call.message.tier).map_err(malformed)?.unwrap_or_default();
        let done = self.service.create_registry(&call.caller, tier).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::CreateRegistryResponse { registry: Some(done.into()) }))
    }

    async fn update_registry(&self, request: Request<v1::UpdateRegistryRequest>) -> Answer<v1::UpdateRegistryResponse> {
        let mut call = Call::of(request)?;
        let update = std::mem::take(&mut call.message).try_into().map_err(malformed)?;
        let done = self.service.update_registry(&call.caller, update).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::UpdateRegistryResponse { registry: Some(done.into()) }))
    }

    async fn delete_registry(&self, request: Request<v1::DeleteRegistryRequest>) -> Answer<v1::DeleteRegistryResponse> {
        let call = Call::of(request)?;
        let done = self.service.delete_registry(&call.caller).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::DeleteRegistryResponse { registry: Some(done.into()) }))
    }
}

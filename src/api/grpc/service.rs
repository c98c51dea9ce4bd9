use std::pin::Pin;
use std::sync::Arc;

use futures::Stream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::call::Call;
use super::fields::{bucket, channel, selector};
use super::page::{Wanted, foreign};
use super::status::{malformed, no_single_artifact};
use super::watch::{self, Watches};
use crate::model::IterationStatus;
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::grpc::v1::registry_service_server::RegistryService;
use crate::wire::grpc::{PageToken, required, resolved, v1};

/// The registry's own methods: each takes its request apart, asks the service once, and sends what it answers.
pub(super) struct RegistryApi<S> {
    pub(super) service: Arc<Service<S>>,
    pub(super) watches: Arc<Watches<S>>,
    pub(super) shutdown: CancellationToken,
}

/// Iterations that are read at once for a page: it may be full after a few, as each may have many images.
const READ_AT_ONCE: u32 = 50;

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl<S: Store + 'static> RegistryService for RegistryApi<S> {
    type WatchChannelStream = Pin<Box<dyn Stream<Item = Result<v1::WatchChannelResponse, Status>> + Send>>;

    async fn push_record(&self, request: Request<v1::PushRecordRequest>) -> Answer<v1::PushRecordResponse> {
        let mut call = Call::of(request)?;
        let record = required("record", call.message.record.take()).and_then(TryInto::try_into).map_err(malformed)?;
        let receipt = self.service.ingest(&call.caller, &record).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::PushRecordResponse { receipt: Some(receipt.into()) }))
    }

    async fn confirm_build(&self, request: Request<v1::ConfirmBuildRequest>) -> Answer<v1::ConfirmBuildResponse> {
        let mut call = Call::of(request)?;
        let key = required("key", call.message.key.take()).and_then(TryInto::try_into).map_err(malformed)?;
        let receipt = self.service.confirm(&call.caller, &key).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::ConfirmBuildResponse { receipt: Some(receipt.into()) }))
    }

    async fn mark_destroyed(&self, request: Request<v1::MarkDestroyedRequest>) -> Answer<v1::MarkDestroyedResponse> {
        let mut call = Call::of(request)?;
        let key = required("key", call.message.key.take()).and_then(TryInto::try_into).map_err(malformed)?;
        self.service.mark_destroyed(&call.caller, &key).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::MarkDestroyedResponse {}))
    }

    async fn list_buckets(&self, request: Request<v1::ListBucketsRequest>) -> Answer<v1::ListBucketsResponse> {
        let call = Call::of(request)?;
        let wanted = Wanted::read(call.message.page_size, &call.message.page_token)?;
        let all = self.service.buckets(&call.caller).await.map_err(|error| call.failed(error))?;
        let (buckets, next_page_token) = wanted.of(
            all,
            |summary, place| match place {
                PageToken::Name(name) => Some(summary.bucket.name.as_str() > name.as_str()),
                _ => None,
            },
            |summary| PageToken::Name(summary.bucket.name.to_string()),
        )?;
        Ok(Response::new(v1::ListBucketsResponse { buckets, next_page_token }))
    }

    async fn get_bucket(&self, request: Request<v1::GetBucketRequest>) -> Answer<v1::GetBucketResponse> {
        let call = Call::of(request)?;
        let bucket = bucket(&call.message.bucket)?;
        let summary = self.service.bucket(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::GetBucketResponse { bucket: Some(summary.into()) }))
    }

    async fn list_iterations(&self, request: Request<v1::ListIterationsRequest>) -> Answer<v1::ListIterationsResponse> {
        let call = Call::of(request)?;
        let bucket = bucket(&call.message.bucket)?;
        let wanted = Wanted::read(call.message.page_size, &call.message.page_token)?;
        let mut place = match wanted.after() {
            None => None,
            Some(PageToken::Iteration(at, version, id)) => Some((*at, *version, id.clone())),
            Some(_) => return Err(foreign()),
        };
        let mut page = wanted.page();
        let (iterations, next_page_token) = 'filling: loop {
            let behind = place.as_ref().map(|(at, version, id)| (*at, *version, id));
            let found = self.service.iterations_behind(&call.caller, &bucket, behind, READ_AT_ONCE).await;
            let found = found.map_err(|error| call.failed(error))?;
            let is_last = found.len() < READ_AT_ONCE as usize;
            for iteration in found {
                let here = (iteration.recorded_at, iteration.version.unwrap_or(0), iteration.id.clone());
                let token = PageToken::Iteration(here.0, here.1, here.2.clone());
                if !page.push(iteration, token) {
                    break 'filling page.into_continued();
                }
                place = Some(here);
            }
            if is_last {
                break page.end();
            }
        };
        Ok(Response::new(v1::ListIterationsResponse { iterations, next_page_token }))
    }

    async fn get_iteration(&self, request: Request<v1::GetIterationRequest>) -> Answer<v1::GetIterationResponse> {
        let mut call = Call::of(request)?;
        let bucket = bucket(&call.message.bucket)?;
        let selector = selector(call.message.selector.take())?;
        let found = self.service.iteration(&call.caller, &bucket, &selector).await;
        let iteration = found.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::GetIterationResponse { iteration: Some(iteration.into()) }))
    }

    async fn complete_iteration(
        &self,
        request: Request<v1::CompleteIterationRequest>,
    ) -> Answer<v1::CompleteIterationResponse> {
        let mut call = Call::of(request)?;
        let bucket = bucket(&call.message.bucket)?;
        let selector = selector(call.message.selector.take())?;
        let completed = self.service.complete_iteration(&call.caller, &bucket, &selector, &call.message.reason).await;
        let receipt = completed.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::CompleteIterationResponse { receipt: Some(receipt.into()) }))
    }

    async fn list_channels(&self, request: Request<v1::ListChannelsRequest>) -> Answer<v1::ListChannelsResponse> {
        let call = Call::of(request)?;
        let bucket = bucket(&call.message.bucket)?;
        let wanted = Wanted::read(call.message.page_size, &call.message.page_token)?;
        let all = self.service.channels(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
        let (channels, next_page_token) = wanted.of(
            all,
            |channel, place| match place {
                PageToken::Name(name) => Some(channel.name.as_str() > name.as_str()),
                _ => None,
            },
            |channel| PageToken::Name(channel.name.to_string()),
        )?;
        Ok(Response::new(v1::ListChannelsResponse { channels, next_page_token }))
    }

    async fn assign_channel(&self, request: Request<v1::AssignChannelRequest>) -> Answer<v1::AssignChannelResponse> {
        let mut call = Call::of(request)?;
        let (bucket, channel) = (bucket(&call.message.bucket)?, channel(&call.message.channel)?);
        let selector = selector(call.message.selector.take())?;
        let assigned = self.service.assign_channel(&call.caller, &bucket, &channel, &selector).await;
        let channel = assigned.map_err(|error| call.failed(error))?;
        Ok(Response::new(v1::AssignChannelResponse { channel: Some(channel.into()) }))
    }

    async fn list_channel_history(
        &self,
        request: Request<v1::ListChannelHistoryRequest>,
    ) -> Answer<v1::ListChannelHistoryResponse> {
        let call = Call::of(request)?;
        let (bucket, channel) = (bucket(&call.message.bucket)?, channel(&call.message.channel)?);
        let wanted = Wanted::read(call.message.page_size, &call.message.page_token)?;
        let all = self.service.channel_history(&call.caller, &bucket, &channel).await;
        let (assignments, next_page_token) = wanted.of(
            all.map_err(|error| call.failed(error))?,
            |assignment, place| match place {
                PageToken::Position(position) => Some(assignment.position < *position),
                _ => None,
            },
            |assignment| PageToken::Position(assignment.position),
        )?;
        Ok(Response::new(v1::ListChannelHistoryResponse { assignments, next_page_token }))
    }

    async fn resolve_artifact(
        &self,
        request: Request<v1::ResolveArtifactRequest>,
    ) -> Answer<v1::ResolveArtifactResponse> {
        let mut call = Call::of(request)?;
        let bucket = bucket(&call.message.bucket)?;
        let selector = selector(call.message.selector.take())?;
        let allows_revoked = call.message.allows_revoked().map_err(malformed)?;
        let query = call.message.take_query().map_err(malformed)?;
        let found = self.service.iteration_with(&call.caller, &bucket, &selector, &query).await;
        let iteration = found.map_err(|error| call.failed(error))?;
        if iteration.status == IterationStatus::Revoked && !allows_revoked {
            let because = iteration.revocation.map(|revocation| revocation.message).filter(|text| !text.is_empty());
            return Err(Status::failed_precondition(format!(
                "{selector} of bucket {bucket} is revoked: {}; ask for another iteration, or set on_revoked to \
                 ON_REVOKED_ALLOW",
                because.as_deref().unwrap_or("no reason was given")
            )));
        }
        let found = query.single(&iteration).map_err(no_single_artifact)?;
        Ok(Response::new(resolved(&iteration, found)))
    }

    async fn watch_channel(&self, request: Request<v1::WatchChannelRequest>) -> Answer<Self::WatchChannelStream> {
        let call = Call::of(request)?;
        let (bucket, channel) = (bucket(&call.message.bucket)?, channel(&call.message.channel)?);
        let stream = watch::watch(&self.watches, call, (bucket, channel), self.shutdown.clone()).await?;
        Ok(Response::new(stream))
    }

    async fn get_server_info(&self, request: Request<v1::GetServerInfoRequest>) -> Answer<v1::GetServerInfoResponse> {
        let call = Call::of(request)?;
        if call.message.before_recording {
            let bucket = call.message.bucket.as_deref().map(bucket).transpose()?;
            let checked = self.service.check_recordable(&call.caller, bucket.as_ref()).await;
            checked.map_err(|error| call.failed(error))?;
        }
        let Call { caller, .. } = call;
        Ok(Response::new(v1::GetServerInfoResponse {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            features: Vec::new(),
            caller: caller.name,
            project_id: caller.project_id.map(|id| id.to_string()).unwrap_or_default(),
        }))
    }
}

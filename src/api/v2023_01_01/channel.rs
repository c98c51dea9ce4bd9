use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, Uri};

use super::version::wanted;
use crate::api::rest::page::{moment, number};
use crate::api::rest::{Body, Call, Fault, Query, Sorting, assigned, method_unknown, unassignable};
use crate::model::{self, ChannelAssignment, ChannelUpdate, Iteration, IterationSelector};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::Empty;
use crate::wire::hcp_2023::{
    self, AssignChannelVersionRequest, AssignChannelVersionResponse, Channel, ChannelHistoryResponse, ChannelResponse,
    ChannelsResponse, CreateChannelRequest, UpdateChannelRequest,
};

/// A history is always shown newest first.
const HISTORY: Sorting<ChannelAssignment> = Sorting {
    fields: &[("position", |entry| number(entry.position)), ("assigned_at", |entry| moment(entry.assigned_at))],
    default: "position desc, assigned_at desc",
    id: |entry| number(entry.position),
};

/// `GET …/channels`: all of them.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<ChannelsResponse>, Fault> {
    let bucket = call.bucket("bucket_name")?;
    let channels = service.channels(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
    let pointed = channels.iter().map(|channel| channel.assignment.as_ref());
    let versions = assigned(&service, &call, &bucket, pointed).await?;
    let shown = channels.into_iter().zip(&versions).map(|(channel, version)| Channel::new(channel, version.as_ref()));
    Ok(Json(shown.collect::<Vec<_>>().into()))
}

/// `GET …/channels/{channel_name}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<ChannelResponse>, Fault> {
    let (bucket, name) = (call.bucket("bucket_name")?, call.channel("channel_name")?);
    let found = service.channel_with_iteration(&call.caller, &bucket, &name).await;
    let (channel, version) = found.map_err(|error| call.failed(error))?;
    Ok(Json(Channel::new(channel, version.as_ref()).into()))
}

/// `POST …/channels`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateChannelRequest>,
) -> Result<Json<ChannelResponse>, Fault> {
    let bucket = call.bucket("bucket_name")?;
    let (name, restricted, fingerprint) = request.read().map_err(Fault::invalid)?;
    let selector = fingerprint.map(IterationSelector::Fingerprint);
    match (service.create_channel(&call.caller, &bucket, &name, restricted, selector.clone()).await, selector) {
        (Ok(channel), _) => Ok(Json(shown(&service, &call, channel).await?.0.into())),
        (Err(error), Some(selector)) => {
            Err(unassignable(&service, &call, wanted(&bucket, &selector), "creating channel", error).await)
        }
        (Err(error), None) => Err(call.failed(error)),
    }
}

/// `PATCH …/channels/{channel_name}`.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateChannelRequest>,
) -> Result<Json<ChannelResponse>, Fault> {
    let (bucket, name) = (call.bucket("bucket_name")?, call.channel("channel_name")?);
    let update = request.read().map_err(Fault::invalid)?;
    let assignment = update.assignment.clone().flatten();
    match (service.update_channel(&call.caller, &bucket, &name, update).await, assignment) {
        (Ok(channel), _) => Ok(Json(shown(&service, &call, channel).await?.0.into())),
        (Err(error), Some(selector)) => {
            Err(unassignable(&service, &call, wanted(&bucket, &selector), "updating channel", error).await)
        }
        (Err(error), None) => Err(call.failed(error)),
    }
}

/// `DELETE …/channels/{channel_name}`: with its history.
pub(super) async fn delete<S: Store>(State(service): State<Arc<Service<S>>>, call: Call) -> Result<Json<Empty>, Fault> {
    let (bucket, name) = (call.bucket("bucket_name")?, call.channel("channel_name")?);
    service.delete_channel(&call.caller, &bucket, &name).await.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// `POST …/channels/assign`: points one channel at what another one points at.
pub(super) async fn promote<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    method: Method,
    uri: Uri,
    Body(request): Body<AssignChannelVersionRequest>,
) -> Result<Json<AssignChannelVersionResponse>, Fault> {
    if call.segment("channel_name") != "assign" {
        return Err(method_unknown(method, uri).await);
    }
    let bucket = call.bucket("bucket_name")?;
    let (source, target) = request.read().map_err(Fault::invalid)?;
    let assignment = Some(Some(IterationSelector::Channel(source.clone())));
    let update = ChannelUpdate { assignment, ..ChannelUpdate::default() };
    let assigned = service.update_channel(&call.caller, &bucket, &target, update).await;
    let (target, version) = shown(&service, &call, assigned.map_err(|error| call.failed(error))?).await?;
    let source = service.channel(&call.caller, &bucket, &source).await.map_err(|error| call.failed(error))?;
    let (source, _) = shown(&service, &call, source).await?;
    Ok(Json(AssignChannelVersionResponse::new(source, target, version.as_ref())))
}

/// `GET …/channels/{channel_name}/history`.
pub(super) async fn history<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<ChannelHistoryResponse>, Fault> {
    let (bucket, name) = (call.bucket("bucket_name")?, call.channel("channel_name")?);
    let all = service.channel_history(&call.caller, &bucket, &name).await.map_err(|error| call.failed(error))?;
    let count = all.len();
    let (page, pagination) = HISTORY.page(&query, all)?;
    let versions = assigned(&service, &call, &bucket, page.iter().map(Some)).await?;
    let entries = page.iter().zip(&versions);
    let entries = entries.map(|(entry, version)| hcp_2023::ChannelAssignment::new(entry, version.as_ref()));
    Ok(Json(ChannelHistoryResponse::new(count, entries.collect(), pagination)))
}

/// A channel with the version that it points at.
async fn shown<S: Store>(
    service: &Service<S>,
    call: &Call,
    channel: model::Channel,
) -> Result<(Channel, Option<Iteration>), Fault> {
    let bucket = channel.bucket.clone();
    let found = assigned(service, call, &bucket, [channel.assignment.as_ref()].into_iter()).await?;
    let version = found.into_iter().next().flatten();
    Ok((Channel::new(channel, version.as_ref()), version))
}

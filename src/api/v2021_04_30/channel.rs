use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::iteration::wanted;
use crate::api::rest::page::{moment, number};
use crate::api::rest::{Body, Call, Fault, Query, Sorting, assigned, unassignable};
use crate::model::{self, ChannelAssignment};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::Empty;
use crate::wire::hcp_2021::{
    self, Channel, ChannelHistoryResponse, ChannelResponse, ChannelsResponse, CreateChannelRequest,
    UpdateChannelRequest,
};

/// A history is always shown newest first.
const HISTORY: Sorting<ChannelAssignment> = Sorting {
    fields: &[("position", |entry| number(entry.position)), ("promoted_at", |entry| moment(entry.assigned_at))],
    default: "position desc, promoted_at desc",
    id: |entry| number(entry.position),
};

/// `GET …/channels`: all of them.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<ChannelsResponse>, Fault> {
    let bucket = call.bucket("bucket_slug")?;
    let channels = service.channels(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
    let pointed = channels.iter().map(|channel| channel.assignment.as_ref());
    let iterations = assigned(&service, &call, &bucket, pointed).await?;
    let shown = channels.into_iter().zip(&iterations);
    let shown = shown.map(|(channel, iteration)| Channel::new(channel, iteration.as_ref()));
    Ok(Json(shown.collect::<Vec<_>>().into()))
}

/// `GET …/channels/{slug}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<ChannelResponse>, Fault> {
    let (bucket, name) = (call.bucket("bucket_slug")?, call.channel("slug")?);
    let channel = service.channel(&call.caller, &bucket, &name).await.map_err(|error| call.failed(error))?;
    shown(&service, &call, channel).await
}

/// `POST …/channels`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateChannelRequest>,
) -> Result<Json<ChannelResponse>, Fault> {
    let bucket = call.bucket("bucket_slug")?;
    let (name, restricted, selector) = request.read().map_err(Fault::invalid)?;
    match (service.create_channel(&call.caller, &bucket, &name, restricted, selector.clone()).await, selector) {
        (Ok(channel), _) => shown(&service, &call, channel).await,
        (Err(error), Some(selector)) => {
            Err(unassignable(&service, &call, wanted(&bucket, &selector), "creating channel", error).await)
        }
        (Err(error), None) => Err(call.failed(error)),
    }
}

/// `PATCH …/channels/{slug}`.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateChannelRequest>,
) -> Result<Json<ChannelResponse>, Fault> {
    let (bucket, name) = (call.bucket("bucket_slug")?, call.channel("slug")?);
    let update = request.read().map_err(Fault::invalid)?;
    let assignment = update.assignment.clone().flatten();
    match (service.update_channel(&call.caller, &bucket, &name, update).await, assignment) {
        (Ok(channel), _) => shown(&service, &call, channel).await,
        (Err(error), Some(selector)) => {
            Err(unassignable(&service, &call, wanted(&bucket, &selector), "updating channel", error).await)
        }
        (Err(error), None) => Err(call.failed(error)),
    }
}

/// `DELETE …/channels/{slug}`: with its history.
pub(super) async fn delete<S: Store>(State(service): State<Arc<Service<S>>>, call: Call) -> Result<Json<Empty>, Fault> {
    let (bucket, name) = (call.bucket("bucket_slug")?, call.channel("slug")?);
    service.delete_channel(&call.caller, &bucket, &name).await.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// `GET …/channels/{slug}/history`.
pub(super) async fn history<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<ChannelHistoryResponse>, Fault> {
    let (bucket, name) = (call.bucket("bucket_slug")?, call.channel("slug")?);
    let all = service.channel_history(&call.caller, &bucket, &name).await.map_err(|error| call.failed(error))?;
    let count = all.len();
    let (page, pagination) = HISTORY.page(&query, all)?;
    let iterations = assigned(&service, &call, &bucket, page.iter().map(Some)).await?;
    let entries = page.iter().zip(&iterations);
    let entries = entries.map(|(entry, iteration)| hcp_2021::ChannelAssignment::new(entry, iteration.as_ref()));
    Ok(Json(ChannelHistoryResponse::new(count, entries.collect(), pagination)))
}

/// A channel with the iteration that it points at.
async fn shown<S: Store>(
    service: &Service<S>,
    call: &Call,
    channel: model::Channel,
) -> Result<Json<ChannelResponse>, Fault> {
    let bucket = channel.bucket.clone();
    let found = assigned(service, call, &bucket, [channel.assignment.as_ref()].into_iter()).await?;
    let iteration = found.into_iter().next().flatten();
    Ok(Json(Channel::new(channel, iteration.as_ref()).into()))
}

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use packer_plugin_registry::wire::grpc::v1;
use packer_plugin_registry::wire::grpc::v1::iteration_selector::By;
use packer_plugin_registry::wire::grpc::v1::registry_service_client::RegistryServiceClient;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Request, Status};

use super::seed::{CHANNEL, COMPONENT, REGION, bucket_name};

/// Connections to the server.
const CONNECTIONS: usize = 4;
/// Calls under way on each.
const IN_FLIGHT: usize = 16;

/// What came of a load.
pub(crate) struct Load {
    pub(crate) calls: usize,
    pub(crate) wall_time: Duration,
    /// The median time of a call.
    pub(crate) median: Duration,
}

/// Where a load goes, and with which token.
pub(crate) struct Target<'a> {
    pub(crate) url: &'a str,
    pub(crate) token: &'a str,
    /// Buckets, which are asked for in turn.
    pub(crate) buckets: usize,
}

/// Resolves the channel of one bucket after the other to an artifact, `calls` times.
pub(crate) fn resolve(target: &Target<'_>, calls: usize) -> Load {
    runtime().block_on(resolve_at_once(target, calls, IN_FLIGHT))
}

/// The same, one call after the other: what one call takes where nobody else is there.
pub(crate) fn resolve_alone(target: &Target<'_>, calls: usize) -> Load {
    runtime().block_on(resolve_at_once(target, calls / CONNECTIONS, 0))
}

/// What the server answers.
pub(crate) fn answer(target: &Target<'_>) -> v1::ResolveArtifactResponse {
    runtime().block_on(async {
        let channel = Channel::from_shared(target.url.to_owned()).expect("a URL").connect().await.expect("a server");
        let mut request = Request::new(question(bucket_name(0)));
        let token = format!("Bearer {}", target.token).parse().expect("a token is ASCII");
        request.metadata_mut().insert("authorization", token);
        RegistryServiceClient::new(channel).resolve_artifact(request).await.expect("an answer").into_inner()
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

async fn resolve_at_once(target: &Target<'_>, calls: usize, in_flight: usize) -> Load {
    let token: MetadataValue<_> = format!("Bearer {}", target.token).parse().expect("a token is ASCII");
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    let (connections, in_flight) = if in_flight == 0 { (1, 1) } else { (CONNECTIONS, in_flight) };
    for _ in 0..connections {
        let channel = Channel::from_shared(target.url.to_owned()).expect("a URL").connect().await.expect("a server");
        let token = token.clone();
        let with_token = move |mut request: Request<()>| {
            request.metadata_mut().insert("authorization", token.clone());
            Ok::<_, Status>(request)
        };
        let client = RegistryServiceClient::with_interceptor(channel, with_token);
        for _ in 0..in_flight {
            let (mut client, next, buckets) = (client.clone(), Arc::clone(&next), target.buckets);
            workers.spawn(async move {
                let mut times = Vec::new();
                loop {
                    let call = next.fetch_add(1, Ordering::Relaxed);
                    if call >= calls {
                        return times;
                    }
                    // Not one after the other in the order in which they were made: a prime that divides no round number.
                    let bucket = bucket_name(call.wrapping_mul(7919) % buckets);
                    let begun = Instant::now();
                    let answer = client.resolve_artifact(question(bucket)).await.expect("an answer");
                    times.push(begun.elapsed());
                    assert!(answer.into_inner().artifact.is_some_and(|artifact| artifact.region == REGION));
                }
            });
        }
    }
    let mut times: Vec<Duration> = Vec::with_capacity(calls);
    while let Some(more) = workers.join_next().await {
        times.extend(more.expect("a worker does not panic"));
    }
    times.sort();
    Load { calls: times.len(), wall_time: begun.elapsed(), median: times[times.len() / 2] }
}

fn question(bucket: String) -> v1::ResolveArtifactRequest {
    v1::ResolveArtifactRequest {
        bucket,
        selector: Some(v1::IterationSelector { by: Some(By::Channel(CHANNEL.to_owned())) }),
        region: Some(REGION.to_owned()),
        component_type: Some(COMPONENT.to_owned()),
        ..v1::ResolveArtifactRequest::default()
    }
}

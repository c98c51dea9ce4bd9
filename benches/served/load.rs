use packer_plugin_registry::wire::grpc::v1;
use packer_plugin_registry::wire::grpc::v1::iteration_selector::By;
use packer_plugin_registry::wire::grpc::v1::registry_service_client::RegistryServiceClient;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};

use super::calls::{CONNECTIONS, IN_FLIGHT, Load, at_once, runtime};
use super::seed::{CHANNEL, COMPONENT, REGION, bucket_name, bucket_of, bucket_of_call, record};

/// Where a load goes, and with which token.
pub(crate) struct Target<'a> {
    pub(crate) url: &'a str,
    pub(crate) token: &'a str,
    /// Buckets, which are asked for in turn.
    pub(crate) buckets: usize,
}

/// Resolves the channel of one bucket after the other to an artifact, `calls` times.
pub(crate) fn resolve(target: &Target<'_>, calls: usize) -> Load {
    resolve_over(target, calls, (CONNECTIONS, IN_FLIGHT))
}

/// The same, one call after the other: what one call takes where nobody else is there.
pub(crate) fn resolve_alone(target: &Target<'_>, calls: usize) -> Load {
    resolve_over(target, calls / CONNECTIONS, (1, 1))
}

fn resolve_over(target: &Target<'_>, calls: usize, clients: (usize, usize)) -> Load {
    runtime().block_on(at_once(
        calls,
        clients,
        || connect(target),
        async |client, call| {
            resolve_one(client, call, target.buckets).await;
        },
    ))
}

/// Records and confirms so many builds, `clients` at once: those of the runs from `first_run` on.
pub(crate) fn push(target: &Target<'_>, first_run: usize, pushes: usize, clients: usize) -> Load {
    let clients = (CONNECTIONS, clients / CONNECTIONS);
    runtime().block_on(at_once(
        pushes,
        clients,
        || connect(target),
        async |client, push| {
            let run = first_run + push;
            let record = record(bucket_of(run, target.buckets), u32::try_from(run).expect("few runs"));
            let key = v1::ConfirmBuildRequest { key: Some(record.key().into()) };
            client.push_record(v1::PushRecordRequest { record: Some(record.into()) }).await.expect("it is recorded");
            let answer = client.confirm_build(key).await.expect("it is confirmed").into_inner();
            assert!(answer.receipt.is_some_and(|receipt| receipt.version.is_some()));
        },
    ))
}

/// What the server answers.
pub(crate) fn answer(target: &Target<'_>) -> v1::ResolveArtifactResponse {
    runtime().block_on(async {
        let answer = connect(target).await.resolve_artifact(question(bucket_name(0))).await;
        answer.expect("an answer").into_inner()
    })
}

type Client = RegistryServiceClient<InterceptedService<Channel, Token>>;

/// A token that goes with every call.
#[derive(Clone)]
struct Token(MetadataValue<Ascii>);

impl Interceptor for Token {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

async fn connect(target: &Target<'_>) -> Client {
    let channel = Channel::from_shared(target.url.to_owned()).expect("a URL").connect().await.expect("a server");
    let token = Token(format!("Bearer {}", target.token).parse().expect("a token is ASCII"));
    RegistryServiceClient::with_interceptor(channel, token)
}

async fn resolve_one(client: &mut Client, call: usize, buckets: usize) {
    let bucket = bucket_name(bucket_of_call(call, buckets));
    let answer = client.resolve_artifact(question(bucket)).await.expect("an answer");
    assert!(answer.into_inner().artifact.is_some_and(|artifact| artifact.region == REGION));
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

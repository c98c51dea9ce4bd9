use packer_plugin_registry::wire::grpc::v1;

use super::server::{Server, as_ada, by_channel};
use crate::support::record::{build, channel, identifier};

fn resolve(bucket: &str, channel: &str) -> v1::ResolveArtifactRequest {
    v1::ResolveArtifactRequest {
        bucket: bucket.to_owned(),
        selector: by_channel(channel),
        ..v1::ResolveArtifactRequest::default()
    }
}

#[tokio::test]
async fn what_a_build_pushes_is_found_by_its_channel() {
    let server = Server::start();
    let mut record = build(1, "amazon-ebs.east");
    record.channels = vec![channel("production")];
    let receipt = server.record(&record).await;
    assert_eq!((receipt.version, receipt.recorded, receipt.expected), (Some(1), 1, 1));
    assert_eq!(receipt.assigned, ["production", "latest"]);

    let found = server.client().resolve_artifact(as_ada(resolve("web-server", "production"))).await.unwrap();
    let found = found.into_inner();
    assert_eq!(found.artifact.unwrap().external_identifier, identifier(1, "amazon-ebs.east"));
    assert_eq!((found.component_type.as_str(), found.version), ("amazon-ebs.east", Some(1)));
    assert_eq!(found.iteration_id, receipt.iteration_id);
}

#[tokio::test]
async fn an_image_that_packer_destroyed_is_found_no_more() {
    let server = Server::start();
    let record = build(1, "amazon-ebs.east");
    server.record(&record).await;
    let destroyed = v1::MarkDestroyedRequest { key: Some(record.key().into()) };
    server.client().mark_destroyed(as_ada(destroyed)).await.unwrap();
    let status = server.client().resolve_artifact(as_ada(resolve("web-server", "latest"))).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::NotFound);
    assert!(status.message().contains("amazon-ebs.east is destroyed"), "{}", status.message());
}

#[tokio::test]
async fn a_revoked_iteration_is_given_out_only_to_those_who_say_so() {
    let server = Server::start();
    server.record(&build(1, "amazon-ebs.east")).await;
    server.revoke_all(super::server::NOON);
    let by_version = v1::IterationSelector { by: Some(v1::iteration_selector::By::Version(1)) };
    let request = v1::ResolveArtifactRequest { selector: Some(by_version), ..resolve("web-server", "latest") };
    let status = server.client().resolve_artifact(as_ada(request.clone())).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::FailedPrecondition);
    assert!(status.message().contains("is revoked: a hole"), "{}", status.message());
    let allowed = v1::ResolveArtifactRequest { on_revoked: v1::OnRevoked::Allow.into(), ..request };
    let found = server.client().resolve_artifact(as_ada(allowed)).await.unwrap().into_inner();
    assert_eq!(found.status(), v1::IterationStatus::Revoked);
    assert_eq!(found.revocation.unwrap().message, "a hole");
}

#[tokio::test]
async fn the_server_says_which_it_is_and_as_whom_it_sees_the_caller() {
    let server = Server::start();
    let info = server.client().get_server_info(as_ada(v1::GetServerInfoRequest::default())).await.unwrap().into_inner();
    assert_eq!((info.version.as_str(), info.caller.as_str()), (env!("CARGO_PKG_VERSION"), "ada"));
}

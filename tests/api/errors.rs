use packer_plugin_registry::wire::grpc::v1;
use packer_plugin_registry::wire::grpc::v1::no_single_artifact::Outcome;
use packer_plugin_registry::wire::grpc::{MAX_DETAILS, details_of};
use tonic::Code;

use super::server::{Server, as_ada, by_channel, request_id};
use crate::support::record::{build, image};

#[tokio::test]
async fn a_field_at_fault_is_named() {
    let server = Server::start();
    let mut record = v1::IterationRecord::from(build(1, "amazon-ebs.east"));
    record.bucket = "no bucket".to_owned();
    let status = server.client().push_record(as_ada(v1::PushRecordRequest { record: Some(record) })).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().starts_with("bucket: bucket name \"no bucket\" is not valid"), "{}", status.message());
    let status = server.client().push_record(as_ada(v1::PushRecordRequest { record: None })).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::InvalidArgument, "record: it must be set"));
}

#[tokio::test]
async fn what_does_not_exist_is_answered_with_what_there_is() {
    let server = Server::start();
    server.record(&build(1, "amazon-ebs.east")).await;
    let request = v1::GetBucketRequest { bucket: "web".to_owned() };
    let status = server.client().get_bucket(as_ada(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(status.message(), "bucket web does not exist; there are: web-server");
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_the_client_may_choose_it() {
    let server = Server::start();
    let mut request = as_ada(v1::GetBucketRequest { bucket: "web".to_owned() });
    request.metadata_mut().insert("x-request-id", "job-17".parse().unwrap());
    assert_eq!(request_id(&server.client().get_bucket(request).await.unwrap_err()), "job-17");
    let answer = server.client().list_buckets(as_ada(v1::ListBucketsRequest::default())).await.unwrap();
    assert_eq!(answer.metadata().get("x-request-id").unwrap().len(), 26);
}

#[tokio::test]
async fn a_query_that_several_artifacts_match_lists_them() {
    let server = Server::start();
    let mut record = build(1, "amazon-ebs.east");
    record.images = vec![image("us-east-1", "ami-1"), image("eu-west-1", "ami-2")];
    server.record(&record).await;
    let request = v1::ResolveArtifactRequest {
        bucket: "web-server".to_owned(),
        selector: by_channel("latest"),
        ..v1::ResolveArtifactRequest::default()
    };
    let status = server.client().resolve_artifact(as_ada(request.clone())).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert!(status.message().ends_with("narrow it by region"), "{}", status.message());
    let Some(Outcome::Ambiguous(several)) = details_of(status.details()).no_single_artifact.unwrap().outcome else {
        panic!("another outcome")
    };
    assert_eq!(several.candidates[0].external_identifier, "ami-2");

    let elsewhere = v1::ResolveArtifactRequest { region: Some("us-west-2".to_owned()), ..request };
    let status = server.client().resolve_artifact(as_ada(elsewhere)).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    let Some(Outcome::Missing(missing)) = details_of(status.details()).no_single_artifact.unwrap().outcome else {
        panic!("another outcome")
    };
    assert_eq!(missing.available.len(), 2);
}

#[tokio::test]
async fn an_error_fits_into_headers_whatever_the_builders_reported() {
    let server = Server::start();
    let mut record = build(1, "amazon-ebs.east");
    record.images = (0..200).map(|number| image(&format!("{number}-{}", "ü".repeat(1000)), "ami")).collect();
    server.record(&record).await;
    let request = v1::ResolveArtifactRequest {
        bucket: "web-server".to_owned(),
        selector: by_channel("latest"),
        ..v1::ResolveArtifactRequest::default()
    };
    let status = server.client().resolve_artifact(as_ada(request)).await.unwrap_err();
    assert!(status.details().len() <= MAX_DETAILS + 200, "{}", status.details().len());
    assert!(status.message().len() <= 1100, "{}", status.message().len());
}

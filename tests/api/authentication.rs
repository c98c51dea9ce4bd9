use packer_plugin_registry::wire::grpc::v1;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::server::{Server, as_ada, request_id};

#[tokio::test]
async fn without_a_valid_token_nothing_is_answered() {
    let server = Server::start();
    for value in [None, Some("Bearer wrong"), Some("Basic b3Blbi1zZXNhbWU="), Some("Bearer"), Some("")] {
        let mut request = Request::new(v1::ListBucketsRequest::default());
        if let Some(value) = value {
            request.metadata_mut().insert("authorization", value.parse().unwrap());
        }
        let status = server.client().list_buckets(request).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Unauthenticated, "the token is not valid"), "{value:?}");
        assert!(!request_id(&status).is_empty());
    }
    server.client().list_buckets(as_ada(v1::ListBucketsRequest::default())).await.unwrap();
}

#[tokio::test]
async fn health_is_open_to_everyone_and_ends_with_the_server() {
    let server = Server::start();
    let mut client = HealthClient::new(server.router.clone());
    let of = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let ours = ["registry.v1.RegistryService", "registry.v1.AccountService", "registry.v1.GovernanceService"];
    for service in ["", "grpc.health.v1.Health"].iter().chain(&ours) {
        let status = client.check(of(service)).await.unwrap().into_inner().status();
        assert_eq!(status, ServingStatus::Serving);
    }
    assert_eq!(client.check(of("another.Service")).await.unwrap_err().code(), Code::NotFound);
    let mut states = client.watch(of("")).await.unwrap().into_inner();
    assert_eq!(states.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    server.shutdown.cancel();
    assert_eq!(states.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    assert_eq!(states.message().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_its_database_is_not_serving() {
    let server = Server::start();
    let mut client = HealthClient::new(server.router.clone());
    let question = HealthCheckRequest::default;
    let mut states = client.watch(question()).await.unwrap().into_inner();
    for there in [true, false, true, false] {
        server.database.is(there);
        let status = if there { ServingStatus::Serving } else { ServingStatus::NotServing };
        assert_eq!(client.check(question()).await.unwrap().into_inner().status(), status);
        assert_eq!(states.message().await.unwrap().unwrap().status(), status);
    }
    server.shutdown.cancel();
    assert_eq!(states.message().await.unwrap(), None, "it was said already");
}

/// A name that no service has, of so many bytes.
fn long_name(bytes: usize) -> String {
    "x".repeat(bytes)
}

#[tokio::test]
async fn whoever_shows_no_token_cannot_make_the_server_keep_a_large_message() {
    let server = Server::start();
    let mut client = HealthClient::new(server.router.clone());
    let status = client.check(HealthCheckRequest { service: long_name(15 << 10) }).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    for bytes in [17 << 10, 1 << 20] {
        let status = client.check(HealthCheckRequest { service: long_name(bytes) }).await.unwrap_err();
        assert_eq!(status.code(), Code::OutOfRange, "{bytes}: {status}");
        let status = client.watch(HealthCheckRequest { service: long_name(bytes) }).await.unwrap_err();
        assert_eq!(status.code(), Code::OutOfRange, "{bytes}: {status}");
    }
}

/// Whether the reflection of this version has an answer to a name of so many bytes.
macro_rules! reflects {
    ($version:ident, $server:expr, $bytes:expr) => {{
        use tonic_reflection::pb::$version::ServerReflectionRequest;
        use tonic_reflection::pb::$version::server_reflection_client::ServerReflectionClient;
        use tonic_reflection::pb::$version::server_reflection_request::MessageRequest;

        let name = MessageRequest::FileContainingSymbol(long_name($bytes));
        let question = ServerReflectionRequest { host: String::new(), message_request: Some(name) };
        let mut client = ServerReflectionClient::new($server.router.clone());
        let answers = client.server_reflection_info(futures::stream::iter([question])).await;
        let answer = answers.unwrap().into_inner().message().await;
        // Of a name that is not there, the answer is an error of its own; a message that is not taken ends the stream.
        matches!(answer, Ok(Some(_))) || answer.is_err_and(|status| status.code() == Code::NotFound)
    }};
}

#[tokio::test]
async fn reflection_takes_no_large_message_in_either_version() {
    let server = Server::start();
    assert!(reflects!(v1, server, 15 << 10) && reflects!(v1alpha, server, 15 << 10));
    assert!(!reflects!(v1, server, 17 << 10));
    assert!(!reflects!(v1alpha, server, 17 << 10));
}

#[tokio::test]
async fn reflection_names_the_services() {
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    use tonic_reflection::pb::v1::{ListServiceResponse, ServerReflectionRequest};

    let server = Server::start();
    let question = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let questions = futures::stream::iter([question]);
    let mut client = ServerReflectionClient::new(server.router.clone());
    let mut answers = client.server_reflection_info(questions).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response;
    let Some(MessageResponse::ListServicesResponse(ListServiceResponse { service })) = answer else {
        panic!("another answer: {answer:?}")
    };
    let names: Vec<&str> = service.iter().map(|service| service.name.as_str()).collect();
    assert!(names.contains(&"registry.v1.RegistryService"), "{names:?}");
}

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use packer_plugin_registry::backend::{Backend as _, BackendError, GrpcBackend, Patience};
use packer_plugin_registry::config::ServerAccess;
use packer_plugin_registry::model::IterationSelector;
use packer_plugin_registry::wire::grpc::{Details, encode_details};
use tonic::{Code, Status};

use super::{client, client_with, patience};
use crate::support::record::{bucket, build, fingerprint};
use crate::support::socket_server::{Instead, SocketServer};
use crate::support::tcp_proxy::{Fault, TcpProxy};

/// Asserts that exactly one record is there, whole.
fn arrived_once(server: &SocketServer) {
    let iterations = client(&server.url()).iterations(&bucket("web-server")).unwrap();
    let found: Vec<usize> = iterations.iter().flat_map(|i| &i.builds).map(|build| build.artifacts.len()).collect();
    assert_eq!(found, [1]);
}

#[test]
fn a_record_arrives_once_whatever_the_network_does() {
    for fault in [Fault::Cut, Fault::LoseReply, Fault::Stall] {
        let server = SocketServer::open();
        let proxy = TcpProxy::before(server.address, [fault, fault]);
        let quick = Patience { attempt: Duration::from_millis(300), ..patience() };
        let registry = client_with(&proxy.url(), ServerAccess::default(), quick);
        let receipt = registry.ingest(&build(1, "amazon-ebs.east")).unwrap();
        assert_eq!(receipt.replayed, fault != Fault::Cut, "{fault:?}: what was done is not done twice");
        assert_eq!(proxy.to_come(), 0, "{fault:?}");
        arrived_once(&server);
    }
}

#[test]
fn a_connection_that_broke_between_two_calls_is_no_failure() {
    let server = SocketServer::open();
    let proxy = TcpProxy::before(server.address, [Fault::LoseReply]);
    let registry = client(&proxy.url());
    registry.ingest(&build(1, "amazon-ebs.east")).unwrap();
    let receipt = registry.confirm(&build(1, "amazon-ebs.east").key()).unwrap();
    assert_eq!(receipt.version, Some(1));
}

pub(super) fn status(code: Code, details: Details) -> Instead {
    Box::new(move || {
        let bytes = encode_details(code.into(), "", &details);
        Status::with_details(code, "not now", bytes.into()).into_http()
    })
}

fn http(code: StatusCode) -> Instead {
    Box::new(move || code.into_response())
}

#[test]
fn a_server_that_says_later_is_asked_again() {
    let soon = || Details { retry_after: Some(Duration::from_millis(2)), ..Details::default() };
    for instead in [
        status(Code::Unavailable, Details::default()),
        status(Code::ResourceExhausted, soon()),
        http(StatusCode::SERVICE_UNAVAILABLE),
        http(StatusCode::TOO_MANY_REQUESTS),
    ] {
        let server = SocketServer::open();
        server.answer_instead([instead]);
        let receipt = client(&server.url()).ingest(&build(1, "amazon-ebs.east")).unwrap();
        assert!(!receipt.replayed);
        arrived_once(&server);
    }
}

#[test]
fn a_server_that_wants_more_time_than_there_is_is_not_waited_for() {
    let server = SocketServer::open();
    let long = Details { retry_after: Some(Duration::from_secs(3600)), ..Details::default() };
    server.answer_instead([status(Code::ResourceExhausted, long)]);
    let error = client(&server.url()).ingest(&build(1, "amazon-ebs.east")).unwrap_err();
    assert!(matches!(&error, BackendError::Unavailable(text) if text.contains("not now")), "{error}");
}

#[test]
fn what_will_not_pass_is_said_at_once() {
    for (code, in_message) in [
        (Code::PermissionDenied, "not now"),
        (Code::FailedPrecondition, "not now"),
        (Code::Unimplemented, "the server is older than this program"),
    ] {
        let server = SocketServer::open();
        server.answer_instead([status(code, Details::default())]);
        let error = client(&server.url()).ingest(&build(1, "amazon-ebs.east")).unwrap_err();
        assert!(matches!(&error, BackendError::Refused(text) if text.contains(in_message)), "{error}");
    }
}

#[test]
fn what_may_have_been_done_is_not_done_again_where_that_would_matter() {
    let server = SocketServer::open();
    client(&server.url()).ingest(&build(1, "amazon-ebs.east")).unwrap();
    let proxy = TcpProxy::before(server.address, [Fault::LoseReply]);
    let by_fingerprint = IterationSelector::Fingerprint(fingerprint("release-1"));
    let completed = client(&proxy.url()).complete_iteration(&bucket("web-server"), &by_fingerprint, "enough");
    let error = completed.unwrap_err().to_string();
    assert!(error.contains("whether it was done is not known"), "{error}");
}

#[test]
fn what_a_proxy_has_no_answer_to_is_not_done_again_and_what_the_server_did_not_do_is() {
    let server = SocketServer::open();
    let registry = client(&server.url());
    registry.ingest(&build(1, "amazon-ebs.east")).unwrap();
    let by_fingerprint = IterationSelector::Fingerprint(fingerprint("release-1"));
    let complete = || registry.complete_iteration(&bucket("web-server"), &by_fingerprint, "enough");
    for code in [StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT] {
        server.answer_instead([http(code)]);
        let error = complete().unwrap_err().to_string();
        assert!(error.contains("whether it was done is not known"), "{code}: {error}");
    }
    let at_once = Details { retry_after: Some(Duration::ZERO), ..Details::default() };
    server.answer_instead([status(Code::Unavailable, at_once)]);
    let error = complete().unwrap_err().to_string();
    assert!(error.contains("has no build that is recorded"), "the second attempt was made: {error}");
}

#[test]
fn a_server_that_is_not_there_is_named_with_how_often_it_was_tried() {
    // Nobody listens on a port that was just given up.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let short = Patience { delivery: Duration::from_millis(50), ..patience() };
    let registry = client_with(&format!("http://{address}"), ServerAccess::default(), short);
    let error = registry.ingest(&build(1, "amazon-ebs.east")).unwrap_err();
    let BackendError::Unavailable(message) = error else { panic!("{error}") };
    assert!(message.contains(&format!("{address} refuses connections")), "{message}");
    assert!(message.contains("attempts)"), "{message}");
}

#[test]
fn a_name_that_does_not_exist_is_not_looked_up_again_and_again() {
    let error = client("https://no-such-host.invalid").ingest(&build(1, "amazon-ebs.east")).unwrap_err().to_string();
    assert!(error.contains("the name of no-such-host.invalid cannot be looked up"), "{error}");
}

#[test]
fn a_call_ends_soon_after_it_is_cancelled() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let cancelled = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&cancelled);
    let url = format!("http://{}", silent.local_addr().unwrap());
    let registry =
        GrpcBackend::new(url, ServerAccess::default(), Patience::default(), move || asked.load(Ordering::SeqCst));
    let call = std::thread::spawn(move || registry.ingest(&build(1, "amazon-ebs.east")));
    // The client has connected: now it waits for an answer.
    let _client = silent.accept().unwrap();
    cancelled.store(true, Ordering::SeqCst);
    let since = Instant::now();
    let error = call.join().unwrap().unwrap_err();
    assert!(error.to_string().contains("cancelled"), "{error}");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
}

#[test]
fn what_is_no_server_of_ours_is_said_to_be_none() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            use std::io::{Read as _, Write as _};
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let short = Patience { question: Duration::from_millis(100), ..patience() };
    let error = client_with(&url, ServerAccess::default(), short).buckets().unwrap_err();
    assert!(matches!(&error, BackendError::Unavailable(text) if text.contains(&url[7..])), "{error}");
}

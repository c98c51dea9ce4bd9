use std::time::Duration;

use packer_plugin_registry::backend::{Backend as _, BackendError, HcpBackend, Patience};
use packer_plugin_registry::config::HcpAccess;

use super::place::{Place, patience, record};
use crate::support::record::{bucket, channel};
use crate::support::tcp_proxy::{Fault, TcpProxy};

const LATER: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: 34\r\n\r\n{\"code\":14,\"message\":\"not just now\"}";
const TOO_MUCH: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n";

/// Asserts that exactly one version is there, whole.
fn arrived_once(place: &Place) {
    let iterations = place.grpc().iterations(&bucket("web-server")).unwrap();
    let found: Vec<(Option<u32>, usize)> =
        iterations.iter().flat_map(|i| i.builds.iter().map(|build| (i.version, build.artifacts.len()))).collect();
    assert_eq!(found, [(Some(1), 1)]);
    let history = place.grpc().channel_history(&bucket("web-server"), &channel("production")).unwrap();
    assert_eq!(history.len(), 1, "a channel moves once");
}

/// Pushes and confirms through a network that does this to the `nth` connection; answers whether that many were made.
fn push_through(fault: Fault, nth: usize) -> bool {
    let place = Place::start();
    let faults = std::iter::repeat_n(Fault::Nothing, nth).chain([fault]);
    let proxy = TcpProxy::before_http1(place.address(), faults);
    let access = HcpAccess { api: proxy.url(), ..place.settled() };
    let quick = Patience { attempt: Duration::from_millis(400), ..patience() };
    let registry = HcpBackend::new("hcp://".to_owned(), Ok(access), quick, || false);
    let mut east = record("one", 1, "amazon-ebs.east");
    east.channels = vec![channel("production")];
    registry.ingest(&east).unwrap_or_else(|error| panic!("{fault:?} of call {nth}: {error}"));
    // What the confirmation did not bring home, the spool repeats.
    if let Err(error) = registry.confirm(&east.key()) {
        assert!(matches!(error, BackendError::Unavailable(_)), "{fault:?} of call {nth}: {error}");
        registry.confirm(&east.key()).unwrap_or_else(|error| panic!("{fault:?} of call {nth}: {error}"));
    }
    arrived_once(&place);
    proxy.to_come() == 0
}

fn at_every_call(fault: Fault) {
    let calls = (0..100).take_while(|nth| push_through(fault, *nth)).count();
    assert!(calls >= 10, "there were {calls} calls only");
}

#[test]
fn a_record_arrives_once_whichever_connection_is_cut() {
    at_every_call(Fault::Cut);
}

#[test]
fn a_record_arrives_once_whichever_reply_is_lost() {
    at_every_call(Fault::LoseReply);
}

#[test]
fn a_record_arrives_once_whichever_answer_is_stalled() {
    at_every_call(Fault::Stall);
}

#[test]
fn a_server_that_says_later_is_asked_again() {
    for fault in [Fault::Say(LATER), Fault::Say(TOO_MUCH)] {
        for nth in [0, 1, 4, 7] {
            assert!(push_through(fault, nth));
        }
    }
}

#[test]
fn a_server_that_is_not_there_is_named_with_how_often_it_was_tried() {
    let place = Place::start();
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let access = HcpAccess { api: format!("http://{address}"), ..place.settled() };
    let short = Patience { question: Duration::from_millis(50), ..patience() };
    let registry = HcpBackend::new("hcp://".to_owned(), Ok(access), short, || false);
    let error = registry.ingest(&record("one", 1, "amazon-ebs.east")).unwrap_err();
    let BackendError::Unavailable(message) = error else { panic!("{error}") };
    assert!(message.contains(&format!("{address} refuses connections")), "{message}");
    assert!(message.contains("attempts)"), "{message}");
}

#[test]
fn a_call_that_may_have_been_done_is_not_repeated_where_that_would_matter() {
    let place = Place::start();
    super::place::push(&place.hcp(), &record("one", 1, "amazon-ebs.east"));
    // To find the channel takes one call, to make it another; to move it is not repeated.
    let web = bucket("web-server");
    let by = packer_plugin_registry::model::IterationSelector::Version(1);
    place.hcp().assign_channel(&web, &channel("production"), &by).unwrap();
    let faults = [Fault::Nothing, Fault::Nothing, Fault::LoseReply];
    let proxy = TcpProxy::before_http1(place.address(), faults);
    let registry = place.hcp_with(HcpAccess { api: proxy.url(), ..place.settled() });
    let error = registry.assign_channel(&web, &channel("production"), &by).unwrap_err().to_string();
    assert!(error.contains("whether it was done is not known"), "{error}");
}

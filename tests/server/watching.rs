use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::http::{Request, StatusCode, Version};
use http_body_util::Full;
use packer_plugin_registry::server::Readiness;
use tokio::net::TcpStream;

use super::in_process::InProcess;
use super::process::ServerMachine;
use crate::support::http_client::{Answer, ask_plainly, get, send};

/// What the text of a scrape says, by name and labels; fails on any line that is not of the format.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let mut samples = BTreeMap::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line == "# EOF" {
            assert_eq!(lines.peek(), None);
            return samples;
        }
        if let Some(about) = line.strip_prefix("# ") {
            assert!(["HELP ", "TYPE ", "UNIT "].iter().any(|kind| about.starts_with(kind)), "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.chars().all(|c| c.is_ascii() && !c.is_ascii_control()), "{line}");
        assert!(samples.insert(name.to_owned(), value.parse().unwrap()).is_none(), "twice: {line}");
    }
    panic!("no end: {text}");
}

#[test]
fn metrics_count_what_happened_and_nothing_that_a_client_made_up() {
    let machine = ServerMachine::new();
    let server = machine.start(&[]);
    let ask =
        |path: &str| crate::support::http_client::ask(server.address(), server.ca_file(), Version::HTTP_2, get(path));
    let call = |path: &str| {
        let request = Request::post(path).header("content-type", "application/grpc").body(Full::default()).unwrap();
        crate::support::http_client::ask(server.address(), server.ca_file(), Version::HTTP_2, request)
    };
    for number in 0..5 {
        ask(&format!("/made/up/{number}"));
    }
    for number in 0..20 {
        call(&format!("/registry.v1.RegistryService/made-up-{number}"));
    }
    call("/registry.v1.RegistryService/ListBuckets");
    ask("/healthz");
    let answer = ask("/metrics");
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"), "{:?}", answer.headers);
    let samples = samples(&answer.text);
    let value = |name: &str| *samples.get(name).unwrap_or_else(|| panic!("{name} in\n{}", answer.text));
    assert!((value(r#"registry_requests_total{route="unmatched",method="GET",status="404"}"#) - 5.0).abs() < 0.1);
    assert!((value(r#"registry_requests_total{route="/healthz",method="GET",status="200"}"#) - 1.0).abs() < 0.1);
    assert!(value(r#"registry_request_duration_seconds_count{route="unmatched",method="GET"}"#) > 4.0);
    // Nobody is let in without a token, also where there is nothing: that the answer says so makes no method of it.
    let refused = r#"registry_requests_total{route="unmatched",method="POST",status="UNAUTHENTICATED"}"#;
    assert!((value(refused) - 20.0).abs() < 0.1);
    let real = r#"registry_requests_total{route="/registry.v1.RegistryService/ListBuckets",method="POST",status="UNAUTHENTICATED"}"#;
    assert!((value(real) - 1.0).abs() < 0.1);
    assert!((value("registry_requests_in_flight") - 1.0).abs() < 0.1);
    assert!(value("registry_connections") >= 1.0);
    assert!(value("registry_certificate_not_after_timestamp_seconds") > value("process_start_time_seconds"));
    #[cfg(target_os = "linux")]
    assert!(value("process_resident_memory_bytes") > 1_000_000.0);
    assert!(!answer.text.contains("made"), "{}", answer.text);
}

async fn status(server: &InProcess, path: &str) -> Answer {
    send(TcpStream::connect(server.address).await.unwrap(), Version::HTTP_11, get(path)).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_server_without_its_database_lives_but_is_not_ready() {
    let answers = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&answers);
    let readiness = Readiness::new(move || {
        let answers = asked.load(Ordering::SeqCst);
        async move { if answers { Ok(()) } else { Err("the disk is gone".to_owned()) } }
    });
    let server = InProcess::with(Router::new(), readiness, |_| {}).await;
    assert_eq!(status(&server, "/healthz").await.status, StatusCode::OK);
    let answer = status(&server, "/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.text.contains("disk"), "causes are for the log: {}", answer.text);
    answers.store(true, Ordering::SeqCst);
    tokio::time::advance(std::time::Duration::from_secs(2)).await;
    assert_eq!(status(&server, "/readyz").await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_database_that_never_answers_makes_the_server_unready_not_silent() {
    let readiness = Readiness::new(|| async { std::future::pending().await });
    let server = InProcess::with(Router::new(), readiness, |_| {}).await;
    assert_eq!(status(&server, "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[test]
fn a_head_request_is_answered_and_counted_as_complete() {
    let machine = ServerMachine::new();
    let server = machine.start(&["--tls", "off"]);
    let mut request = get("/healthz");
    *request.method_mut() = axum::http::Method::HEAD;
    let answer = ask_plainly(server.address(), Version::HTTP_11, request);
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, ""));
    assert!(server.logs("method=HEAD").contains("status=\"200\""));
}

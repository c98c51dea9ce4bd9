use std::io::{Read as _, Write as _};
use std::net::TcpStream as StdStream;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{StatusCode, Version};
use axum::routing::get as route;
use futures::StreamExt as _;
use tokio::net::TcpStream;

use super::in_process::{InProcess, switch};
use super::process::ServerMachine;
use crate::support::http_client::{get, send};
use crate::support::wait::until;

/// A route that answers once the switch is turned, and says when it was reached.
fn slow(reached: Arc<tokio::sync::Notify>, release: Arc<tokio::sync::Notify>) -> Router {
    let handler = move || {
        let (reached, release) = (Arc::clone(&reached), Arc::clone(&release));
        async move {
            reached.notify_one();
            release.notified().await;
            "done"
        }
    };
    Router::new().route("/slow", route(handler))
}

#[tokio::test]
async fn a_request_under_way_is_finished_and_nobody_else_is_let_in() {
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let (reached, is_reached) = switch();
        let (release, is_released) = switch();
        let server = InProcess::start(slow(reached, is_released)).await;
        let address = server.address;
        let stream = TcpStream::connect(address).await.unwrap();
        let answer = tokio::spawn(send(stream, version, get("/slow")));
        is_reached.notified().await;
        server.shutdown.begin();
        // The listener is closed soon, not at once.
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(!server.ran.is_finished());
        release.notify_one();
        let answer = answer.await.unwrap().unwrap();
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "done"), "{version:?}");
        server.ended().await;
    }
}

#[tokio::test]
async fn what_takes_longer_than_the_grace_is_dropped() {
    let (reached, is_reached) = switch();
    let (_release, is_released) = switch();
    let grace = |config: &mut packer_plugin_registry::config::server::ServerConfig| {
        config.shutdown_grace = Duration::from_millis(20);
    };
    let readiness = packer_plugin_registry::server::Readiness::always();
    let server = InProcess::with(slow(reached, is_released), readiness, grace).await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let answer = tokio::spawn(send(stream, Version::HTTP_11, get("/slow")));
    is_reached.notified().await;
    server.shutdown.begin();
    assert!(answer.await.unwrap().is_err());
    server.ended().await;
}

#[tokio::test]
async fn a_stream_that_heeds_the_shutdown_ends_whole() {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let handler = || async move {
        let token: tokio_util::sync::CancellationToken = receiver.await.unwrap();
        let first = futures::stream::once(async { Ok::<_, std::io::Error>("first ") });
        let last = futures::stream::once(async move {
            token.cancelled().await;
            Ok("last")
        });
        Body::from_stream(first.chain(last))
    };
    let handler = Arc::new(std::sync::Mutex::new(Some(handler)));
    let rest = Router::new().route(
        "/stream",
        route(move || {
            let handler = handler.lock().unwrap().take().unwrap();
            handler()
        }),
    );
    let server = InProcess::start(rest).await;
    sender.send(server.shutdown.token()).unwrap();
    let stream = TcpStream::connect(server.address).await.unwrap();
    let answer = tokio::spawn(send(stream, Version::HTTP_2, get("/stream")));
    server.shutdown.begin();
    assert_eq!(answer.await.unwrap().unwrap().text, "first last");
    server.ended().await;
}

#[cfg(unix)]
#[test]
fn sigterm_finishes_a_request_whose_head_is_still_arriving_and_the_process_ends_well() {
    let machine = ServerMachine::new();
    let server = machine.start(&["--tls", "off"]);
    let mut stream = StdStream::connect(server.address()).unwrap();
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n").unwrap();
    // Its connection was accepted before this one.
    crate::support::http_client::ask_plainly(server.address(), Version::HTTP_11, get("/healthz"));
    server.signal("TERM");
    server.logs("SIGTERM");
    stream.write_all(b"\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "a server that stops is not ready: {answer}");
    assert!(answer.ends_with("shutting down\n"), "{answer}");
    let (status, log) = server.ended();
    assert!(status.success(), "{log}");
    assert!(log.trim_end().ends_with("stopped"), "{log}");
    assert!(!machine.path("ready.json").exists());
}

#[cfg(unix)]
#[test]
fn a_second_signal_does_not_wait() {
    let machine = ServerMachine::new();
    let server = machine.start(&["--tls", "off", "--shutdown-grace", "1h"]);
    let mut stream = StdStream::connect(server.address()).unwrap();
    stream.write_all(b"GET /readyz HTTP/1.1\r\n").unwrap();
    crate::support::http_client::ask_plainly(server.address(), Version::HTTP_11, get("/healthz"));
    server.signal("INT");
    server.logs("SIGINT");
    server.signal("INT");
    let (status, log) = server.ended();
    assert!(status.success(), "{log}");
    assert!(log.contains("SIGINT again"), "{log}");
}

#[cfg(unix)]
#[test]
fn a_server_that_drains_is_not_announced_any_more_and_leaves_its_successor_announced() {
    let machine = ServerMachine::new();
    let old = machine.start(&["--tls", "off", "--shutdown-grace", "1h"]);
    let mut stream = StdStream::connect(old.address()).unwrap();
    stream.write_all(b"GET /readyz HTTP/1.1\r\n").unwrap();
    crate::support::http_client::ask_plainly(old.address(), Version::HTTP_11, get("/healthz"));
    old.signal("TERM");
    until("the end of the announcement", || (!machine.path("ready.json").exists()).then_some(()));

    let new = machine.start(&["--tls", "off"]);
    stream.write_all(b"host: localhost\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "it was still there: {answer}");
    assert!(old.ended().0.success());
    let announced: serde_json::Value =
        serde_json::from_slice(&std::fs::read(machine.path("ready.json")).unwrap()).unwrap();
    assert_eq!(announced, new.ready);
}

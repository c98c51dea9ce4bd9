use std::convert::Infallible;

use axum::Router;
use axum::body::Bytes;
use axum::http::{Request, StatusCode, Version};
use axum::routing::{get as get_route, post};
use futures::StreamExt as _;
use http_body::Frame;
use http_body_util::StreamBody;
use packer_plugin_registry::server::limits::{
    FIRST_REQUEST_PATIENCE, GOODBYE_PATIENCE, HEAD_PATIENCE, IDLE_PATIENCE, MAX_REQUEST_BODY,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::in_process::InProcess;
use super::process::ServerMachine;
use crate::support::http_client::{get, send};

fn length_of_body() -> Router {
    Router::new().route("/length", post(|body: Bytes| async move { body.len().to_string() }))
}

/// What comes back for these bytes until the server closes the connection, and how long that takes.
async fn raw(server: &InProcess, bytes: &[u8]) -> (String, std::time::Duration) {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // A reset counts as closed.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_or_too_little_is_closed() {
    let server = InProcess::start(Router::new()).await;
    for bytes in [&b""[..], b"G", b"GET / HTTP/1.1\r\nhost: x\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let (_, took) = raw(&server, bytes).await;
        assert!(took >= FIRST_REQUEST_PATIENCE && took < 2 * FIRST_REQUEST_PATIENCE, "{bytes:?}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_kept_for_later_is_closed_when_later_does_not_come() {
    let server = InProcess::start(Router::new()).await;
    let (answer, took) = raw(&server, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nok\n"), "{answer}");
    assert!(took >= HEAD_PATIENCE && took < 2 * HEAD_PATIENCE, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stands_still_is_given_up() {
    let server = InProcess::start(length_of_body()).await;
    let head = b"POST /length HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nfour";
    let (answer, _) = raw(&server, head).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_not_read_is_given_up() {
    const WHOLE: usize = 64 << 20;
    let large = Router::new().route("/large", get_route(|| async { vec![0_u8; WHOLE] }));
    let server = InProcess::start(large).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    tokio::time::sleep(IDLE_PATIENCE + 2 * GOODBYE_PATIENCE).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.starts_with(b"HTTP/1.1 200 ") && answer.len() < WHOLE, "{} bytes", answer.len());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_or_not_it_says_so() {
    let server = InProcess::start(length_of_body()).await;
    let announced = format!("POST /length HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", MAX_REQUEST_BODY + 1);
    let (answer, _) = raw(&server, announced.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("more than 67108869 bytes"), "{answer}");
    for (mebibytes, status) in [(64, StatusCode::OK), (65, StatusCode::PAYLOAD_TOO_LARGE)] {
        let parts = futures::stream::iter(std::iter::repeat_n(Bytes::from(vec![0; 1 << 20]), mebibytes));
        let body = StreamBody::new(parts.map(|part| Ok::<_, Infallible>(Frame::data(part))));
        let request = Request::post("/length").header("host", "localhost").body(body).unwrap();
        let stream = TcpStream::connect(server.address).await.unwrap();
        let answer = send(stream, Version::HTTP_2, request).await.unwrap();
        assert_eq!(answer.status, status, "{mebibytes} MiB: {}", answer.text);
    }
}

#[tokio::test]
async fn clients_of_hcp_are_told_of_a_body_that_is_too_large_by_its_code() {
    let server = InProcess::start(Router::new()).await;
    for path in ["/packer/2023-01-01/x", "/resource-manager/2019-12-10/x", "/2019-12-10/x", "/iam/x", "/operation/x"] {
        let length = MAX_REQUEST_BODY + 1;
        let announced = format!("PUT {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n");
        let (answer, _) = raw(&server, announced.as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 413 ") && head.contains("content-type: application/json"), "{path}: {head}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((&body["code"], &body["details"]), (&serde_json::json!(3), &serde_json::json!([])), "{body}");
        assert_eq!(body["message"], "the body of the request has more than 67108869 bytes");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = InProcess::start(Router::new()).await;
    let long = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "x".repeat(100_000));
    let (answer, _) = raw(&server, long.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let many = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(200));
    let (answer, _) = raw(&server, many.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_in_words_over_http_2_as_well() {
    let server = InProcess::start(Router::new()).await;
    for (bytes, status) in [(60 << 10, StatusCode::OK), (65 << 10, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)] {
        for kind in ["application/json", "application/grpc"] {
            let mut request = get("/healthz");
            request.headers_mut().insert("x", "x".repeat(bytes).parse().unwrap());
            request.headers_mut().insert("content-type", kind.parse().unwrap());
            let answer =
                send(TcpStream::connect(server.address).await.unwrap(), Version::HTTP_2, request).await.unwrap();
            if kind == "application/grpc" {
                let code = if status == StatusCode::OK { "12" } else { "8" };
                assert_eq!((answer.status, answer.header("grpc-status")), (StatusCode::OK, code), "{bytes}");
            } else {
                assert_eq!(answer.status, status, "{bytes}: {}", answer.text);
            }
        }
    }
    let mut long = get(&format!("/{}", "x".repeat(60 << 10)));
    long.headers_mut().insert("x", "x".repeat(5 << 10).parse().unwrap());
    let answer = send(TcpStream::connect(server.address).await.unwrap(), Version::HTTP_2, long).await.unwrap();
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "a path is part of it");
}

#[tokio::test]
async fn rubbish_does_no_harm() {
    let server = InProcess::start(Router::new()).await;
    for bytes in [&b"\x16\x03\x01\x00\x00rubbish"[..], b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", &[0xff; 100_000]] {
        raw(&server, bytes).await;
    }
    let stream = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(send(stream, Version::HTTP_11, get("/healthz")).await.unwrap().status, StatusCode::OK);
}

/// Asks once more on a connection that is kept.
async fn ask_again(stream: &mut TcpStream) {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let (mut answer, mut part) = (Vec::new(), [0; 1024]);
    while !answer.ends_with(b"\r\n\r\nok\n") {
        let count = stream.read(&mut part).await.unwrap();
        assert!(count > 0, "closed");
        answer.extend(&part[..count]);
    }
}

/// Whether a second connection is served while the first is open, of so many that may be; once the first is closed, it is.
async fn a_second_is_served_beside_the_first(most: usize) -> bool {
    let readiness = packer_plugin_registry::server::Readiness::always();
    let server = InProcess::with(Router::new(), readiness, |config| config.max_connections = most).await;
    let mut first = TcpStream::connect(server.address).await.unwrap();
    ask_again(&mut first).await;
    let second = TcpStream::connect(server.address).await.unwrap();
    let answer = tokio::spawn(send(second, Version::HTTP_11, get("/healthz")));
    // Each of these takes as many turns of server and clients as the second one's only request would.
    for _ in 0..100 {
        ask_again(&mut first).await;
    }
    let beside = answer.is_finished();
    drop(first);
    assert_eq!(answer.await.unwrap().unwrap().status, StatusCode::OK);
    beside
}

#[tokio::test]
async fn beyond_max_connections_one_waits_for_a_place() {
    assert!(a_second_is_served_beside_the_first(2).await);
    assert!(!a_second_is_served_beside_the_first(1).await);
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_opens_as_many_files_as_it_may_and_warns_where_they_are_too_few_for_its_connections() {
    let machine = ServerMachine::new();
    let server = machine.start_limited("-Sn 200 && ulimit -Hn 300", &[]);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(files.split_whitespace().filter(|word| *word == "300").count(), 2, "{files}");
    let warning = server.logs("max_connections=1024");
    assert!(warning.contains("WARN") && warning.contains("have 300 files open"), "{warning}");
    drop(server);
    let server = machine.start_limited("-Sn 200 && ulimit -Hn 300", &["--max-connections", "236"]);
    server.logs("serving");
    assert!(!server.log().contains("files open"), "{}", server.log());
}

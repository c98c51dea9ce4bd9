use axum::http::{StatusCode, Version};

use super::process::ServerMachine;
use crate::support::http_client::{ask_plainly, get};
use crate::support::ran::Ran;

#[test]
fn both_versions_of_http_are_spoken_without_tls_where_only_this_machine_can_listen_in() {
    let machine = ServerMachine::new();
    let server = machine.start(&["--tls", "off"]);
    assert_eq!(server.ready["url"], format!("http://{}", server.address()));
    assert!(server.ready["ca_file"].is_null());
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let answer = ask_plainly(server.address(), version, get("/readyz"));
        assert_eq!((answer.status, answer.version), (StatusCode::OK, version));
    }
    assert!(!machine.path("data/tls").exists());
}

#[test]
fn others_are_not_served_plain_http_unless_that_is_allowed_by_name() {
    let machine = ServerMachine::new();
    let refused = machine.command(&["--data", "data", "--listen", "0.0.0.0:0", "--tls", "off"]).output().unwrap();
    Ran::from(refused).exits(2).says("--tls: plain HTTP on 0.0.0.0:0").says("allow_plain_http = true");
    assert!(!machine.path("data").exists());
    let server = machine.start(&["--listen", "0.0.0.0:0", "--tls", "off", "--allow-plain-http"]);
    assert!(server.address().starts_with("127.0.0.1:"), "a script is told an address that it can reach");
    assert_eq!(ask_plainly(server.address(), Version::HTTP_11, get("/healthz")).status, StatusCode::OK);
}

#[test]
fn what_is_not_there_is_said_in_the_language_of_who_asks() {
    let machine = ServerMachine::new();
    let server = machine.start(&["--tls", "off"]);
    let answer = ask_plainly(server.address(), Version::HTTP_11, get("/nowhere?token=secret"));
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let body: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(body["error"]["message"], "there is nothing at GET /nowhere");
    assert_eq!(body["error"]["request_id"], answer.header("x-request-id"));
    let mut request = get("/no.such.Service/Method");
    request.headers_mut().insert("content-type", "application/grpc".parse().unwrap());
    let answer = ask_plainly(server.address(), Version::HTTP_2, request);
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!((answer.header("grpc-status"), answer.header("content-type")), ("12", "application/grpc"));
}

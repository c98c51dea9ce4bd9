use axum::http::{HeaderValue, Version};
use serde_json::Value;

use super::process::{ServerMachine, ServerProcess};
use crate::support::http_client::{Answer, ask_plainly, get};

fn ask_as(server: &ServerProcess, path: &str, id: &str) -> Answer {
    let mut request = get(path);
    request.headers_mut().insert("x-request-id", HeaderValue::from_str(id).unwrap());
    ask_plainly(server.address(), Version::HTTP_11, request)
}

#[test]
fn a_request_has_one_id_in_its_answer_and_in_its_one_line_of_the_log() {
    let machine = ServerMachine::new();
    let server = machine.start(&["--tls", "off"]);
    let made = ask_plainly(server.address(), Version::HTTP_2, get("/healthz"));
    let id = made.header("x-request-id");
    let line = server.logs(id);
    for part in ["INFO", "method=GET", "path=\"/healthz\"", "status=\"200\"", "bytes=3", "client=127.0.0.1:"] {
        assert!(line.contains(part), "{part} in {line}");
    }
    let given = ask_as(&server, "/nowhere", "job-17");
    assert_eq!(given.header("x-request-id"), "job-17");
    assert!(server.logs("job-17").contains("status=\"404\""));
    assert_eq!(server.log().matches("job-17").count(), 1);
    let unfit = ask_as(&server, "/healthz", "two words");
    assert_ne!(unfit.header("x-request-id"), "two words");
    assert!(!server.log().contains("two words"));
}

#[test]
fn for_machines_every_line_is_an_object() {
    let machine = ServerMachine::new();
    let server = machine.start(&["--tls", "off", "--log-format", "json"]);
    ask_as(&server, "/healthz", "job-18");
    let line: Value = serde_json::from_str(&server.logs("job-18")).unwrap();
    assert_eq!(line["message"], "request");
    assert_eq!(line["request_id"], "job-18");
    assert_eq!(line["path"], "/healthz");
    assert_eq!(line["status"], "200");
    assert!(line["ms"].is_number() && line["timestamp"].is_string(), "{line}");
    server.signal("TERM");
    let (status, log) = server.ended();
    assert!(status.success());
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object()), "{line}");
    }
}

#[test]
fn nothing_that_may_be_secret_reaches_the_log_however_much_is_logged() {
    let machine = ServerMachine::new();
    for format in ["text", "json"] {
        let server = machine.start(&["--tls", "off", "--log-level", "trace", "--log-format", format]);
        for version in [Version::HTTP_11, Version::HTTP_2] {
            for path in ["/healthz?token=hunter2", "/registry.v1.RegistryService/ListBuckets", "/hidden?x=hunter2"] {
                for kind in ["application/grpc", "application/json"] {
                    let mut request = get(path);
                    let headers = request.headers_mut();
                    headers.insert("content-type", HeaderValue::from_static(kind));
                    headers.insert("authorization", HeaderValue::from_static("Bearer hunter2"));
                    headers.insert("cookie", HeaderValue::from_static("session=hunter2"));
                    headers.insert("x-anything", HeaderValue::from_static("hunter2"));
                    ask_plainly(server.address(), version, request);
                }
            }
        }
        ask_as(&server, "/healthz", "the-last");
        server.logs("the-last");
        assert!(!server.log().contains("hunter2"), "{}", server.log());
        assert!(server.log().contains("/hidden"), "what no route takes is named");
    }
}

//! Builds that push to a server: one that is there, one that is away, and one behind a bad network.

use std::net::TcpListener;

use serde_json::Value;

use crate::support::sandbox::Sandbox;
use crate::support::socket_server::SocketServer;
use crate::support::tcp_proxy::{Fault, TcpProxy};
use crate::support::templates::null;

fn waiting(sandbox: &Sandbox) -> Vec<Value> {
    serde_json::from_value(sandbox.json(&["spool", "list"])).expect("a list")
}

fn twenty() -> Vec<String> {
    (1..=20).map(|number| format!("n{number:02}")).collect()
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_pushes_to_a_server_and_reads_it_back() {
    let server = SocketServer::open();
    let sandbox = Sandbox::new().with("PACKER_REGISTRY_URL", &server.url());
    let template = sandbox.write("two.pkr.hcl", &null(&["east", "west"], "bucket_name = \"pair\""));
    sandbox.build(&[&template]).succeeded().says("is complete: v1");
    let iteration = sandbox.only_iteration("pair");
    assert_eq!((iteration["version"].as_u64(), iteration["builds"].as_array().map(Vec::len)), (Some(1), Some(2)));
    assert_eq!(waiting(&sandbox).len(), 0);
    assert!(!sandbox.path("home/.local/share").exists(), "nothing is kept here");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn what_a_build_could_not_push_goes_with_the_next_build() {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let url = format!("http://{address}");
    let sandbox = Sandbox::new().with("PACKER_REGISTRY_URL", &url).with("GITHUB_ACTIONS", "true");
    let template = sandbox.write("one.pkr.hcl", &null(&["east"], "bucket_name = \"alone\""));
    sandbox
        .build(&[&template])
        .succeeded()
        .says("refuses connections")
        .says("this is a CI job (github), so keep that folder");
    let spooled = waiting(&sandbox);
    assert_eq!((spooled.len(), &spooled[0]["state"], &spooled[0]["registry"]), (1, &"confirmed".into(), &url.into()));

    let _server = SocketServer::open_at(address);
    sandbox.build(&[&template]).succeeded().says("Delivered what had waited");
    assert_eq!(waiting(&sandbox).len(), 0);
    let versions: Vec<_> = sandbox.iterations("alone").iter().map(|i| i["status"].clone()).collect();
    assert_eq!(versions, ["complete", "complete"]);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn twenty_parallel_builds_over_a_bad_network_land_in_one_iteration_once() {
    let server = SocketServer::open();
    // Each build connects to look whether the server is there, and once or more to push.
    let faults = (0..60).map(|n| if n % 3 == 0 { Fault::Cut } else { Fault::LoseReply });
    let proxy = TcpProxy::before(server.address, faults);
    let sandbox = Sandbox::new().with("PACKER_REGISTRY_URL", &proxy.url());
    let names = twenty();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let template = sandbox.write("many.pkr.hcl", &null(&names, "bucket_name = \"many\""));
    sandbox.build(&[&template]).succeeded();
    assert_eq!(proxy.to_come(), 0, "the network was not bad enough");
    let sandbox = sandbox.with("PACKER_REGISTRY_URL", &server.url());
    assert_eq!(waiting(&sandbox).len(), 0);
    let iteration = sandbox.only_iteration("many");
    let builds: Vec<_> = iteration["builds"].as_array().expect("builds").iter().map(|b| b["status"].clone()).collect();
    assert_eq!(builds, vec![Value::from("done"); 20]);
}

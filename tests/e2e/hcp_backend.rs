//! Builds whose post-processor pushes to HCP Packer: to our server, which speaks that wire.

use serde_json::Value;

use super::amazon::two_sources_in_two_regions;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;
use crate::support::templates::file;

/// `sandbox` with what a person with a working HCP has, and `hcp://`: nothing else leads to the server.
fn on_hcp(server: &Server, sandbox: Sandbox) -> Sandbox {
    let variables = server.used_by(Sandbox::new()).json(&["env"]);
    let variables = variables.as_object().expect("variables");
    let set = |sandbox: Sandbox, (name, value): (&String, &Value)| sandbox.with(name, value.as_str().expect("a text"));
    // The bundle lies in the home of another sandbox, which is gone by then.
    let [_, _, _, (_, ca)] = server.variables();
    variables.iter().fold(sandbox, set).with("SSL_CERT_FILE", &ca).with("PACKER_REGISTRY_URL", "hcp://")
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn two_sources_in_two_regions_become_one_version_of_hcp() {
    let server = Server::start(None);
    two_sources_in_two_regions(&on_hcp(&server, Sandbox::with_amazon()));
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_pushes_to_hcp_and_what_it_could_not_push_goes_with_the_next() {
    let mut server = Server::start(None);
    let sandbox = on_hcp(&server, Sandbox::new());
    let chain = "post-processor \"registry\" {\n bucket_name = \"alone\"\n channels = [\"development\"]\n }";
    let template = sandbox.write("one.pkr.hcl", &file(chain));
    sandbox.build(&[&template]).succeeded().says("is complete: v1").says("development");
    server.kill();
    sandbox.build(&["-force", &template]).succeeded().says("refuses connections");
    let waiting = sandbox.json(&["spool", "list"]);
    assert_eq!((waiting[0]["registry"].as_str(), waiting[0]["state"].as_str()), (Some("hcp://"), Some("confirmed")));
    server.start_again();
    sandbox.build(&["-force", &template]).succeeded().says("Delivered what had waited");
    assert_eq!(sandbox.json(&["spool", "list"]).as_array().map(Vec::len), Some(0));
    let versions: Vec<_> = sandbox.iterations("alone").iter().map(|i| i["status"].clone()).collect();
    assert_eq!(versions, ["complete", "complete", "complete"]);
}

//! A server that is away, or does not let a build in: what the build is told, and what becomes of the image.

use super::sacred_image::{OURS, OURS_OR_FAIL, build, build_while, has_image, spooled};
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A machine whose server is away since it was last used.
fn with_a_server_that_is_away() -> Sandbox {
    let mut server = Server::start(None);
    let sandbox = server.used_by(Sandbox::new());
    // The file with its CA goes with the server's data.
    let [_, _, _, (name, ca)] = server.variables();
    let kept = sandbox.path("ca.pem");
    std::fs::copy(ca, &kept).expect("a file can be copied");
    server.kill();
    sandbox.with(name, kept.to_str().expect("a text"))
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_server_that_is_away_refuses_a_build_that_asks_to_fail_before_there_is_an_image() {
    let sandbox = with_a_server_that_is_away();
    build(&sandbox, OURS_OR_FAIL)
        .failed()
        .says("the registry cannot be written, and on_unavailable is \"fail\"")
        .says("refuses connections; is the server running, on this port?")
        .does_not_say("Running post-processor");
    assert!(!has_image(&sandbox), "nothing was built");
    assert_eq!(spooled(&sandbox), 0);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_server_that_is_killed_during_a_build_that_asks_to_fail_costs_the_image() {
    let mut server = Server::start(None);
    let sandbox = server.used_by(Sandbox::new());
    build_while(&sandbox, OURS_OR_FAIL, || server.kill())
        .failed()
        .says("the registry did not take the record, and on_unavailable is \"fail\"")
        .says("refuses connections");
    assert!(!has_image(&sandbox), "the documentation says that this costs the image");
    assert_eq!(spooled(&sandbox), 0);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_secret_that_is_wrong_is_told_before_the_build_and_costs_no_image() {
    let server = Server::start(None);
    let wrong = Sandbox::new();
    let sandbox = server.used_by(wrong).with("PACKER_REGISTRY_CLIENT_SECRET", "not-the-secret");
    let warned = "Warning: before the build, the registry could not be written";
    let told = "does not let the client of PACKER_REGISTRY_CLIENT_ID and its secret in";
    build(&sandbox, OURS).succeeded().says(warned).says(told).says("The image is kept");
    assert!(has_image(&sandbox));
    assert_eq!(spooled(&sandbox), 1);
    server.used_by(sandbox).registry(&["spool", "push"]).succeeded();

    let sandbox = server.used_by(Sandbox::new()).with("PACKER_REGISTRY_CLIENT_SECRET", "not-the-secret");
    build(&sandbox, OURS_OR_FAIL).failed().says(told).does_not_say("Running post-processor");
    assert!(!has_image(&sandbox), "nothing was built");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_ca_that_is_not_the_servers_is_told_before_the_build_and_costs_no_image() {
    let (server, other) = (Server::start(None), Server::start(None));
    let [_, _, _, (name, ca)] = other.variables();
    let sandbox = server.used_by(Sandbox::new()).with(name, &ca);
    let told = "is not signed by an authority in the file of PACKER_REGISTRY_CA_FILE; is it the CA of this server";
    let warned = "Warning: before the build, the registry could not be written";
    build(&sandbox, OURS).succeeded().says(warned).says(told).says("The image is kept");
    assert!(has_image(&sandbox));
    assert_eq!(spooled(&sandbox), 1);
    server.used_by(sandbox).registry(&["spool", "push"]).succeeded();

    let sandbox = server.used_by(Sandbox::new()).with(name, &ca);
    build(&sandbox, OURS_OR_FAIL).failed().says(told).does_not_say("Running post-processor");
    assert!(!has_image(&sandbox), "nothing was built");
}

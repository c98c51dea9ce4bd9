use super::machine::{as_principal, on_hcp, template};
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// The template, and the machine of the owner who has built from it once.
fn built_once(server: &Server) -> (String, Sandbox) {
    let sandbox = on_hcp(server);
    let path = sandbox.write("web.pkr.hcl", &template("  bucket_name = \"web\"", &[("x", "out/x.txt")]));
    sandbox.build(&[&path]).succeeded();
    (path, sandbox)
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_contributor_of_one_bucket_builds_into_it() {
    let server = Server::start(None);
    let (path, owner) = built_once(&server);
    let sandbox = as_principal(owner, &["contributor", "--bucket", "web"]);
    sandbox.build(&["-force", &path]).succeeded();
    let newest = &sandbox.iterations("web")[0];
    assert_eq!((newest["version"].as_u64(), newest["author"].as_str()), (Some(2), Some("ci")), "{newest}");
    let other = sandbox.write("app.pkr.hcl", &template("  bucket_name = \"app\"", &[("x", "out/x.txt")]));
    sandbox.build(&["-force", &other]).failed().says("failed to initialize bucket \"app\"");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_viewer_is_refused_before_anything_is_built() {
    let server = Server::start(None);
    let (path, owner) = built_once(&server);
    let sandbox = as_principal(owner, &["viewer"]);
    std::fs::remove_file(sandbox.path("out/x.txt")).unwrap();
    sandbox.build(&[&path]).failed().says("failed to create Version for Bucket web");
    assert!(!sandbox.path("out/x.txt").exists());
    assert_eq!(sandbox.only_iteration("web")["version"], 1);
}

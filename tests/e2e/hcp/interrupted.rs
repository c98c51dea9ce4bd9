use super::machine::{builds, on_hcp};
use crate::support::running::Running;
use crate::support::server::Server;

// The command leaves Ctrl-C to Packer: were it to end by the signal itself, Packer might see a build that failed before
// it knows that it was interrupted.
const ONE_TAKES_LONG: &str = r#"
hcp_packer_registry {
  bucket_name = "web"
}
source "file" "slow" {
  content = "image"
  target  = "out/slow.txt"
}
build {
  sources = ["source.file.slow"]
  post-processor "shell-local" {
    inline = ["trap '' INT; exec sleep 600"]
  }
}
"#;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_that_is_interrupted_is_cancelled() {
    let server = Server::start(None);
    let sandbox = on_hcp(&server);
    let template = sandbox.write("web.pkr.hcl", ONE_TAKES_LONG);
    let mut packer = Running::start(sandbox.build_command(&[&template]));
    packer.until_it_says("Running local shell script");
    assert_eq!(builds(&sandbox.only_iteration("web")), [("file.slow", "running")]);
    packer.interrupt();
    packer.end().failed();
    let iteration = sandbox.only_iteration("web");
    assert_eq!((&iteration["status"], builds(&iteration)), (&"incomplete".into(), vec![("file.slow", "cancelled")]));
}

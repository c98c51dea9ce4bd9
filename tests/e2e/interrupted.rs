//! Ctrl-C, which reaches Packer and every plugin at once.

use std::fs::File;

use crate::support::running::Running;
use crate::support::sandbox::Sandbox;

const ONE_TAKES_LONG: &str = r#"
source "null" "quick" {
  communicator = "none"
}
source "null" "slow" {
  communicator = "none"
}
build {
  sources = ["source.null.quick", "source.null.slow"]
  provisioner "shell-local" {
    only   = ["null.slow"]
    inline = ["exec sleep 600"]
  }
  post-processor "registry" {
    bucket_name = "pair"
    channels    = ["development"]
  }
}
"#;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn ctrl_c_during_one_build_keeps_what_the_other_recorded() {
    let sandbox = Sandbox::new();
    let template = sandbox.write("pair.pkr.hcl", ONE_TAKES_LONG);
    let mut packer = Running::start(sandbox.build_command(&[&template]));
    packer.until_it_says("Build 'null.quick' finished");
    packer.interrupt();
    packer.end().failed();

    let iteration = sandbox.only_iteration("pair");
    assert_eq!(iteration["status"], "incomplete");
    assert_eq!(iteration["missing"], serde_json::json!(["null.slow"]));
    assert_eq!(iteration["builds"][0]["component_type"], "null.quick");
    assert_eq!(iteration["builds"][0]["status"], "done");
    sandbox.registry(&["channel", "show", "--bucket", "pair", "--channel", "development"]).failed();
}

const LONG_FILE: &str = r#"
source "null" "disk" {
  communicator = "none"
}
build {
  sources = ["source.null.disk"]
  post-processors {
    post-processor "artifice" {
      files = ["disk.img"]
    }
    post-processor "registry" {
      bucket_name = "disks"
    }
  }
}
"#;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn ctrl_c_while_a_long_file_is_hashed_ends_the_hashing_and_keeps_the_record() {
    let sandbox = Sandbox::new();
    // A file with nothing in it but its length: an hour's work to hash, no space on the disk.
    let length = 2 << 40;
    File::create(sandbox.path("disk.img")).unwrap().set_len(length).unwrap();
    let template = sandbox.write("disk.pkr.hcl", LONG_FILE);
    let mut packer = Running::start(sandbox.build_command(&[&template]));
    packer.until_it_says("Hashing disk.img");
    packer.interrupt();
    packer.end();

    sandbox.registry(&["spool", "push"]).succeeded();
    let build = sandbox.only_iteration("disks")["builds"][0].clone();
    assert_eq!(build["files"], serde_json::json!([{ "name": "disk.img", "size": length, "sha256": null }]));
}

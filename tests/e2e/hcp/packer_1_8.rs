//! Packer 1.8.7, which speaks the API of 2021-04-30 and no other.

use std::fmt::Write as _;

use serde_json::json;

use super::machine::{builds, on_hcp, recorded, text};
use super::transcripts::same_as_before;
use crate::support::peers;
use crate::support::recorder::Recorder;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

/// A template of `file` sources, each with a target. This Packer knows the registry block within the build only.
pub(super) fn template(sources: &[(&str, &str)]) -> String {
    let mut template = String::new();
    for (name, target) in sources {
        writeln!(template, "source \"file\" \"{name}\" {{\n  content = \"image\"\n  target  = \"{target}\"\n}}")
            .unwrap();
    }
    let list: Vec<String> = sources.iter().map(|(name, _)| format!("\"source.file.{name}\"")).collect();
    template
        + &format!(
            r#"build {{
  hcp_packer_registry {{
    bucket_name   = "web"
    description   = "The shop"
    bucket_labels = {{ team = "blue" }}
    build_labels  = {{ "build-time" = "noon" }}
  }}
  sources = [{}]
}}
"#,
            list.join(", ")
        )
}

pub(super) fn old(sandbox: Sandbox) -> Sandbox {
    // By itself it takes the commit of the working directory, where there is none.
    sandbox.with_packer(peers::packer_1_8()).with("HCP_PACKER_BUILD_FINGERPRINT", "release-1")
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_records_its_images_and_is_not_repeated() {
    let server = Server::start(None);
    let sandbox = old(on_hcp(&server));
    let path = sandbox.write("web.pkr.hcl", &template(&[("east", "out/east.txt"), ("west", "out/west.txt")]));
    sandbox.build(&[&path]).succeeded().says("Published metadata to HCP Packer registry packer/web/iterations/");
    let bucket = sandbox.json(&["bucket", "show", "--bucket", "web"]);
    assert_eq!((&bucket["description"], &bucket["labels"]), (&json!("The shop"), &json!({"team": "blue"})));
    let iteration = sandbox.only_iteration("web");
    assert_eq!((&iteration["version"], &iteration["status"]), (&json!(1), &json!("complete")));
    assert_eq!((&iteration["fingerprint"], &iteration["channels"]), (&json!("release-1"), &json!(["latest"])));
    assert_eq!(builds(&iteration), [("file.east", "done"), ("file.west", "done")]);
    let east = &iteration["builds"][0];
    assert_eq!((&east["platform"], &east["labels"]["build-time"]), (&json!("packer.file"), &json!("noon")));
    let artifact = &east["artifacts"][0];
    assert_eq!((text(&artifact["external_identifier"]), text(&artifact["region"])), ("east.txt", "out"));

    sandbox.build(&["-force", &path]).failed().says("is complete");
    assert_eq!(sandbox.only_iteration("web"), iteration);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn one_of_two_sources_fails_and_is_made_up_for() {
    let server = Server::start(None);
    let recorder = Recorder::before(&server);
    let sandbox = old(recorded(&server, &recorder));
    sandbox.write("in-the-way", "");
    let path = sandbox.write("web.pkr.hcl", &template(&[("bad", "in-the-way/bad.txt"), ("good", "out/good.txt")]));
    sandbox.build(&["-parallel-builds=1", &path]).failed();
    same_as_before("packer_1_8_one_of_two_fails", &sandbox, recorder.take());
    let iteration = sandbox.only_iteration("web");
    assert_eq!((&iteration["status"], &iteration["version"]), (&json!("incomplete"), &json!(null)));
    assert_eq!(builds(&iteration), [("file.bad", "failed"), ("file.good", "done")]);
    let good = iteration["builds"][1].clone();

    std::fs::remove_file(sandbox.path("in-the-way")).unwrap();
    sandbox.build(&["-force", &path]).succeeded();
    same_as_before("packer_1_8_resumed", &sandbox, recorder.take());
    let iteration = sandbox.only_iteration("web");
    assert_eq!((&iteration["status"], &iteration["version"]), (&json!("complete"), &json!(1)));
    assert_eq!(builds(&iteration), [("file.bad", "done"), ("file.good", "done")]);
    assert_eq!(iteration["builds"][1], good, "what was done stays as it was");

    sandbox.build(&["-force", &path]).failed();
    same_as_before("packer_1_8_complete_already", &sandbox, recorder.take());
}

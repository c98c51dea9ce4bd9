//! How builds can be arranged: many at once, one that fails, named build blocks, and runs that build nothing.

use crate::support::sandbox::Sandbox;
use crate::support::templates::{example, null};

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn twenty_parallel_builds_land_in_one_iteration() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (1..=20).map(|number| format!("n{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let template = sandbox.write("many.pkr.hcl", &null(&names, "bucket_name = \"many\"\nchannels = [\"all\"]"));
    sandbox.build(&[&template]).succeeded().says("is complete: v1; now in channel all");

    let iteration = sandbox.channel("many", "all");
    let builds: Vec<(&str, &str)> = iteration["builds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|build| (build["component_type"].as_str().unwrap(), build["status"].as_str().unwrap()))
        .collect();
    let expected: Vec<String> = names.iter().map(|name| format!("null.{name}")).collect();
    assert_eq!(builds, expected.iter().map(|name| (name.as_str(), "done")).collect::<Vec<_>>());
    assert_eq!(sandbox.iterations("many").len(), 1);
}

const ONE_FAILS: &str = r#"
variable "west" {
  default = "false"
}
source "null" "east" {
  communicator = "none"
}
source "null" "west" {
  communicator = "none"
}
build {
  sources = ["source.null.east", "source.null.west"]
  provisioner "shell-local" {
    only   = ["null.west"]
    inline = [var.west]
  }
  post-processor "registry" {
    bucket_name = "pair"
    channels    = ["development"]
  }
}
"#;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_failing_build_leaves_an_iteration_that_says_how_to_resume_it() {
    let sandbox = Sandbox::new();
    let template = sandbox.write("pair.pkr.hcl", ONE_FAILS);
    let said = sandbox.build(&[&template]).failed().says("has 1 of 2 builds; missing: null.west");
    let partial = sandbox.only_iteration("pair");
    assert_eq!(
        (partial["status"].as_str(), &partial["missing"]),
        (Some("incomplete"), &serde_json::json!(["null.west"]))
    );
    sandbox.registry(&["channel", "show", "--bucket", "pair", "--channel", "development"]).failed();

    // What a person does: takes the two words that Packer printed.
    let words: Vec<&str> = said.text.split_whitespace().collect();
    let resume = words.iter().position(|word| word.starts_with("PACKER_REGISTRY_FINGERPRINT=")).expect("it says how");
    let fingerprint = words[resume].split_once('=').unwrap().1;
    let only = words[resume..].iter().find(|word| word.starts_with("-only=")).expect("it says which").replace('\'', "");
    let sandbox = sandbox.with("PACKER_REGISTRY_FINGERPRINT", fingerprint);
    sandbox
        .build(&[&only, "-var", "west=true", &template])
        .succeeded()
        .says("is complete: v1; now in channel development");
    let iteration = sandbox.channel("pair", "development");
    assert_eq!((&iteration["fingerprint"], &iteration["id"]), (&partial["fingerprint"], &partial["id"]));
    assert_eq!(iteration["builds"].as_array().unwrap().len(), 2);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_that_runs_again_replaces_its_record_and_keeps_the_old_one_as_superseded() {
    let sandbox = Sandbox::new().with("PACKER_REGISTRY_FINGERPRINT", "release-7");
    let template = sandbox.write("pair.pkr.hcl", ONE_FAILS);
    sandbox.build(&[&template]).failed();
    sandbox.build(&[&template]).failed().says("null.east of this iteration had been recorded by run");
    let iteration = sandbox.only_iteration("pair");
    let builds: Vec<_> = iteration["builds"].as_array().unwrap().iter().map(|build| &build["status"]).collect();
    assert_eq!(builds, ["done", "superseded"]);
}

fn two_named_blocks(options: &str) -> String {
    let block = |name: &str| {
        format!(
            "build {{\n  name = \"{name}\"\n  sources = [\"source.null.x\"]\n  post-processor \"registry\" {{\n    \
             bucket_name = \"blocks\"\n    {options}\n  }}\n}}\n"
        )
    };
    format!("source \"null\" \"x\" {{\n  communicator = \"none\"\n}}\n{}{}", block("first"), block("second"))
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn two_build_blocks_over_one_source_are_refused_before_the_build_and_told_the_cure() {
    let cure = "component_type = \"${build.name}.${source.type}.${source.name}\"";
    let sandbox = Sandbox::new();
    let refused = sandbox.write("refused.pkr.hcl", &two_named_blocks(""));
    // Packer goes on with the first that asked; nothing of the second was built.
    sandbox.build(&[&refused]).failed().says(cure).does_not_say("==> second.null.x: Running");
    assert_eq!(sandbox.only_iteration("blocks")["builds"].as_array().unwrap().len(), 1);

    let cured = sandbox.write("cured.pkr.hcl", &two_named_blocks(cure));
    sandbox.build(&[&cured]).succeeded();
    let iteration = sandbox.channel("blocks", "latest");
    let builds: Vec<_> = iteration["builds"].as_array().unwrap().iter().map(|build| &build["component_type"]).collect();
    assert_eq!(builds, ["first.null.x", "second.null.x"]);
    assert_eq!(iteration["version"], 2);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn validate_finds_all_faults_and_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.packer(&["validate", &example("file")]).succeeded();
    let faulty = sandbox.write(
        "faulty.pkr.hcl",
        &null(&["x"], "bucket_name = \"no spaces\"\non_existing = \"never\"\nchannels = [\"latest\"]"),
    );
    sandbox.packer(&["validate", &faulty]).failed().says("bucket_name:").says("on_existing:").says("channels:");
    assert!(!sandbox.path("home/.local/share").exists(), "a registry was made");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn values_that_are_known_only_after_the_build_are_recorded_as_they_then_are() {
    let sandbox = Sandbox::new();
    // A null builder tells its artifact's id, and not its run.
    let options = "bucket_name = \"late\"\nbuild_labels = { id = build.ID, run = \"x-${build.PackerRunUUID}\" }";
    let template = sandbox.write("late.pkr.hcl", &null(&["x"], options));
    sandbox.packer(&["validate", &template]).succeeded();
    sandbox
        .build(&[&template])
        .succeeded()
        .says("Warning: build_labels \"run\": a part of it is not known even after the build");
    assert_eq!(sandbox.only_iteration("late")["builds"][0]["labels"], serde_json::json!({ "id": "Null" }));
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_bucket_that_the_build_never_names_costs_no_image() {
    let sandbox = Sandbox::new();
    let options = "bucket_name = \"x-${build.PackerRunUUID}\"\nurl = \"sqlite:${build.PackerRunUUID}\"";
    let template = sandbox.write("late.pkr.hcl", &null(&["x"], options));
    sandbox
        .build(&[&template])
        .succeeded()
        .says("Warning: bucket_name: a part of it is not known even after the build; x--unknown is used")
        .says("Warning: url: a part of it is not known even after the build")
        .says("The image is kept");
    sandbox.registry(&["spool", "push"]).succeeded();
    assert_eq!(sandbox.only_iteration("x--unknown")["version"], 1);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_complete_iteration_is_left_alone_or_refused_as_the_template_says() {
    let sandbox = Sandbox::new().with("PACKER_REGISTRY_FINGERPRINT", "release-7");
    let new = sandbox.write("new.pkr.hcl", &null(&["x"], "bucket_name = \"again\""));
    sandbox.build(&[&new]).succeeded().says("iteration release-7".trim_start_matches("iteration ")).says("v1");
    sandbox.build(&[&new]).succeeded().says("iteration release-7 is complete and never changes again").says("v2");
    let versions: Vec<_> = sandbox.iterations("again").iter().map(|found| found["version"].clone()).collect();
    assert_eq!(versions, [2, 1]);

    let fail = sandbox.write("fail.pkr.hcl", &null(&["x"], "bucket_name = \"again\"\non_existing = \"fail\""));
    sandbox.build(&[&fail]).failed().says("fingerprint: iteration release-7").does_not_say("Running post-processor");
    assert_eq!(sandbox.iterations("again").len(), 2);
}

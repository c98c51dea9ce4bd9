//! The main job: images of two builds in two regions, recorded by an unmodified Packer and read back.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::sandbox::Sandbox;
use crate::support::templates::example;

const BUCKET: &str = "learn-packer-ubuntu";

/// The images of an iteration: (component type, region) to identifier.
fn images(iteration: &Value) -> BTreeMap<(String, String), String> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let builds = iteration["builds"].as_array().expect("a list").iter();
    builds
        .flat_map(|build| {
            let artifacts = build["artifacts"].as_array().expect("a list").iter();
            artifacts.map(|artifact| {
                let place = (text(&build["component_type"]), text(&artifact["region"]));
                (place, text(&artifact["external_identifier"]))
            })
        })
        .collect()
}

/// The parts of an iteration that two ways of recording must agree on.
fn summary(iteration: &Value) -> Value {
    let builds = iteration["builds"].as_array().expect("a list").iter();
    let builds = builds.map(|build| {
        serde_json::json!([
            build["component_type"],
            build["platform"],
            build["status"],
            build["metadata"]["template_type"]
        ])
    });
    serde_json::json!([iteration["status"], iteration["version"], iteration["channels"], builds.collect::<Vec<_>>()])
}

pub(super) fn two_sources_in_two_regions(sandbox: &Sandbox) {
    let said = sandbox.build(&[&example("amazon")]).succeeded().says("is complete: v1; now in channel development");

    let iteration = sandbox.channel(BUCKET, "development");
    assert_eq!(
        summary(&iteration),
        serde_json::json!([
            "complete",
            1,
            ["development", "latest"],
            [["amazon-ebs.ubuntu", "aws", "done", "hcl2"], ["amazon-ebs.ubuntu-agents", "aws", "done", "hcl2"]]
        ])
    );
    let images = images(&iteration);
    let places: Vec<(&str, &str)> = images.keys().map(|(build, region)| (build.as_str(), region.as_str())).collect();
    assert_eq!(
        places,
        [
            ("amazon-ebs.ubuntu", "us-east-1"),
            ("amazon-ebs.ubuntu", "us-west-2"),
            ("amazon-ebs.ubuntu-agents", "us-east-1"),
            ("amazon-ebs.ubuntu-agents", "us-west-2"),
        ]
    );
    for ((_, region), id) in &images {
        // Packer's own list of artifacts is the witness.
        assert!(said.text.contains(&format!("{region}: {id}\n")), "{region}: {id} is not in:\n{}", said.text);
    }
    assert_eq!(iteration["builds"][0]["source_external_identifier"], "ami-12c6146b");
    assert_eq!(iteration["builds"][0]["metadata"]["packer_version"], "1.16.0");
    assert_eq!(sandbox.json(&["bucket", "show", "--bucket", BUCKET])["labels"]["owner"], "platform-team");

    let bare = sandbox.registry(&[
        "artifact",
        "get",
        "--bucket",
        BUCKET,
        "--channel",
        "development",
        "--platform",
        "aws",
        "--region",
        "us-west-2",
        "--component-type",
        "amazon-ebs.ubuntu",
    ]);
    let wanted = &images[&("amazon-ebs.ubuntu".to_owned(), "us-west-2".to_owned())];
    assert_eq!(bare.succeeded().stdout.trim_end(), wanted);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn two_sources_in_two_regions_become_one_iteration() {
    two_sources_in_two_regions(&Sandbox::with_amazon());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn two_sources_in_two_regions_become_one_iteration_for_a_packer_that_speaks_gob() {
    two_sources_in_two_regions(&Sandbox::with_amazon().with("PACKER_FORCE_GOB", "1"));
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_run_of_one_build_assigns_no_channel_and_the_run_of_the_other_completes_the_iteration() {
    let sandbox = Sandbox::with_amazon();
    sandbox
        .build(&["-only=amazon-ebs.ubuntu", &example("amazon")])
        .succeeded()
        .says("has 1 of 2 builds; missing: amazon-ebs.ubuntu-agents");
    sandbox.registry(&["iteration", "show", "--bucket", BUCKET, "--channel", "development"]).failed();
    let partial = sandbox.only_iteration(BUCKET);
    assert_eq!((&partial["status"], &partial["version"]), (&"incomplete".into(), &Value::Null));

    let fingerprint = partial["fingerprint"].as_str().unwrap().to_owned();
    let sandbox = sandbox.with("PACKER_REGISTRY_FINGERPRINT", &fingerprint);
    sandbox.build(&["-only=*amazon-ebs.ubuntu-agents", &example("amazon")]).succeeded().says("is complete: v1");

    let iteration = sandbox.channel(BUCKET, "development");
    assert_eq!(iteration["fingerprint"], fingerprint.as_str());
    assert_eq!(images(&iteration).len(), 4);
    let runs = [&iteration["builds"][0]["run_uuid"], &iteration["builds"][1]["run_uuid"]];
    assert_ne!(runs[0], runs[1]);
    assert_eq!(sandbox.iterations(BUCKET).len(), 1);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_build_from_a_channels_image_records_its_parent() {
    let sandbox = Sandbox::with_amazon();
    sandbox.build(&[&example("child")]).failed().says("no registry at");
    sandbox.build(&[&example("amazon")]).succeeded();
    let base = sandbox.channel(BUCKET, "development");
    sandbox.build(&[&example("child")]).succeeded();

    let child = sandbox.channel("learn-packer-app", "development");
    let build = &child["builds"][0];
    let image = &images(&base)[&("amazon-ebs.ubuntu".to_owned(), "us-west-2".to_owned())];
    assert_eq!(build["source_external_identifier"], image.as_str());
    let parent = &build["parents"][0];
    assert_eq!(
        serde_json::json!([
            parent["bucket"],
            parent["channel"],
            parent["fingerprint"],
            parent["version"],
            parent["external_identifier"]
        ]),
        serde_json::json!([BUCKET, "development", base["fingerprint"], 1, image])
    );
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_json_template_is_recorded_with_its_options_rendered() {
    let sandbox = Sandbox::with_amazon();
    let endpoint = format!("endpoint={}", crate::support::moto::url());
    sandbox
        .build(&["-var", &endpoint, "-var", "owner=team-7", &example("json/learn-packer.json")])
        .succeeded()
        .says("is complete: v1; now in channel development");

    let iteration = sandbox.channel("learn-packer-json", "development");
    assert_eq!(
        summary(&iteration),
        serde_json::json!(["complete", 1, ["development", "latest"], [["amazon-ebs", "aws", "done", "json"]]])
    );
    assert_eq!(images(&iteration).len(), 2);
    let labels = &iteration["builds"][0]["labels"];
    assert_eq!(labels["owner"], "team-7");
    assert!(labels["build-time"].as_str().unwrap().starts_with("20"), "{labels}");
    let bucket = sandbox.json(&["bucket", "show", "--bucket", "learn-packer-json"]);
    assert_eq!(bucket["description"], "Built by Packer 1.16.0");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_manifest_after_ours_reads_what_a_manifest_before_ours_reads() {
    let sandbox = Sandbox::with_amazon();
    let template = std::fs::read_to_string(example("amazon/learn-packer.pkr.hcl")).unwrap();
    let before = "post-processors {\n    post-processor \"manifest\" { output = \"before.json\" }\n    \
                  post-processor \"registry\" {";
    let after = "  }\n  post-processor \"manifest\" { output = \"after.json\" }\n  }\n}\n";
    let template = template.replace("post-processor \"registry\" {", before);
    let template = template.trim_end().strip_suffix("  }\n}").expect("the example ends like this").to_owned() + after;
    let template = sandbox.write("chain.pkr.hcl", &template);
    sandbox.build(&["-only=amazon-ebs.ubuntu", &template]).succeeded();

    let manifest = |name: &str| -> Value {
        let mut manifest: Value = serde_json::from_str(&std::fs::read_to_string(sandbox.path(name)).unwrap()).unwrap();
        manifest["builds"][0]["build_time"] = Value::Null;
        manifest
    };
    assert_eq!(manifest("before.json"), manifest("after.json"));
    let id = manifest("after.json")["builds"][0]["artifact_id"].as_str().unwrap().to_owned();
    let recorded = images(&sandbox.only_iteration(BUCKET));
    let recorded: Vec<String> = recorded.iter().map(|((_, region), id)| format!("{region}:{id}")).collect();
    assert_eq!(id, recorded.join(","));
}

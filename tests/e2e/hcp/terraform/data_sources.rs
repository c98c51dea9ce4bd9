use serde_json::json;

use super::READ;
use super::machine::Machine;

/// The image of a source of a version.
fn artifact(fingerprint: &str, component: &str) -> String {
    format!(
        r#"
data "hcp_packer_artifact" "image" {{
  bucket_name         = "web-server"
  version_fingerprint = "{fingerprint}"
  platform            = "packer.file"
  region              = "out"
  component_type      = "{component}"
}}

output "image" {{
  value = data.hcp_packer_artifact.image.external_identifier
}}

output "component" {{
  value = data.hcp_packer_artifact.image.component_type
}}

output "image_revoke_at" {{
  value = data.hcp_packer_artifact.image.revoke_at
}}
"#
    )
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn what_packer_built_is_read_by_the_data_sources() {
    let machine = Machine::new();
    machine.apply(&format!(
        "{READ}\ndata \"hcp_packer_bucket_names\" \"all\" {{}}\noutput \"names\" {{\n  value = data.hcp_packer_bucket_names.all.names\n}}\n"
    ));
    let outputs = machine.outputs();
    assert_eq!(outputs["fingerprint"], "one");
    assert_eq!(outputs["images"], json!(["image.txt", "image.txt"]));
    assert_eq!(outputs["names"], json!(["web-server"]));
    assert!(!machine.wants_changes());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn an_image_is_chosen_by_the_source_that_made_it() {
    let machine = Machine::new();
    machine.build_twice("two");
    for (component, image) in [("file.first", "first.txt"), ("file.second", "second.txt")] {
        machine.apply(&artifact("two", component));
        let outputs = machine.outputs();
        assert_eq!((&outputs["image"], &outputs["component"]), (&json!(image), &json!(component)));
        assert!(!machine.wants_changes());
    }
    let ran = machine.try_to_apply(&artifact("two", "file.third"));
    ran.failed().says("Could not find an Artifact").says("component_type: \"file.third\"");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_revocation_is_told_by_its_time() {
    let machine = Machine::new();
    machine.build("two");
    machine.apply(READ);
    assert!(machine.outputs()["revoke_at"].as_str().unwrap().starts_with("0001-"), "the provider's word for none");
    let revoke = ["iteration", "revoke", "-b", "web-server", "-f", "two", "--reason", "old", "--yes"];
    machine.registry(&[&revoke[..], &["--at", "2999-01-01T00:00:00Z"]].concat());
    machine.apply(READ);
    assert_eq!(machine.outputs()["revoke_at"], "2999-01-01T00:00:00.000Z");
    machine.registry(&revoke);
    machine.apply(READ);
    assert_eq!(machine.outputs()["fingerprint"], "one", "latest leaves what is revoked");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn an_image_of_a_revoked_version_is_read_with_the_time_of_its_revocation() {
    let machine = Machine::new();
    let kept = ["--reason", "old", "--keep-channels", "--yes"];
    machine.registry(&["channel", "assign", "-b", "web-server", "-c", "stable", "--fingerprint", "one"]);
    let both = artifact("one", "file.image")
        + &READ
            .replace("\"latest\"\n}", "\"stable\"\n}")
            .replace("channel_name = \"latest\"", "channel_name = \"stable\"");
    machine.apply(&both);
    assert_eq!(machine.outputs().get("image_revoke_at"), None, "nothing, where it is not revoked");
    machine.registry(&[&["iteration", "revoke", "-b", "web-server", "-f", "one"], &kept[..]].concat());
    machine.apply(&both);
    let outputs = machine.outputs();
    assert_eq!((&outputs["image"], &outputs["fingerprint"]), (&json!("image.txt"), &json!("one")));
    assert_eq!(outputs["images"], json!(["image.txt", "image.txt"]), "the channel has stayed");
    assert_eq!(outputs["image_revoke_at"], outputs["revoke_at"]);
    let revoked_at = outputs["revoke_at"].as_str().unwrap();
    assert!(revoked_at.starts_with("20") && revoked_at.ends_with('Z'), "{revoked_at}");
    assert!(!machine.wants_changes());
}

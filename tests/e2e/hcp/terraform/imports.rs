use super::machine::Machine;
use super::roles::{policy, principal};
use super::{BUCKET, CHANNEL, RUN_TASK};

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn what_is_there_already_is_imported() {
    let machine = Machine::new();
    machine.registry(&["channel", "assign", "-b", "web-server", "-c", "production", "--fingerprint", "one"]);
    machine.apply("");
    machine.sandbox.write("more.tf", &format!("{CHANNEL}{BUCKET}"));
    let project = machine.sandbox.json(&["registry", "show"])["project_id"].as_str().unwrap().to_owned();
    machine.terraform(&["apply", "-auto-approve", "-target=hcp_packer_bucket.app"]).succeeded();
    machine.terraform(&["state", "rm", "hcp_packer_bucket.app"]).succeeded();
    for (resource, id) in [
        ("hcp_packer_bucket.app", format!("packer/project/{project}/bucket/app")),
        ("hcp_packer_channel.production", format!("{project}:web-server:production")),
        ("hcp_packer_channel_assignment.production", "web-server:production".to_owned()),
    ] {
        machine.import(resource, &id).succeeded();
    }
    assert!(!machine.wants_changes());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn the_policy_of_a_bucket_is_imported() {
    let machine = Machine::new();
    let viewer = policy(&principal(&machine), "roles/viewer");
    machine.apply(&format!("{BUCKET}{viewer}"));
    let project = machine.sandbox.json(&["registry", "show"])["project_id"].as_str().unwrap().to_owned();
    machine.terraform(&["state", "rm", "hcp_packer_bucket_iam_policy.app"]).succeeded();
    machine.import("hcp_packer_bucket_iam_policy.app", &format!("packer/project/{project}/bucket/app")).succeeded();
    assert!(!machine.wants_changes());
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn what_the_provider_cannot_import_is_taken_over_by_applying_it() {
    let machine = Machine::new();
    let binding = super::roles::binding(&principal(&machine), "roles/contributor");
    let text = format!("{BUCKET}{RUN_TASK}{binding}");
    machine.apply(&text);
    let task = machine.outputs()["task"].clone();
    for resource in ["hcp_packer_run_task.this", "hcp_packer_bucket_iam_binding.ci"] {
        machine.terraform(&["state", "rm", resource]).succeeded();
        machine.import(resource, "any").failed().says("import");
    }
    machine.apply(&text);
    assert_eq!(machine.outputs()["task"], task);
    assert!(!machine.wants_changes());
}

use serde_json::Value;

use super::BUCKET;
use super::machine::Machine;

/// The id of a new principal.
pub(super) fn principal(machine: &Machine) -> String {
    let made = machine.sandbox.json(&["principal", "create", "ci", "--project", "default"]);
    made["id"].as_str().unwrap().to_owned()
}

/// That a principal has a role in the bucket `app`, whoever else has one.
pub(super) fn binding(principal: &str, role: &str) -> String {
    format!(
        r#"
resource "hcp_packer_bucket_iam_binding" "ci" {{
  resource_name = hcp_packer_bucket.app.resource_name
  principal_id  = "{principal}"
  role          = "{role}"
}}
"#
    )
}

/// That a principal, and nobody else, has a role in the bucket `app`.
pub(super) fn policy(principal: &str, role: &str) -> String {
    format!(
        r#"
data "hcp_iam_policy" "app" {{
  bindings = [{{ role = "{role}", principals = ["{principal}"] }}]
}}

resource "hcp_packer_bucket_iam_policy" "app" {{
  resource_name = hcp_packer_bucket.app.resource_name
  policy_data   = data.hcp_iam_policy.app.policy_data
}}
"#
    )
}

/// The roles that are held in the bucket `app`.
fn held(machine: &Machine) -> Vec<String> {
    let held = machine.sandbox.json(&["role", "list", "--bucket", "app"]);
    let role = |held: &Value| held["role"].as_str().unwrap().to_owned();
    held.as_array().unwrap().iter().map(role).collect()
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn roles_in_a_bucket_are_given_as_a_binding_and_as_a_policy() {
    let machine = Machine::new();
    let id = principal(&machine);
    machine.apply(&format!("{BUCKET}{}", binding(&id, "roles/contributor")));
    assert!(!machine.wants_changes());
    assert_eq!(held(&machine), ["contributor"]);
    machine.apply(&format!("{BUCKET}{}", policy(&id, "roles/viewer")));
    assert!(!machine.wants_changes());
    assert_eq!(held(&machine), ["viewer"]);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn roles_end_with_the_policy_that_gave_them() {
    let machine = Machine::new();
    machine.apply(&format!("{BUCKET}{}", policy(&principal(&machine), "roles/viewer")));
    assert_eq!(held(&machine), ["viewer"]);
    machine.apply(BUCKET);
    assert!(held(&machine).is_empty());
    assert!(!machine.wants_changes());
}

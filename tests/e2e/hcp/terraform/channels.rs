use serde_json::json;

use super::machine::Machine;
use super::{CHANNEL, READ};

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_channel_that_moved_between_two_plans_is_moved_back() {
    let machine = Machine::new();
    machine.apply(&format!("{READ}{CHANNEL}"));
    machine.build("two");
    machine.registry(&["channel", "assign", "-b", "web-server", "-c", "production", "--fingerprint", "two"]);
    assert!(machine.wants_changes());
    machine.apply(&format!("{READ}{CHANNEL}"));
    assert_eq!(machine.outputs()["fingerprint"], "two", "latest has moved on");
    let shown = machine.sandbox.json(&["channel", "show", "-b", "web-server", "-c", "production"]);
    assert_eq!(shown["assignment"]["fingerprint"], "one");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn the_managed_channel_is_adopted_and_stays_when_it_is_destroyed() {
    let machine = Machine::new();
    let adopted = "
resource \"hcp_packer_channel\" \"latest\" {
  name        = \"latest\"
  bucket_name = \"web-server\"
  restricted  = false
}

output \"managed\" {
  value = hcp_packer_channel.latest.managed
}
";
    let restricted =
        || machine.sandbox.json(&["channel", "show", "-b", "web-server", "-c", "latest"])["restricted"].clone();
    assert_eq!(restricted(), true);
    machine.apply(adopted).says("already exists and is managed by HCP Packer");
    assert_eq!((machine.outputs()["managed"].clone(), restricted()), (json!(true), json!(false)));
    assert!(!machine.wants_changes());

    machine.apply(&adopted.replace("restricted  = false", "restricted  = true"));
    assert_eq!(restricted(), true);
    machine.destroy().says("cannot be deleted");
    assert_eq!(machine.sandbox.channel("web-server", "latest")["fingerprint"], "one");
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_channel_is_assigned_to_nothing_by_none() {
    let machine = Machine::new();
    let shown = || {
        let channel = machine.sandbox.json(&["channel", "show", "-b", "web-server", "-c", "production"]);
        channel["assignment"]["fingerprint"].clone()
    };
    let empty = CHANNEL.replace("\"one\"", "\"none\"");
    machine.apply(&empty);
    assert_eq!(shown(), json!(null));
    assert!(!machine.wants_changes());
    machine.apply(CHANNEL);
    assert_eq!(shown(), json!("one"));
    machine.apply(&empty);
    assert_eq!(shown(), json!(null));
    assert!(!machine.wants_changes());
}

use super::machine::Machine;
use super::{BUCKET, CHANNEL, READ, RUN_TASK};
use crate::store::postgres::database::Database;

/// What a configuration makes is there until it is destroyed, and a second plan has nothing to do.
fn a_configuration_comes_and_goes(machine: &Machine) {
    machine.apply(&format!("{READ}{CHANNEL}{BUCKET}{RUN_TASK}"));
    let outputs = machine.outputs();
    assert_eq!(outputs["images"], serde_json::json!(["image.txt", "image.txt"]));
    assert!(outputs["task"].as_str().unwrap().contains("/terraform-cloud/validation/"));
    assert!(!machine.wants_changes());
    let shown = machine.sandbox.json(&["channel", "show", "-b", "web-server", "-c", "production"]);
    assert_eq!(shown["assignment"]["fingerprint"], "one");
    let hidden =
        CHANNEL.replace("  name        = \"production\"\n", "  name        = \"production\"\n  restricted  = true\n");
    machine.apply(&format!("{READ}{hidden}{BUCKET}{RUN_TASK}"));
    assert_eq!(machine.sandbox.json(&["channel", "show", "-b", "web-server", "-c", "production"])["restricted"], true);
    machine.destroy();
    machine.sandbox.registry(&["bucket", "show", "app"]).exits(3);
    machine.sandbox.registry(&["channel", "show", "-b", "web-server", "-c", "production"]).exits(3);
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn a_second_plan_has_nothing_to_do_and_what_is_destroyed_is_gone() {
    a_configuration_comes_and_goes(&Machine::new());
}

#[test]
#[ignore = "needs the pinned programs and PostgreSQL; scripts/test runs it"]
fn a_second_plan_has_nothing_to_do_and_what_is_destroyed_is_gone_on_postgresql() {
    let database = Database::empty();
    a_configuration_comes_and_goes(&Machine::on(&database.url));
}

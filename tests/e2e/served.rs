//! Builds that push to our server, as a team runs it: a process with TLS and accounts, on SQLite and on PostgreSQL.

use super::amazon::two_sources_in_two_regions;
use crate::store::postgres::database::Database;
use crate::support::running::Running;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn two_sources_in_two_regions_become_one_iteration_of_a_server_on_sqlite() {
    let server = Server::start(None);
    two_sources_in_two_regions(&server.used_by(Sandbox::with_amazon()));
}

#[test]
#[ignore = "needs the pinned programs and PostgreSQL; scripts/test runs it"]
fn two_sources_in_two_regions_become_one_iteration_of_a_server_on_postgresql() {
    let database = Database::empty();
    let server = Server::start(Some(&database.url));
    two_sources_in_two_regions(&server.used_by(Sandbox::with_amazon()));
}

/// Twenty builds of one run; those from the eleventh on wait for the file `go`.
fn twenty(sandbox: &Sandbox) -> String {
    let names: Vec<String> = (1..=20).map(|number| format!("n{number:02}")).collect();
    let sources: String =
        names.iter().map(|name| format!("source \"null\" \"{name}\" {{\n  communicator = \"none\"\n}}\n")).collect();
    let list: Vec<String> = names.iter().map(|name| format!("\"source.null.{name}\"")).collect();
    let waiting: Vec<String> = names[10..].iter().map(|name| format!("\"null.{name}\"")).collect();
    let (list, waiting) = (list.join(", "), waiting.join(", "));
    let go = sandbox.path("go").display().to_string();
    sandbox.write(
        "twenty.pkr.hcl",
        &format!(
            r#"{sources}
build {{
  sources = [{list}]
  provisioner "shell-local" {{
    only   = [{waiting}]
    inline = ["while [ ! -e '{go}' ]; do sleep 0.05; done"]
  }}
  post-processor "registry" {{
    bucket_name = "many"
    channels    = ["development"]
  }}
}}
"#
        ),
    )
}

/// Ten of the builds are recorded when the server is killed, and ten are not. `meanwhile` answers once it is to come back.
fn an_outage_in_a_run_of_twenty_builds(database: Option<&str>, meanwhile: impl Fn(&mut Running)) {
    let mut server = Server::start(database);
    let sandbox = server.used_by(Sandbox::new());
    let mut packer = Running::start(sandbox.build_command(&[&twenty(&sandbox)]));
    for _ in 0..10 {
        packer.until_it_says("Iteration ");
    }
    server.kill();
    sandbox.write("go", "");
    meanwhile(&mut packer);
    server.start_again();
    packer.end().succeeded();

    sandbox.registry(&["spool", "push"]).succeeded();
    sandbox.registry(&["spool", "list"]).succeeded().says("Nothing waits");
    let iteration = sandbox.only_iteration("many");
    let builds: Vec<_> = iteration["builds"].as_array().expect("builds").iter().map(|b| &b["status"]).collect();
    assert_eq!(builds, ["done"; 20]);
    assert_eq!((&iteration["status"], iteration["version"].as_u64()), (&"complete".into(), Some(1)));
    assert_eq!(iteration["channels"], serde_json::json!(["development", "latest"]));
}

#[test]
#[ignore = "needs the pinned programs; scripts/test runs it"]
fn all_of_twenty_parallel_builds_arrive_once_when_the_server_is_away_for_longer_than_they_wait() {
    an_outage_in_a_run_of_twenty_builds(None, |packer| packer.until_it_says("the record waits in the folder"));
}

#[test]
#[ignore = "needs the pinned programs and PostgreSQL; scripts/test runs it"]
fn all_of_twenty_parallel_builds_arrive_once_when_the_server_comes_back_while_they_try() {
    let database = Database::empty();
    an_outage_in_a_run_of_twenty_builds(Some(&database.url), |packer| packer.until_it_says("Recording null.n"));
}

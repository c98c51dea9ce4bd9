//! Two server processes on one PostgreSQL.

use std::time::{Duration, Instant};

use packer_plugin_registry::backend::Backend as _;
use serde_json::json;

use super::client::{Client, backend};
use crate::hcp::project::Packer;
use crate::hcp::sboms::{compressed, cyclonedx};
use crate::store::postgres::database::Database;
use crate::support::hcp_client::{Hcp, send};
use crate::support::record::{bucket, build_of};
use crate::support::server::Server;

/// For how long a server takes for granted what a caller may do.
const RIGHTS_ARE_KEPT_FOR: Duration = Duration::from_secs(5);

/// What a call and the program that makes it may take on a busy machine.
const SLACK: Duration = Duration::from_secs(3);

fn record(server: &Server, run: u32) {
    let record = build_of(&format!("release-{run}"), run, "amazon-ebs.east");
    let backend = backend(server);
    backend.ingest(&record).unwrap();
    backend.confirm(&record.key()).unwrap();
}

fn versions(server: &Server) -> Vec<Option<u32>> {
    let iterations = backend(server).iterations(&bucket("web-server")).unwrap();
    iterations.iter().map(|iteration| iteration.version).collect()
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn two_servers_that_start_at_once_on_an_empty_database_are_one_registry() {
    let database = Database::empty();
    let [one, other] = Server::start_two(&database.url);
    record(&one, 1);
    record(&other, 2);
    assert_eq!((versions(&one), versions(&other)), (vec![Some(2), Some(1)], vec![Some(2), Some(1)]));
    other.database("check").exits(0);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_token_and_a_link_of_one_server_are_good_on_the_other() {
    let database = Database::empty();
    let [one, other] = Server::start_two(&database.url);
    let owner = Hcp::owner(&one);
    let (status, answer) = owner.at(&other).get("/resource-manager/2019-12-10/projects");
    assert_eq!(status, 200, "{answer}");

    let packer = Packer::owner(&one);
    packer.bucket();
    let build = packer.version("one", &["amazon-ebs.east"]).remove(0);
    let sboms = format!("/buckets/web/versions/one/builds/{build}/sboms");
    packer.put(&sboms, &json!({"format": "CYCLONEDX", "name": "all", "compressed_sbom": compressed(&cyclonedx())}));
    let url = packer.get(&format!("{sboms}/all"))["download_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix("https://localhost").unwrap();
    for server in [&one, &other] {
        assert_eq!(send(server, path, axum::http::Method::GET, &[], "").text, cyclonedx().to_string());
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_role_that_is_taken_away_on_one_server_is_soon_worth_nothing_on_the_other() {
    let database = Database::empty();
    let [one, other] = Server::start_two(&database.url);
    record(&one, 1);
    let owner = Client::of(&one);
    owner.run("principal create ci").exits(0);
    owner.run("role grant viewer --principal ci --project default").exits(0);
    let ci = owner.with_secret_of("ci").at(&other);
    ci.run("iteration list --bucket web-server").exits(0).says("release-1");
    owner.run("role revoke viewer --principal ci --project default --yes").exits(0);
    let since = Instant::now();
    while ci.run("iteration list --bucket web-server").is_success() {
        assert!(since.elapsed() < RIGHTS_ARE_KEPT_FOR + SLACK, "still let in after {:?}", since.elapsed());
    }
    ci.run("iteration list --bucket web-server").failed().does_not_say("release-1");
    owner.at(&other).run("iteration list --bucket web-server").exits(0);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn whoever_may_open_the_database_can_make_an_owner_when_all_secrets_are_lost() {
    let database = Database::empty();
    let server = Server::start(Some(&database.url));
    let made = server.database("owner").exits(0).says("is not shown again");
    let value = |name: &str| made.stdout.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let another = Client::of(&server).with_credentials(&value("client id"), &value("client secret"));
    another.run("principal list").exits(0).says("owner-");
    another.run("principal delete owner --yes").exits(0);
    Client::of(&server).run("principal list").failed();
    another.run("principal list").exits(0);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_server_that_is_killed_does_not_disturb_the_other() {
    let database = Database::empty();
    let [mut one, other] = Server::start_two(&database.url);
    record(&one, 1);
    one.kill();
    record(&other, 2);
    assert_eq!(versions(&other), [Some(2), Some(1)]);
    one.start_again();
    record(&one, 3);
    assert_eq!(versions(&other), [Some(3), Some(2), Some(1)]);
    one.database("check").exits(0);
}

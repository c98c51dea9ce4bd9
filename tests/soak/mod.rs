//! Servers and databases that die under load, again and again: what was acknowledged is there, whole, and once.
//!
//! The tests go on until fifty records are acknowledged; `just soak` asks for a thousand.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod pushes;

use self::pushes::Pushes;
use crate::store::postgres::database::Database;
use crate::support::cluster::Cluster;
use crate::support::server::Server;

/// Records that are acknowledged between two deaths.
const BETWEEN_DEATHS: usize = 10;

#[expect(clippy::disallowed_methods, reason = "this is how `just soak` tells the tests")]
fn records() -> usize {
    std::env::var("PACKER_REGISTRY_SOAK_RECORDS").map_or(50, |records| records.parse().unwrap())
}

/// Lets something die after every few records, until there are enough.
fn go_on(server: &mut Server, mut death: impl FnMut(&mut Server)) {
    let pushes = Pushes::to(server);
    let mut reached = 0;
    while reached < records() {
        pushes.until(reached + BETWEEN_DEATHS);
        death(server);
        reached = pushes.acknowledged();
    }
    pushes.end().are_all_there(server);
}

fn kill(server: &mut Server) {
    server.kill();
    server.start_again();
}

#[test]
fn a_server_on_sqlite_that_is_killed_keeps_whole_records_and_all_that_it_acknowledged() {
    go_on(&mut Server::start(None), kill);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_server_on_postgresql_that_is_killed_keeps_whole_records_and_all_that_it_acknowledged() {
    let database = Database::empty();
    go_on(&mut Server::start(Some(&database.url)), kill);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_server_whose_postgresql_is_lost_keeps_whole_records_and_all_that_it_acknowledged() {
    let cluster = Cluster::start();
    go_on(&mut Server::start(Some(&cluster.url)), |_| cluster.crash_and_start());
}

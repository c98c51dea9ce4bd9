//! A channel resolved on PostgreSQL, by gRPC and with a token, against the same statement from `pgbench`: what a call takes
//! where 16 connections are kept busy, and both share the processors with the database.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use packer_plugin_registry::model::{SystemClock, Timestamp};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, PostgresStore};
use tokio_postgres::NoTls;

use crate::ratio::Ratio;
use crate::served::load::{self, Target};
use crate::served::process::ServerProcess;
use crate::served::seed::{CHANNEL, COMPONENT, FIRST, REGION};
use crate::served::{median, microseconds, seed};
use crate::support::cluster::Cluster;

/// So that the statement is shown whole, and the disk is not measured.
const OPTIONS: &[&str] = &["-c", "fsync=off", "-c", "track_activity_query_size=16384"];
/// Buckets that are read.
const BUCKETS: usize = 1_000;
/// Calls of one round.
const CALLS: usize = 8_000;
const ROUNDS: usize = 3;
/// How often the database is asked what it is doing, until it is seen to resolve.
const LOOKS: usize = 1_000;

pub(crate) fn measure() -> Vec<Ratio> {
    let database = Cluster::start_with(OPTIONS);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let project = runtime.block_on(fill(&database.url));
    let data = tempfile::tempdir().expect("a folder can be made");
    let server = ServerProcess::shipped(data.path(), &["--database", &database.url]);
    let token = server.token();
    let target = Target { url: server.url(), token: &token, buckets: BUCKETS };
    let statement = runtime.block_on(statement(&database.url, &target));
    let transaction = data.path().join("transaction.sql");
    std::fs::write(&transaction, as_transaction(&statement, &project)).expect("a file can be written");
    let (mut ours, mut rival) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let load = load::resolve(&target, CALLS);
        #[expect(clippy::cast_precision_loss, reason = "few calls")]
        ours.push(microseconds(load.wall_time) / load.calls as f64);
        rival.push(pgbench(&database, &transaction));
    }
    vec![Ratio {
        what: "time per call, PostgreSQL",
        ours: median(ours),
        rival: median(rival),
        unit: "us",
        rival_name: "the same statement by pgbench -M prepared -c 16",
        limit: 4.0,
    }]
}

/// The microseconds that one transaction takes, where 16 clients send one after the other.
fn pgbench(database: &Cluster, transaction: &Path) -> f64 {
    let arguments = ["--no-vacuum", "--protocol=prepared", "--client=16", "--jobs=2", "--time=3", "--file"];
    let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).chain([transaction.as_os_str()]).collect();
    let said = database.run("pgbench", &arguments);
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
    1e6 / rate.expect("pgbench says its rate")
}

/// Records the buckets; answers their project.
async fn fill(url: &str) -> String {
    let patience = Patience::new(Duration::from_secs(60), || false);
    let store = PostgresStore::connect(url, 4, OpenMode::Create(Timestamp(0)), patience).await.expect("a new registry");
    let service = Service::new(store, Arc::new(SystemClock));
    seed::buckets(&service, BUCKETS).await;
    service.place().await.expect("a project").project_id
}

/// The statement by which the server resolves, as the database sees it while there are calls.
async fn statement(url: &str, target: &Target<'_>) -> String {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client.batch_execute("ANALYZE").await.expect("statistics");
    std::thread::scope(|scope| scope.spawn(|| load::resolve(target, CALLS)).join()).expect("calls are answered");
    // A connection remembers its last statement.
    let sql = "SELECT query FROM pg_stat_activity WHERE query LIKE 'SELECT a.id, a.platform, a.region,%'";
    for _ in 0..LOOKS {
        if let Some(row) = client.query(sql, &[]).await.expect("an answer").first() {
            return row.get(0);
        }
    }
    panic!("the server does not resolve by a statement that begins so; see read/behind_channel.rs");
}

/// The statement with its values, for a bucket at random.
fn as_transaction(statement: &str, project: &str) -> String {
    let statement = statement
        .replace("$1", &format!("'{project}'"))
        .replace("$2", "('bucket-' || :bucket)")
        .replace("$3", &format!("'{CHANNEL}'"))
        .replace("$4", &format!("'{COMPONENT}'"))
        .replace("$5", &format!("'{REGION}'"));
    let lines: Vec<&str> = statement.lines().map(str::trim).collect();
    format!("\\set bucket random({FIRST}, {})\n{};\n", FIRST + BUCKETS - 1, lines.join(" "))
}

use std::sync::Arc;
use std::time::Duration;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::{SystemClock, Timestamp};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, PostgresStore, Store};

use super::{CLIENTS, FIRST_RUN, PUSHES, ROUNDS, of_one_push, pgbench};
use crate::ratio::Ratio;
use crate::served::load::{self, Target};
use crate::served::process::ServerProcess;
use crate::served::statements::{Recorder, Statement};
use crate::served::{median, seed};
use crate::support::cluster::Cluster;

/// Buckets that are pushed to: `pgbench` takes no more scripts than 128.
const BUCKETS: usize = 100;

pub(crate) fn measure() -> Vec<Ratio> {
    let database = Cluster::start();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let data = tempfile::tempdir().expect("a folder can be made");
    let pushes = runtime.block_on(fill(&database.url));
    let scripts = (0..BUCKETS).map(|bucket| {
        let file = data.path().join(format!("{bucket}.sql"));
        let of_bucket = |nth: usize| &pushes[2 * (bucket + nth * BUCKETS)..][..2];
        pgbench::write_script(&file, of_bucket(1), of_bucket(2));
        file
    });
    let scripts: Vec<_> = scripts.collect();
    let server = ServerProcess::shipped(data.path(), &["--database", &database.url]);
    let token = server.token();
    let target = Target { url: server.url(), token: &token, buckets: BUCKETS };
    let (mut ours, mut rival) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let load = load::push(&target, FIRST_RUN + round * PUSHES, PUSHES, CLIENTS);
        ours.push(of_one_push(load.wall_time));
        rival.push(pgbench::time_per_push(&database, CLIENTS, &scripts));
    }
    vec![Ratio {
        what: "time per push, PostgreSQL",
        ours: median(ours),
        rival: median(rival),
        unit: "us",
        rival_name: "the same statements by pgbench -M prepared -c 16",
        limit: 2.0,
    }]
}

/// Pushes to each bucket three times; answers the statements, operation by operation.
async fn fill(url: &str) -> Vec<Vec<Statement>> {
    let patience = Patience::new(Duration::from_secs(60), || false);
    let store = PostgresStore::connect(url, 4, OpenMode::Create(Timestamp(0)), patience).await.expect("a new registry");
    let (store, operations) = Recorder::new(store);
    let service = Service::new(store, Arc::new(SystemClock));
    for round in 0..3 {
        for bucket in 0..BUCKETS {
            push(&service, bucket, round * BUCKETS + bucket).await;
        }
    }
    let mut operations = operations.lock().expect("nobody panics");
    std::mem::take(&mut operations)
}

async fn push<S: Store>(service: &Service<S>, bucket: usize, run: usize) {
    let caller = Caller::local("bench");
    let record = seed::record(bucket, u32::try_from(run).expect("few runs"));
    service.ingest(&caller, &record).await.expect("it is recorded");
    service.confirm(&caller, &record.key()).await.expect("it is confirmed");
}

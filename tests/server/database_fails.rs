//! A server whose database cannot grow, may not be written, or is away. Linux alone lets a test take room from a process
//! that runs, and give it back.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use axum::body::Bytes;
use axum::http::{Request, StatusCode, Version};
use http_body_util::Full;
use packer_plugin_registry::backend::{Backend, Delivery, deliver_remote};
use packer_plugin_registry::model::IterationRecord;

use super::client::{Client, backend};
use crate::store::postgres::database::Database;
use crate::support::cluster::Cluster;
use crate::support::http_client::{Answer, ask, get};
use crate::support::record::{bucket, build_of};
use crate::support::server::Server;
use crate::support::wait::until;

fn record(run: u32) -> IterationRecord {
    build_of(&format!("release-{run}"), run, "amazon-ebs.east")
}

fn push(registry: &impl Backend, run: u32) {
    registry.ingest(&record(run)).unwrap();
    registry.confirm(&record(run).key()).unwrap();
}

fn readiness(server: &Server) -> Answer {
    let [_, _, _, (_, ca)] = server.variables();
    ask(server.address(), ca.as_ref(), Version::HTTP_11, get("/readyz"))
}

/// The status that gRPC's health service tells of the server: 1 where it serves, 2 where it does not.
fn health(server: &Server) -> u8 {
    let [_, _, _, (_, ca)] = server.variables();
    let question = Request::post("/grpc.health.v1.Health/Check").header("content-type", "application/grpc");
    // A message without fields: the server is meant.
    let question = question.body(Full::new(Bytes::from_static(&[0; 5]))).unwrap();
    let answer = ask(server.address(), ca.as_ref(), Version::HTTP_2, question);
    *answer.text.as_bytes().last().unwrap()
}

fn becomes(server: &Server, status: StatusCode) {
    until("the readiness of the server", || (readiness(server).status == status).then_some(()));
    assert_eq!(health(server), if status == StatusCode::OK { 1 } else { 2 });
}

/// What was acknowledged stays, what was refused while the database fails is spooled and arrives once it is mended.
fn goes_on_once_it_is_mended(server: &Server, refusal: &str, fail: impl FnOnce(), mend: impl FnOnce()) {
    let registry = backend(server);
    push(&registry, 1);
    assert_eq!(readiness(server).status, StatusCode::OK);
    fail();
    let machine = Client::of(server);
    let Delivery::Spooled { path, cause } = deliver_remote(Ok(&registry), &machine.spool(), &record(2)) else {
        panic!("nothing can be recorded")
    };
    machine.spool().confirm(&path).unwrap();
    if !cause.to_string().contains(refusal) {
        // On a busy machine, the last attempt may have had no time left for an answer.
        let wanted = format!("{refusal}, and not {cause}");
        until(&wanted, || registry.ingest(&record(2)).err().filter(|error| error.to_string().contains(refusal)));
    }
    becomes(server, StatusCode::SERVICE_UNAVAILABLE);
    machine.run("spool push").exits(6).says("1 of 1 records still wait");

    mend();
    becomes(server, StatusCode::OK);
    machine.run("spool push").exits(0);
    push(&registry, 3);
    let all = [("release-3", Some(3)), ("release-2", Some(2)), ("release-1", Some(1))];
    assert_eq!(versions(server), all.map(|(fingerprint, version)| (fingerprint.to_owned(), version)));
}

/// The fingerprints and numbers of what arrived.
fn versions(server: &Server) -> Vec<(String, Option<u32>)> {
    let iterations = backend(server).iterations(&bucket("web-server")).unwrap();
    iterations.into_iter().map(|iteration| (iteration.fingerprint.to_string(), iteration.version)).collect()
}

/// What was there before the database failed can be read all the while.
fn can_be_read(server: &Server) {
    assert_eq!(versions(server), [("release-1".to_owned(), Some(1))]);
}

/// Sets how long files of the server may become; it is told of what is longer by a signal that ends whoever does not expect it.
fn limit_files(server: &Server, bytes: &str) {
    let (process, limit) = (server.id().to_string(), format!("--fsize={bytes}:"));
    assert!(Command::new("prlimit").args(["--pid", &process, &limit]).status().unwrap().success());
}

#[test]
fn a_server_whose_files_may_not_grow_says_so_and_goes_on_once_they_may() {
    let server = Server::start(None);
    let fail = || limit_files(&server, "1");
    let mend = || {
        can_be_read(&server);
        limit_files(&server, "unlimited");
    };
    goes_on_once_it_is_mended(&server, "the registry cannot read or write its database now", fail, mend);
    server.database("check").exits(0);
}

/// A file system of two megabytes that only the server sees, and the file that fills it.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn filler(&self, server: &Server) -> PathBuf {
        let folder = self.folder.path().strip_prefix("/").unwrap();
        PathBuf::from(format!("/proc/{}/root", server.id())).join(folder).join("filler")
    }

    fn fill(&self, server: &Server) {
        let mut filler = File::create(self.filler(server)).unwrap();
        while filler.write_all(&[b' '; 512]).is_ok() {}
    }

    fn clear(&self, server: &Server) {
        fs::remove_file(self.filler(server)).unwrap();
    }
}

#[test]
fn a_server_whose_disk_is_full_says_so_and_goes_on_once_there_is_room() {
    let disk = SmallDisk::new();
    let server = Server::start_on_disk(disk.folder.path());
    let mend = || {
        can_be_read(&server);
        disk.clear(&server);
    };
    goes_on_once_it_is_mended(&server, "the disk of the registry is full", || disk.fill(&server), mend);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_server_whose_database_may_only_be_read_says_so_and_goes_on_once_it_may_be_written() {
    let database = Database::empty();
    let server = Server::start(Some(&database.url));
    // As where another database server has become the primary one.
    let fail = || database.let_only_read(true);
    let mend = || {
        can_be_read(&server);
        database.let_only_read(false);
    };
    goes_on_once_it_is_mended(&server, "the registry cannot read or write its database now", fail, mend);
}

#[test]
#[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
fn a_server_whose_database_is_away_says_so_and_goes_on_once_it_is_back() {
    let cluster = Cluster::start();
    let server = Server::start(Some(&cluster.url));
    let refusal = "the registry does not reach its database now";
    goes_on_once_it_is_mended(&server, refusal, || cluster.crash(), || cluster.start_again());
    server.database("check").exits(0);
}

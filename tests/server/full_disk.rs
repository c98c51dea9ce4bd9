//! A server whose database cannot grow. Linux alone lets a test take room from a process that runs, and give it back.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use axum::http::{StatusCode, Version};
use packer_plugin_registry::backend::{Backend as _, Delivery, deliver_remote};
use packer_plugin_registry::model::IterationRecord;

use super::client::{Client, backend};
use crate::support::http_client::{Answer, ask, get};
use crate::support::record::{bucket, build_of};
use crate::support::server::Server;
use crate::support::wait::until;

fn record(run: u32) -> IterationRecord {
    build_of(&format!("release-{run}"), run, "amazon-ebs.east")
}

fn push(server: &Server, run: u32) {
    let backend = backend(server);
    backend.ingest(&record(run)).unwrap();
    backend.confirm(&record(run).key()).unwrap();
}

fn readiness(server: &Server) -> Answer {
    let [_, _, _, (_, ca)] = server.variables();
    ask(server.address(), ca.as_ref(), Version::HTTP_11, get("/readyz"))
}

fn becomes(server: &Server, status: StatusCode) {
    until("the readiness of the server", || (readiness(server).status == status).then_some(()));
}

/// What was acknowledged stays, what was refused is spooled and arrives once `give_room` is done.
fn goes_on_once_there_is_room(server: &Server, refusal: &str, take_room: impl FnOnce(), give_room: impl FnOnce()) {
    push(server, 1);
    assert_eq!(readiness(server).status, StatusCode::OK);
    take_room();
    let machine = Client::of(server);
    let unreachable = backend(server);
    let Delivery::Spooled { path, cause } = deliver_remote(Ok(&unreachable), &machine.spool(), &record(2)) else {
        panic!("there is no room for it")
    };
    machine.spool().confirm(&path).unwrap();
    if !cause.to_string().contains(refusal) {
        // On a busy machine, the last attempt may have had no time left for an answer.
        until(refusal, || backend(server).ingest(&record(2)).err().filter(|error| error.to_string().contains(refusal)));
    }
    becomes(server, StatusCode::SERVICE_UNAVAILABLE);
    machine.run("spool push").exits(6).says("1 of 1 records still wait");
    assert_eq!(backend(server).iterations(&bucket("web-server")).unwrap().len(), 1, "what is there can be read");

    give_room();
    becomes(server, StatusCode::OK);
    machine.run("spool push").exits(0);
    push(server, 3);
    let iterations = backend(server).iterations(&bucket("web-server")).unwrap();
    let arrived: Vec<_> =
        iterations.iter().map(|iteration| (iteration.fingerprint.as_str(), iteration.version)).collect();
    assert_eq!(arrived, [("release-3", Some(3)), ("release-2", Some(2)), ("release-1", Some(1))]);
}

/// Sets how long files of the server may become; it is told of what is longer by a signal that ends whoever does not expect it.
fn limit_files(server: &Server, bytes: &str) {
    let (process, limit) = (server.id().to_string(), format!("--fsize={bytes}:"));
    assert!(Command::new("prlimit").args(["--pid", &process, &limit]).status().unwrap().success());
}

#[test]
fn a_server_whose_files_may_not_grow_says_so_and_goes_on_once_they_may() {
    let server = Server::start(None);
    let refusal = "the registry cannot read or write its database now";
    let (take, give) = (|| limit_files(&server, "1"), || limit_files(&server, "unlimited"));
    goes_on_once_there_is_room(&server, refusal, take, give);
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

/// Whether this system lets anyone have file systems of their own.
fn can_have_a_disk() -> bool {
    let mount = ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"];
    Command::new("unshare").args(mount).output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_server_whose_disk_is_full_says_so_and_goes_on_once_there_is_room() {
    if !can_have_a_disk() {
        eprintln!("not run: this system does not let a test have a disk of its own");
        return;
    }
    let disk = SmallDisk::new();
    let server = Server::start_on_disk(disk.folder.path());
    let (take, give) = (|| disk.fill(&server), || disk.clear(&server));
    goes_on_once_there_is_room(&server, "the disk of the registry is full", take, give);
}

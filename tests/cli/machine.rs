use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use packer_plugin_registry::backend::{self, Backend, Spool};
use packer_plugin_registry::config::{Environment, RegistryUrl};
use packer_plugin_registry::model::{CapturedImage, IterationRecord, SystemClock, Timestamp};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::peers::REGISTRY;
use crate::support::ran::Ran;
use crate::support::record::{build_of, channel, component_types, image, labels};

/// The bucket of [`Machine::with_images`].
pub(super) const BUCKET: &str = "web-server";

/// A machine with a home and nothing else in its environment.
pub(super) struct Machine {
    folder: TempDir,
}

impl Machine {
    /// On which nothing was ever recorded.
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With a bucket of three iterations.
    ///
    /// - `release-1`, which is v1: on `production`; one build in two regions of AWS, one on Google;
    /// - `release-2`, which is v2: on `staging` and `latest`; one build in two regions of AWS;
    /// - `release-3`, incomplete: it waits for `amazon-ebs.west`.
    pub(super) fn with_images() -> Self {
        let machine = Self::new();
        let east = "amazon-ebs.east";
        let both = component_types(&[east, "googlecompute.disk"]);
        let mut first = build_of("release-1", 1, east);
        first.expected.clone_from(&both);
        first.channels = vec![channel("production")];
        first.images = vec![image("us-east-1", "ami-1-east"), image("eu-west-1", "ami-1-europe")];
        first.labels = labels(&[("os", "ubuntu")]);
        first.metadata.packer_version = "1.16.0".to_owned();
        let mut disk = build_of("release-1", 1, "googlecompute.disk");
        disk.expected = both;
        disk.platform = "gce".to_owned();
        disk.images = vec![google("us-central1-a", "web-1")];
        let mut second = build_of("release-2", 2, east);
        second.channels = vec![channel("staging")];
        second.images = vec![image("us-east-1", "ami-2-east"), image("eu-west-1", "ami-2-europe")];
        let mut third = build_of("release-3", 3, east);
        third.expected = component_types(&[east, "amazon-ebs.west"]);
        for record in [first, disk, second, third] {
            machine.record(&record);
        }
        machine
    }

    /// Records a build in the default registry, and confirms it.
    pub(super) fn record(&self, record: &IterationRecord) {
        let backend = self.backend();
        backend.ingest(record).unwrap();
        backend.confirm(&record.key()).unwrap();
    }

    pub(super) fn backend(&self) -> Box<dyn Backend> {
        let environment = Environment { user_name: Some("ada".to_owned()), ..Environment::default() };
        backend::open(&RegistryUrl::Sqlite(self.registry_file()), &environment, Arc::new(SystemClock)).unwrap()
    }

    /// Revokes an iteration of `web-server`; channels stay where they are.
    pub(super) fn revoke(&self, fingerprint: &str, revoke_at: Timestamp) {
        let at = revoke_at.to_rfc3339();
        let which = format!("--bucket {BUCKET} --fingerprint {fingerprint}");
        self.run(&format!("iteration revoke {which} --at {at} --reason CVE-2026-1 --keep-channels --yes")).exits(0);
    }

    /// The spool that this machine's builds write to.
    pub(super) fn spool(&self) -> Spool {
        Spool::open(self.path(".local/state/packer-plugin-registry/spool"))
    }

    /// The file of the default registry.
    pub(super) fn registry_file(&self) -> PathBuf {
        self.path(".local/share/packer-plugin-registry/registry.db")
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command line, not yet started.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(REGISTRY);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("USER", "grace");
        command
    }

    /// Runs a command line, written as a person writes it: words between spaces.
    pub(super) fn run(&self, line: &str) -> Ran {
        self.command(&line.split_whitespace().collect::<Vec<_>>()).output().unwrap().into()
    }

    /// What a command line answers with `--json`.
    #[track_caller]
    pub(super) fn json(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} --json")).exits(0);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {}", ran.text))
    }
}

/// An image on Google's cloud.
fn google(zone: &str, name: &str) -> CapturedImage {
    CapturedImage { platform: "gce".to_owned(), ..image(zone, name) }
}

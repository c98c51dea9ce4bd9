use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::backend::{self, Backend, GrpcBackend, Patience};
use packer_plugin_registry::config::{Environment, RegistryUrl};
use packer_plugin_registry::model::{
    BuildStatus, BuildUpdate, Clock as _, IterationRecord, IterationSelector, Labels, NewBuild, NewSbom, SbomFormat,
    SbomName, SystemClock,
};
use packer_plugin_registry::registry::store::{self, OpenMode, SqliteStore};
use packer_plugin_registry::registry::{RegistryError, Service};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::Value;
use tempfile::TempDir;

use crate::store::block_on;
use crate::support::peers::REGISTRY;
use crate::support::ran::Ran;
use crate::support::record::{bucket, build_of, component_type, fingerprint, image, run_uuid};
use crate::support::server::Server;

/// An SBOM: its name, its notation and what it says.
pub(crate) type Document<'d> = (&'d str, SbomFormat, &'d [u8]);

/// A registry, and a machine with a command line for it.
pub(crate) struct Site {
    home: TempDir,
    server: Option<Server>,
}

impl Site {
    /// A file on the machine.
    pub(super) fn embedded() -> Self {
        Self { home: tempfile::tempdir().unwrap(), server: None }
    }

    /// A server that the machine reaches.
    pub(super) fn served() -> Self {
        Self { home: tempfile::tempdir().unwrap(), server: Some(Server::start(None)) }
    }

    /// This server.
    pub(crate) fn on(server: Server) -> Self {
        Self { home: tempfile::tempdir().unwrap(), server: Some(server) }
    }

    /// The command line, as one of somebody who takes the server for HCP.
    pub(crate) fn hcp(&self, line: &str) -> Ran {
        let [(_, url), (_, id), (_, secret), (_, ca)] = self.server.as_ref().unwrap().variables();
        let mut command = Command::new(REGISTRY);
        command.args(line.split_whitespace()).stdin(Stdio::null()).env_clear().env("HOME", self.home.path());
        command.env("HCP_CLIENT_ID", id).env("HCP_CLIENT_SECRET", secret).env("PACKER_REGISTRY_CA_FILE", ca);
        let address = url.trim_start_matches("https://");
        command.env("PACKER_REGISTRY_URL", format!("hcp://?address={address}&auth={url}")).output().unwrap().into()
    }

    fn backend(&self) -> Box<dyn Backend> {
        match &self.server {
            Some(server) => Box::new(GrpcBackend::new(server.url(), server.access(), Patience::default(), || false)),
            None => backend::open(&RegistryUrl::Sqlite(self.file()), &Environment::default(), Arc::new(SystemClock))
                .unwrap(),
        }
    }

    /// Records a build, and confirms it.
    pub(super) fn record(&self, record: &IterationRecord) {
        let backend = self.backend();
        backend.ingest(record).unwrap();
        backend.confirm(&record.key()).unwrap();
    }

    /// Records a build that is not confirmed yet.
    pub(super) fn ingest(&self, record: &IterationRecord) {
        self.backend().ingest(record).unwrap();
    }

    pub(super) fn confirm(&self, record: &IterationRecord) {
        self.backend().confirm(&record.key()).unwrap();
    }

    /// The iterations `old` and `new` of `web-server`; channel `production` pointed at one and then at the other.
    pub(super) fn two_releases(&self) {
        self.record(&build_of("old", 1, "east"));
        self.record(&build_of("new", 2, "east"));
        for version in [1, 2] {
            self.run(&format!("channel assign --bucket web-server --channel production --version {version}")).exits(0);
        }
    }

    /// Builds of an iteration of `web-server` that hand in SBOMs before they are done.
    pub(crate) fn documented(&self, asked: &str, builds: &[(&str, &[Document<'_>])]) {
        let (service, caller) = (self.service(), Caller::local("packer"));
        let (bucket, asked) = (bucket("web-server"), fingerprint(asked));
        let made = block_on(service.create_bucket(&caller, &bucket, "", &Labels::new()));
        assert!(matches!(made, Ok(_) | Err(RegistryError::Exists(_))));
        block_on(service.create_iteration(&caller, &bucket, &asked, None)).unwrap();
        let selector = IterationSelector::Fingerprint(asked);
        let announce = |component: &str| {
            let update = BuildUpdate { run_uuid: Some(run_uuid(1)), ..BuildUpdate::default() };
            let build = NewBuild { component_type: component_type(component), update };
            block_on(service.create_build(&caller, &bucket, &selector, build)).unwrap().id
        };
        let ids: Vec<String> = builds.iter().map(|(component, _)| announce(component)).collect();
        for (id, (component, documents)) in ids.iter().zip(builds) {
            for (name, format, document) in *documents {
                let sbom = NewSbom {
                    name: Some(SbomName::parse(*name).unwrap()),
                    format: *format,
                    compressed: compress_to_vec(*document, CompressionLevel::Fastest),
                    size: document.len(),
                    packages: Vec::new(),
                };
                block_on(service.upload_sbom(&caller, &bucket, &selector, id, sbom)).unwrap();
            }
            let done = BuildUpdate {
                status: Some(BuildStatus::Done),
                platform: Some("aws".to_owned()),
                images: vec![image("us-east-1", &format!("ami-{component}"))],
                ..BuildUpdate::default()
            };
            block_on(service.update_build(&caller, &bucket, &selector, id, done)).unwrap();
        }
    }

    /// The registry's rules, on its file.
    fn service(&self) -> Service<SqliteStore> {
        let file = match &self.server {
            Some(server) => server.database_file(),
            None => self.file(),
        };
        let patience = store::Patience::new(Duration::from_secs(30), || false);
        let store = SqliteStore::open(file, OpenMode::Create(SystemClock.now()), patience).unwrap();
        Service::new(store, Arc::new(SystemClock))
    }

    fn file(&self) -> PathBuf {
        self.home.path().join(".local/share/packer-plugin-registry/registry.db")
    }

    /// A path in the home folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The command line, written as a person writes it: words between spaces.
    pub(super) fn run(&self, line: &str) -> Ran {
        self.command(line).output().unwrap().into()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(REGISTRY);
        command.args(line.split_whitespace()).stdin(Stdio::null()).env_clear();
        command.env("HOME", self.home.path()).env("USER", "grace");
        if let Some(server) = &self.server {
            command.envs(server.variables());
        }
        command
    }

    /// What a command line answers with `--json`.
    #[track_caller]
    pub(super) fn json(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} --json")).exits(0);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {}", ran.text))
    }

    /// The version that a channel of `web-server` points at.
    pub(super) fn behind(&self, channel: &str) -> Option<u64> {
        let shown = self.json(&format!("channel show --bucket web-server --channel {channel}"));
        shown["assignment"]["version"].as_u64()
    }
}

/// Makes two tests of each function: on a file, and on a server.
macro_rules! on_each_backend {
    ($($test:ident),* $(,)?) => {
        mod embedded {
            $(#[test]
            fn $test() {
                super::$test(&$crate::governance::site::Site::embedded());
            })*
        }

        mod served {
            $(#[test]
            fn $test() {
                super::$test(&$crate::governance::site::Site::served());
            })*
        }
    };
}
pub(super) use on_each_backend;

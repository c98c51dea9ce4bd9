use std::path::PathBuf;
use std::process::{Command, Stdio};

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::access::oidc::{Condition, IdentityRule, Issuer, Loopback, Pattern};
use packer_plugin_registry::model::{
    BuildUpdate, EnforcedBlockName, EnforcedVersionName, FileDigest, IterationRecord, IterationSelector, Labels,
    NewBuild, NewEnforcedVersion, NewPackage, NewSbom, ParentIteration, ProjectName, RevocationOrder, SbomFormat,
    Timestamp,
};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::database::TABLES;
use packer_plugin_registry::registry::store::{OpenMode, Patience, SqliteStore};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::store::registry::NOON;
use crate::support::peers::REGISTRY;
use crate::support::ran::Ran;
use crate::support::record::{bucket, build_of, channel, component_type, component_types, fingerprint};

/// A folder with databases in it.
pub(super) struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With a registry in the file `registry.db`, in which there is something of everything.
    pub(super) fn with_registry() -> Self {
        let machine = Self::new();
        let service = machine.service("registry.db");
        futures::executor::block_on(fill(&service));
        machine
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names of the files in its folder.
    pub(super) fn names(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// The registry in a file, which is made if it is missing.
    pub(super) fn service(&self, file: &str) -> Service<SqliteStore> {
        let patience = Patience::new(std::time::Duration::from_secs(30), || false);
        let store = SqliteStore::open(self.path(file), OpenMode::Create(NOON), patience).unwrap();
        Service::new(store, std::sync::Arc::new(packer_plugin_registry::model::SettableClock::at(NOON)))
    }

    /// `database` with these arguments, in this folder.
    pub(super) fn run(&self, arguments: &str) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    /// The same, not run yet.
    pub(super) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(REGISTRY);
        command.arg("database").args(arguments.split(' ')).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_clear().env("HOME", self.folder.path());
        command
    }

    /// Runs a statement in a file past all rules, which stand again afterwards.
    pub(super) fn corrupt(&self, file: &str, sql: &str) {
        let connection = Connection::open(self.path(file)).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
        let triggers = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
        let mut statement = connection.prepare(triggers).unwrap();
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let triggers: Vec<(String, String)> = rows.map(Result::unwrap).collect();
        for (name, _) in &triggers {
            connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        let changed = connection.execute(sql, ()).unwrap();
        assert!(changed > 0, "nothing was changed by: {sql}");
        for (_, create) in &triggers {
            connection.execute_batch(create).unwrap();
        }
    }

    /// All cells of all tables in a file.
    pub(super) fn rows(&self, file: &str) -> Vec<(&'static str, Vec<Vec<Value>>)> {
        let connection = Connection::open(self.path(file)).unwrap();
        let of_table = |name: &'static str, columns: &str| {
            let mut statement =
                connection.prepare(&format!("SELECT {columns} FROM {name} ORDER BY {columns}")).unwrap();
            let width = statement.column_count();
            let rows = statement.query_map((), |row| (0..width).map(|column| row.get(column)).collect()).unwrap();
            (name, rows.map(Result::unwrap).collect())
        };
        TABLES
            .iter()
            .map(|table| of_table(table.name, &[table.columns, table.settled_last].concat().join(", ")))
            .collect()
    }
}

async fn fill(service: &Service<SqliteStore>) {
    let ada = Caller::local("ada");
    let parent = ParentIteration {
        bucket: bucket("base"),
        fingerprint: fingerprint("base-1"),
        iteration_id: "01KAPRA8QJ5W1N9J7Z0FQ2K8VD".to_owned(),
        version: Some(1),
        channel: Some(channel("production")),
        external_identifier: "ami-0base".to_owned(),
    };
    let records = [
        // Complete, with a build of an earlier run that made way.
        ("release-1", 1, "east"),
        ("release-1", 2, "east"),
        ("release-1", 3, "west"),
        ("release-2", 4, "east"),
        ("release-2", 5, "west"),
        // Completed by hand.
        ("release-3", 6, "east"),
        // Not complete.
        ("release-4", 7, "east"),
    ];
    for (asked, run, component) in records {
        let record = IterationRecord {
            expected: component_types(&["east", "west"]),
            channels: vec![channel("development")],
            files: vec![FileDigest { name: "image.raw".to_owned(), size: 7, sha256: None }],
            parents: vec![parent.clone()],
            ..build_of(asked, run, component)
        };
        service.ingest(&ada, &record).await.unwrap();
        service.confirm(&ada, &record.key()).await.unwrap();
    }
    let selector = |name: &str| IterationSelector::Fingerprint(fingerprint(name));
    let web_server = bucket("web-server");
    service.complete_iteration(&ada, &web_server, &selector("release-3"), "west is broken").await.unwrap();
    service.assign_channel(&ada, &web_server, &channel("production"), &selector("release-1")).await.unwrap();
    // Deleted since.
    service.ingest(&ada, &build_of("release-5", 8, "east")).await.unwrap();
    service.confirm(&ada, &build_of("release-5", 8, "east").key()).await.unwrap();
    service.delete_iteration(&ada, &web_server, &selector("release-5"), true).await.unwrap();
    service.assign_channel(&ada, &web_server, &channel("canary"), &selector("release-1")).await.unwrap();
    service.delete_channel(&ada, &web_server, &channel("canary")).await.unwrap();
    service.run_task(&ada).await.unwrap();
    let version = NewEnforcedVersion {
        name: EnforcedVersionName::parse("v1").unwrap(),
        content: "provisioner \"shell\" {}".to_owned(),
        template_type: None,
        description: String::new(),
    };
    let block = EnforcedBlockName::parse("harden").unwrap();
    let (block, version) = service.create_enforced_block(&ada, &block, &Labels::new(), version).await.unwrap();
    service.link_enforced_version(&ada, &block.id, &version.id, Some([web_server.clone()].into())).await.unwrap();
    let waiting = selector("release-4");
    service.assign_when_complete(&ada, &web_server, &channel("production"), &waiting).await.unwrap();
    let west = NewBuild { component_type: component_type("west"), update: BuildUpdate::default() };
    let west = service.create_build(&ada, &web_server, &waiting, west).await.unwrap();
    let package = NewPackage { name: "openssl".to_owned(), version: "3.0.1".to_owned(), purl: String::new() };
    let compressed = vec![0, 159, 146, 150];
    let sbom = NewSbom { name: None, format: SbomFormat::Spdx, compressed, size: 7, packages: vec![package] };
    service.upload_sbom(&ada, &web_server, &waiting, &west.id, sbom).await.unwrap();
    let later = Some(Timestamp(NOON.0 + 1000));
    let order =
        RevocationOrder { revoke_at: later, message: "CVE-2026-1".to_owned(), descends: true, rolls_back: true };
    service.revoke_iteration(&ada, &web_server, &selector("release-1"), order).await.unwrap();

    let owner = service.bootstrap_owner().await.unwrap().unwrap();
    service.create_project(&ada, &ProjectName::parse("other").unwrap()).await.unwrap();
    let issuer = Issuer::parse("https://gitlab.example.com", Loopback::Https).unwrap();
    let condition = Condition { claim: "sub".to_owned(), pattern: Pattern::parse("acme").unwrap() };
    let rule = IdentityRule::new(issuer, "registry", vec![condition]).unwrap();
    service.add_identity_rule(&ada, &owner.principal.id, &rule).await.unwrap();
    service.signing_keys().await.unwrap();
}

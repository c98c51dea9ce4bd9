//! A registry that is served: a process of ours with a data folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use packer_plugin_registry::config::{ClientCredentials, CredentialSource, ServerAccess};
use packer_plugin_registry::model::Secret;
use serde_json::Value;
use tempfile::TempDir;

use super::peers;
use super::ran::Ran;
use super::ready::ready;
use super::sandbox::Sandbox;

/// A server that can be killed and started again on the same data and the same address.
pub(crate) struct Server {
    data: TempDir,
    database: Option<String>,
    environment: Vec<(&'static str, String)>,
    /// The folder in which it has a disk of its own.
    disk: Option<PathBuf>,
    address: String,
    url: String,
    ca_file: PathBuf,
    process: Option<Child>,
}

impl Server {
    /// On the SQLite file of its data folder, or on `database`.
    pub(crate) fn start(database: Option<&str>) -> Self {
        Self::start_with(database, Vec::new())
    }

    /// The same, with further variables in its environment.
    pub(crate) fn start_with(database: Option<&str>, environment: Vec<(&'static str, String)>) -> Self {
        Self::start_in(database, environment, None)
    }

    /// On a SQLite file on a disk of two megabytes in `folder`, which nobody else sees.
    pub(crate) fn start_on_disk(folder: &Path) -> Self {
        let database = format!("sqlite:{}", folder.join("registry.db").display());
        Self::start_in(Some(&database), Vec::new(), Some(folder.to_owned()))
    }

    fn start_in(database: Option<&str>, environment: Vec<(&'static str, String)>, disk: Option<PathBuf>) -> Self {
        let mut server = Self {
            data: tempfile::tempdir().expect("a folder can be made"),
            database: database.map(ToOwned::to_owned),
            environment,
            disk,
            address: "127.0.0.1:0".to_owned(),
            url: String::new(),
            ca_file: PathBuf::new(),
            process: None,
        };
        server.start_again();
        server
    }

    /// Starts it where it was before.
    pub(crate) fn start_again(&mut self) {
        let ready_file = self.data.path().join("ready.json");
        let _ = fs::remove_file(&ready_file);
        let log = fs::File::create(self.log_file()).expect("a file can be made");
        let mut command = match &self.disk {
            None => Command::new(peers::REGISTRY),
            Some(folder) => {
                let script = r#"mount -t tmpfs -o size=2m none "$0" && exec "$@""#;
                let mut command = Command::new("unshare");
                command.args(["--map-root-user", "--mount", "sh", "-c", script]).arg(folder).arg(peers::REGISTRY);
                command
            }
        };
        command.env_clear().envs(self.environment.clone()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.args(["serve", "--listen", &self.address]).arg("--data").arg(self.data.path());
        command.arg("--ready-file").arg(&ready_file);
        if let Some(database) = &self.database {
            command.arg("--database").arg(database);
        }
        let mut process = command.spawn().expect("the server runs");
        let ready = ready(&mut process, &ready_file, &self.log_file());
        let text = |key: &str| ready[key].as_str().expect("a text").to_owned();
        self.address = text("address");
        self.url = text("url");
        // Without TLS, there is none.
        self.ca_file = ready["ca_file"].as_str().unwrap_or_default().into();
        self.process = Some(process);
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it can be killed");
            process.wait().expect("it can be waited for");
        }
    }

    /// Two that start at the same moment on one database, as one owner's: only one of them is told who that is.
    pub(crate) fn start_two(database: &str) -> [Self; 2] {
        let start = || Self::start(Some(database));
        let servers = std::thread::scope(|scope| {
            [scope.spawn(start), scope.spawn(start)].map(|server| server.join().expect("a server starts"))
        });
        let [one, other] = [0, 1].map(|nth: usize| servers[nth].owner_file());
        assert_ne!(one.exists(), other.exists(), "there is one owner");
        let (from, to) = if one.exists() { (one, other) } else { (other, one) };
        fs::copy(from, to).expect("a file can be copied");
        servers
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// `ADDRESS:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.as_ref().expect("it runs").id()
    }

    fn owner_file(&self) -> PathBuf {
        self.data.path().join("owner.json")
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// The file that it keeps its data in, unless it was given a database.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.data.path().join("registry.db")
    }

    fn log_file(&self) -> PathBuf {
        self.data.path().join("log")
    }

    /// What a client needs: the names and values of environment variables.
    pub(crate) fn variables(&self) -> [(&'static str, String); 4] {
        let owner = fs::read(self.owner_file()).expect("the owner's credentials are there");
        let owner: Value = serde_json::from_slice(&owner).expect("JSON");
        let text = |key: &str| owner[key].as_str().expect("a text").to_owned();
        [
            ("PACKER_REGISTRY_URL", self.url()),
            ("PACKER_REGISTRY_CLIENT_ID", text("client_id")),
            ("PACKER_REGISTRY_CLIENT_SECRET", text("client_secret")),
            ("PACKER_REGISTRY_CA_FILE", self.ca_file.display().to_string()),
        ]
    }

    /// The same, for a client in this process.
    pub(crate) fn access(&self) -> ServerAccess {
        let [_, (_, id), (_, secret), (_, ca_file)] = self.variables();
        let credentials = CredentialSource::Client(ClientCredentials { id, secret: Secret::new(secret) });
        ServerAccess { ca_file: Some(ca_file.into()), credentials, ..ServerAccess::default() }
    }

    /// `database` of its database.
    pub(crate) fn database(&self, command: &str) -> Ran {
        let mut database = Command::new(peers::REGISTRY);
        database.env_clear().args(["database", command, "--data"]).arg(self.data.path());
        if let Some(url) = &self.database {
            database.arg("--database").arg(url);
        }
        database.output().expect("the command line runs").into()
    }

    /// `sandbox`, whose builds and commands use this server.
    pub(crate) fn used_by(&self, sandbox: Sandbox) -> Sandbox {
        self.variables().iter().fold(sandbox, |sandbox, (name, value)| sandbox.with(name, value))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

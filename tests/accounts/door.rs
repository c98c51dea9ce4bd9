use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use packer_plugin_registry::backend;
use packer_plugin_registry::config::{Environment, RegistryUrl};
use packer_plugin_registry::model::SystemClock;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::peers::REGISTRY;
use crate::support::ran::Ran;
use crate::support::record::build;
use crate::support::server::Server;

/// A registry with one image in the bucket `web-server`, a home, and the variables that lead from there to it.
pub(super) struct Door {
    home: TempDir,
    variables: Vec<(&'static str, String)>,
    pub(super) server: Option<Server>,
}

impl Door {
    /// The file of this machine.
    pub(super) fn file() -> Self {
        let home = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", home.path().join("registry.db").display());
        Self::with_image(Self { home, variables: vec![("PACKER_REGISTRY_URL", url)], server: None })
    }

    /// A server, as its owner.
    pub(super) fn server() -> Self {
        Self::of(Server::start(None))
    }

    pub(super) fn of(server: Server) -> Self {
        let variables = server.variables().to_vec();
        Self::with_image(Self { home: tempfile::tempdir().unwrap(), variables, server: Some(server) })
    }

    pub(super) fn both() -> [Self; 2] {
        [Self::file(), Self::server()]
    }

    fn with_image(self) -> Self {
        let variables = self.variables.clone();
        let environment = Environment::from_lookup(|name| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| value.clone())
        });
        let url = RegistryUrl::parse(None, &environment).unwrap();
        let registry = backend::open(&url, &environment, Arc::new(SystemClock)).unwrap();
        let record = build(1, "amazon-ebs.east");
        registry.ingest(&record).unwrap();
        registry.confirm(&record.key()).unwrap();
        self
    }

    /// The same registry with other variables: those that are empty are not set.
    pub(super) fn command_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Command {
        let mut command = Command::new(REGISTRY);
        command.args(arguments).current_dir(self.home.path()).stdin(Stdio::null()).env_clear();
        command.env("HOME", self.home.path()).env("USER", "owner").envs(self.variables.clone());
        for (name, value) in variables {
            if value.is_empty() {
                command.env_remove(name)
            } else {
                command.env(name, value)
            };
        }
        command
    }

    pub(super) fn run_with(&self, variables: &[(&str, &str)], line: &str) -> Ran {
        self.command_with(variables, &words(line)).output().unwrap().into()
    }

    /// Runs a command line, written as a person writes it: words between spaces.
    pub(super) fn run(&self, line: &str) -> Ran {
        self.run_with(&[], line)
    }

    /// What a command line answers with `--json`.
    #[track_caller]
    pub(super) fn json(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} --json")).exits(0);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {}", ran.text))
    }

    /// A text in what a command line answers.
    #[track_caller]
    pub(super) fn text(&self, line: &str, key: &str) -> String {
        let answer = self.json(line);
        answer[key].as_str().unwrap_or_else(|| panic!("no {key} in {answer}")).to_owned()
    }

    /// Gives a principal a secret; answers the variables of whoever has it.
    pub(super) fn secret_of(&self, line: &str) -> [(&'static str, String); 2] {
        let made = self.json(&format!("principal secret create {line}"));
        let text = |key: &str| made[key].as_str().unwrap().to_owned();
        [("PACKER_REGISTRY_CLIENT_ID", text("client_id")), ("PACKER_REGISTRY_CLIENT_SECRET", text("client_secret"))]
    }

    pub(super) fn url(&self) -> String {
        self.variables[0].1.clone()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// Variables, as [`Door::run_with`] takes them.
pub(super) fn borrowed<'a>(variables: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    variables.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

use std::process::{Command, Stdio};

use packer_plugin_registry::backend::{GrpcBackend, Patience, Spool};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::peers::REGISTRY;
use crate::support::ran::Ran;
use crate::support::server::Server;

/// A machine with a home and variables, whose command line uses a server.
pub(super) struct Client {
    home: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Client {
    /// The owner's.
    pub(super) fn of(server: &Server) -> Self {
        Self { home: tempfile::tempdir().unwrap(), variables: server.variables().to_vec() }
    }

    /// Whoever has a secret that the owner makes for them.
    pub(super) fn with_secret_of(&self, principal: &str) -> Self {
        let made = self.json(&format!("principal secret create {principal}"));
        let text = |name: &str| made[name].as_str().unwrap();
        self.with_credentials(text("client_id"), text("client_secret"))
    }

    /// Whoever has these credentials.
    pub(super) fn with_credentials(&self, client_id: &str, client_secret: &str) -> Self {
        let mut variables = self.variables.clone();
        for (name, value) in &mut variables {
            match *name {
                "PACKER_REGISTRY_CLIENT_ID" => client_id.clone_into(value),
                "PACKER_REGISTRY_CLIENT_SECRET" => client_secret.clone_into(value),
                _ => {}
            }
        }
        Self { home: tempfile::tempdir().unwrap(), variables }
    }

    /// The same, who uses another server.
    pub(super) fn at(&self, server: &Server) -> Self {
        let [url, _, _, ca] = server.variables();
        let [_, id, secret, _] = self.variables.as_slice() else { panic!("they are four") };
        let variables = vec![url, id.clone(), secret.clone(), ca];
        Self { home: tempfile::tempdir().unwrap(), variables }
    }

    /// Runs a command line, written as a person writes it: words between spaces.
    pub(super) fn run(&self, line: &str) -> Ran {
        let mut command = Command::new(REGISTRY);
        command.args(line.split_whitespace()).current_dir(self.home.path()).stdin(Stdio::null());
        command.env_clear().env("HOME", self.home.path()).envs(self.variables.clone());
        command.output().unwrap().into()
    }

    /// What a command line answers with `--json`.
    #[track_caller]
    pub(super) fn json(&self, line: &str) -> Value {
        let ran = self.run(&format!("{line} --json")).exits(0);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {}", ran.text))
    }

    /// Where its builds leave what they cannot push.
    pub(super) fn spool(&self) -> Spool {
        Spool::open(self.home.path().join(".local/state/packer-plugin-registry/spool"))
            .meant_for(Some(self.variables[0].1.clone()))
    }
}

/// The owner's, in this process, who does not wait for long.
pub(super) fn backend(server: &Server) -> GrpcBackend {
    let patience = Patience { delivery: std::time::Duration::from_secs(1), ..Patience::default() };
    GrpcBackend::new(server.url(), server.access(), patience, || false)
}
